/** This service's side of the Slack double: calls with a clock that moves while somebody waits. */
import { SlackApi, type SlackApiTools } from '../../../src/channels/slack/api.ts';
import type { LogEntry } from '../../../src/errors.ts';
import { type slackWorld, token } from './slack-world.ts';

export type SlackWorld = ReturnType<typeof slackWorld>;

/** `fetch` and time limits: a call that is not answered ends by its limit, which takes its time by the clock. */
function patience({ clock, double }: SlackWorld): Pick<SlackApiTools, 'fetch' | 'timeout'> {
  const answered = new WeakSet<AbortSignal>();
  return {
    fetch: async (url, init) => {
      try {
        return await double.fetch(url, init);
      } finally {
        if (init.signal) answered.add(init.signal);
      }
    },
    timeout: (milliseconds) => {
      const controller = new AbortController();
      const end = () => {
        if (answered.has(controller.signal)) return;
        clock.now += milliseconds;
        controller.abort(new DOMException('too late', 'TimeoutError'));
      };
      setTimeout(end, 5);
      return controller.signal;
    },
  };
}

export function slackApi(world: SlackWorld, change: Partial<SlackApiTools> = {}) {
  const logged: LogEntry[] = [];
  const tools: SlackApiTools = {
    ...patience(world),
    url: 'https://slack.com/api',
    token: async () => token,
    log: (entry) => logged.push(entry),
    ...change,
  };
  return { api: new SlackApi(tools), tools, logged };
}
