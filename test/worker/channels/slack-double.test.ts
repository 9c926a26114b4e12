/** The double of Slack in the runtime that the service runs in: what it signs, what it takes, and that it waits for nobody. */
import { expect, test } from 'vitest';
import { isFromSlack } from '../../../src/channels/slack/signature.ts';
import { SlackDouble } from '../../support/slack-double.ts';
import { SlackSender } from '../../support/slack-sender.ts';

const now = () => 1_790_000_000_000;
const place = { team: 'T0001', channel: 'C0001', user: 'U0001' };

test('it takes calls and signs deliveries in workerd', async () => {
  const { team, channel, user } = place;
  const channels = [{ id: channel, kind: 'public', users: [user] }] as const;
  const double = new SlackDouble({ now, workspaces: [{ team, token: 'xoxb-0001', channels }] });
  const sender = new SlackSender({ double, signingSecret: 'secret', now, team, service: 'https://reflection.example' });
  const { delivery, message } = sender.mention({ channel, user, text: 'Why?' });
  const request = delivery.request();
  const body = new Uint8Array(await request.arrayBuffer());
  expect(isFromSlack({ headers: request.headers, body }, 'secret', now())).toBe(true);
  const answer = await double.fetch('https://slack.com/api/chat.postMessage', {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-0001', 'content-type': 'application/json' },
    body: JSON.stringify({ channel, thread_ts: message.ts, text: 'So.' }),
  });
  expect(await answer.json()).toMatchObject({ ok: true, channel });
  expect(double.workspace(team).messages.inThread(channel, message.ts)).toHaveLength(2);
});
