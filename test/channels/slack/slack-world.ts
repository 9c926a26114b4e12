/** A Slack with one workspace and a clock that only moves when it is told to. */
import { SlackDouble, type SlackDoubleSetup } from '../../support/slack-double.ts';
import { factsOf, isSlackMethod } from '../../support/slack-methods.ts';

export const team = 'T0001';
export const channel = 'C0001';
export const directChannel = 'D0001';
export const user = 'U0001';
export const token = 'xoxb-0001';

/** Epoch milliseconds. */
const start = 1_790_000_000_000;

export function slackWorld(change: Partial<SlackDoubleSetup> = {}) {
  const clock = { now: start };
  const double = new SlackDouble({
    now: () => clock.now,
    workspaces: [
      {
        team,
        token,
        channels: [
          { id: channel, kind: 'public', users: [user, 'U0002'] },
          { id: 'C0002', kind: 'public', users: [user], member: false },
          { id: 'C0003', kind: 'public', users: [user], archived: true },
          { id: 'G0001', kind: 'private', users: [user], member: false },
          { id: directChannel, kind: 'im', users: [user] },
        ],
      },
    ],
    ...change,
  });
  const send = (
    method: string,
    given: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ) => double.fetch(requestOf(method, given, { authorization: `Bearer ${token}`, ...headers }));
  const call = async (
    method: string,
    given: Readonly<Record<string, unknown>> = {},
  ): Promise<Record<string, unknown>> => {
    const response = await send(method, given);
    return await response.json();
  };
  return { clock, double, send, call, messages: double.workspace(team).messages };
}

/** As JSON where the method takes it, and as a form otherwise. */
function requestOf(
  method: string,
  given: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
) {
  const url = `https://slack.com/api/${method}`;
  const isForm = isSlackMethod(method) && factsOf(method).body === 'form';
  if (!isForm) {
    const all = { 'content-type': 'application/json; charset=utf-8', ...headers };
    return new Request(url, { method: 'POST', headers: all, body: JSON.stringify(given) });
  }
  const body = new URLSearchParams(Object.entries(given).map(([name, value]) => [name, String(value)])).toString();
  const all = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
  return new Request(url, { method: 'POST', headers: all, body });
}
