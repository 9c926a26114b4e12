/** Every way in which a call to Discord can end, told apart by what may be done next. */
import { describe, expect, test } from 'vitest';
import { DiscordApi, type DiscordApiTools } from '../../../src/channels/discord/api.ts';
import { DiscordDouble } from '../../support/discord-double.ts';
import type { Fault } from '../../support/discord-faults.ts';
import { places, reflectInteraction } from '../../support/discord-interactions.ts';

const application = '1000000000000000000';
const { channel } = places.guild;
const message = { content: 'Yes. @everyone <@1400000000000000004>', components: [] };

function world(part: Partial<DiscordApiTools> = {}, faults: readonly Fault[] = []) {
  const route = 'PATCH /webhooks/:app/:token/messages/@original';
  const double = new DiscordDouble({
    now: () => 1_800_000_000_000,
    application,
    botToken: 'secret',
    channels: [channel],
    faults: faults.map((fault, index) => ({ route, call: index + 1, fault })),
  });
  const requests: Request[] = [];
  const api = new DiscordApi({
    fetch: (url, init) => {
      const request = new Request(url, init);
      requests.push(request.clone());
      return double.fetch(request);
    },
    timeout: () => new AbortController().signal,
    chance: () => 0.5,
    url: 'https://discord.com/api/v10',
    botToken: 'secret',
    ...part,
  });
  const ticket = { application, id: '1100000000000000001', token: 'aW50.to-ken_' };
  const interaction = reflectInteraction(
    { ...ticket, user: '1400000000000000004', place: places.guild },
    { prompt: 'Why?' },
  );
  double.send(interaction);
  double.answeredInline(interaction, { type: 5 });
  return { double, api, ticket, requests };
}

const answering = (status: number, body: string, headers: Record<string, string> = {}) => ({
  fetch: () => Promise.resolve(new Response(body, { status, headers })),
});

test.each(['{"message": "401: Unauthorized", "code": 0}', ''])(
  'an interaction is answered by its own token where the bot’s is refused (%j)',
  async (words) => {
    const sent: (string | null)[] = [];
    const { api, ticket } = world({
      fetch: async (_, init) => {
        const authorization = new Headers(init.headers).get('authorization');
        sent.push(authorization);
        return authorization === null ? Response.json({ id: '1' }) : new Response(words, { status: 401 });
      },
    });
    expect(await api.editOriginal(ticket, message)).toMatchObject({ type: 'done' });
    expect(await api.followUp(ticket, message, 0)).toMatchObject({ type: 'done' });
    expect(sent).toEqual(['Bot secret', null, 'Bot secret', null]);
    expect(await api.post(channel, message, 'n')).toMatchObject({ type: 'refused' });
    expect(sent).toHaveLength(5);
  },
);

describe('a call', () => {
  test.each([
    [{ type: 'error', status: 500, when: 'before' }, { type: 'unknown' }],
    [{ type: 'error', status: 503, when: 'after' }, { type: 'unknown' }],
    [{ type: 'silence', when: 'after' }, { type: 'unknown' }],
    [{ type: 'reset', when: 'before' }, { type: 'unknown' }],
    [
      { type: 'rate limit', afterMs: 1_200, scope: 'user' },
      { type: 'later', retryAfterMs: 1_200 },
    ],
    [
      { type: 'block page', status: 429 },
      { type: 'later', retryAfterMs: 22_500 },
    ],
    [
      { type: 'block page', status: 403 },
      { type: 'later', retryAfterMs: 22_500 },
    ],
  ] as const satisfies readonly (readonly [Fault, object])[])('with %j ends as %j', async (fault, result) => {
    const { api, ticket } = world({ timeout: () => AbortSignal.timeout(20) }, [fault]);
    expect(await api.editOriginal(ticket, message)).toEqual(result);
  });

  test.each([
    [404, '{"code":10008,"message":"Unknown Message"}', { type: 'refused', error: '10008' }],
    [401, '{"code":50027,"message":"Invalid Webhook Token"}', { type: 'refused', error: '50027' }],
    [403, '{"code":50013,"message":"Missing Permissions"}', { type: 'refused', error: '50013' }],
    [403, '{"code":40333,"message":"internal network error"}', { type: 'later', retryAfterMs: 22_500 }],
    [413, 'too large', { type: 'refused', error: '413' }],
    [429, '{"message":"You are being rate limited."}', { type: 'later', retryAfterMs: 22_500 }],
    [400, 'null', { type: 'refused', error: '400' }],
    [302, '', { type: 'unknown' }],
    [200, '{"id":"1100000000000000002', { type: 'unknown' }],
    [200, '[]', { type: 'unknown' }],
  ])('that is answered with %i and %s ends as %j', async (status, body, result) => {
    const { api, ticket } = world(answering(status, body));
    expect(await api.editOriginal(ticket, message)).toEqual(result);
  });

  test('that is limited without JSON comes back when the header says', async () => {
    const { api, ticket } = world(answering(429, 'slow down', { 'retry-after': '7' }));
    expect(await api.editOriginal(ticket, message)).toEqual({ type: 'later', retryAfterMs: 7_000 });
  });

  test('whose answer breaks off has an unknown end', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
    const { api, ticket } = world({ fetch: () => Promise.resolve(new Response(broken)) });
    expect(await api.editOriginal(ticket, message)).toEqual({ type: 'unknown' });
  });

  test('shows the bot’s token where there is one', async () => {
    const one = world();
    const other = world({ botToken: null });
    await one.api.editOriginal(one.ticket, message);
    expect(await other.api.editOriginal(other.ticket, message)).toMatchObject({ type: 'done' });
    expect(one.requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bot secret']);
    expect(other.requests.map(({ headers }) => headers.get('authorization'))).toEqual([null]);
    expect([one.api.hasBot, other.api.hasBot]).toEqual([true, false]);
  });
});

test('what is written pings nobody, however it is written', async () => {
  const { api, ticket, double } = world();
  await api.editOriginal(ticket, message);
  await api.followUp(ticket, message, 0);
  const posted = await api.post(channel, message, 'nonce');
  expect(await api.post(channel, message, 'nonce')).toEqual(posted);
  if (posted.type !== 'done') throw new Error('It was not posted');
  await api.editPosted(channel, posted.answer.id, message);
  const seen = double.messages.in(channel);
  expect(seen.map(({ content, pinged }) => ({ content, pinged }))).toEqual(
    Array.from({ length: 3 }, () => ({ content: message.content, pinged: [] })),
  );
  const listed = await api.list(channel, '1100000000000000001');
  expect(listed.type === 'done' && listed.answer.map(({ id }) => id).toSorted()).toEqual(seen.map(({ id }) => id));
});
