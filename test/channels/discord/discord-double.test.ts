/** The double of Discord takes what Discord takes, and refuses what it refuses. Every limit has a call on either side of it, and names where it is documented. */
import { describe, expect, test } from 'vitest';
import { commands } from '../../../src/channels/discord/commands.ts';
import { DiscordDouble, type DiscordSetting } from '../../support/discord-double.ts';
import { type AskedIn, clickInteraction, places, reflectInteraction } from '../../support/discord-interactions.ts';
import { commandLimits } from './command-limits.ts';
import { messageLimits } from './message-limits.ts';

const application = '1000000000000000000';
const anna = '1400000000000000004';
const quiet = { allowed_mentions: { parse: [] } };
const saying = (content: string) => ({ content, ...quiet });
const { channel } = places.guild;
const hookCall = { 'user-agent': 'DiscordBot (https://example.com, 1.0)' };
const botCall = { ...hookCall, authorization: 'Bot secret' };

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function world(setting: Partial<DiscordSetting> = {}) {
  let nowMs = 1_800_000_000_000;
  const now = () => nowMs;
  const double = new DiscordDouble({ now, application, botToken: 'secret', channels: [channel], ...setting });
  const call = async (path: string, { method = 'POST', body, headers = botCall, signal }: Call = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers: { ...content, ...headers }, ...(body === undefined ? {} : { body: text }) };
    const request = new Request(`https://discord.com/api/v10${path}`, { ...init, ...(signal && { signal }) });
    const response = await double.fetch(request);
    const said = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text: said,
      json: isJson ? JSON.parse(said) : undefined,
    };
  };
  let ids = 0;
  const asked = (place: AskedIn = places.guild) => {
    const id = `11000000000000000${++ids}`;
    const interaction = reflectInteraction(
      { application, id, token: `token${ids}`, user: anna, place },
      { prompt: 'Why?' },
    );
    double.send(interaction);
    return interaction;
  };
  const deferred = (place?: AskedIn, flags = 0) => {
    const interaction = asked(place);
    double.answeredInline(interaction, { type: 5, data: { flags } });
    const hook = `/webhooks/${application}/${interaction.token}`;
    const original = `${hook}/messages/@original`;
    return { interaction, hook, original };
  };
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { double, call, asked, deferred, pass };
}

describe('a message', () => {
  test.each(messageLimits)('has $limit', async ({ passes, refused, code, error, source }) => {
    expect(source).toMatch(/^https:/);
    const { call, double } = world();
    expect(await call(`/channels/${channel}/messages`, { body: passes })).toMatchObject({ status: 200 });
    const answer = await call(`/channels/${channel}/messages`, { body: refused });
    expect(answer).toMatchObject({ status: 400, json: { code } });
    if (error !== undefined) expect(answer.text).toContain(error);
    expect(double.messages.in(channel)).toHaveLength(1);
  });

  test.each(messageLimits.filter(({ limit }) => !limit.includes('nonce') && !limit.includes('privacy')))(
    'that is edited, a follow-up or an inline answer has $limit',
    async ({ passes, refused, code }) => {
      const { call, deferred, asked, double } = world({ bucket: { most: 100, withinMs: 1_000 } });
      for (const [body, status] of [
        [passes, 200],
        [refused, 400],
      ] as const) {
        const { hook, original } = deferred();
        expect(await call(original, { method: 'PATCH', body })).toMatchObject({ status });
        if (status === 400)
          expect(await call(original, { method: 'PATCH', body: saying('…') })).toMatchObject({ status: 200 });
        expect(await call(hook, { body })).toMatchObject({ status });
      }
      double.answeredInline(asked(), { type: 4, data: passes });
      expect(() => double.answeredInline(asked(), { type: 4, data: refused })).toThrow(
        expect.objectContaining({ code }),
      );
    },
  );

  /** https://discord.com/developers/docs/resources/message#edit-message-json/form-params */
  test('that has shown components of the second kind shows no other again', async () => {
    const { call, deferred } = world();
    const { original } = deferred();
    const display = { ...quiet, flags: 1 << 15, components: [{ type: 10, content: 'Yes.' }] };
    expect(await call(original, { method: 'PATCH', body: saying('…') })).toMatchObject({ status: 200 });
    expect(await call(original, { method: 'PATCH', body: display })).toMatchObject({ status: 400 });
    expect(await call(original, { method: 'PATCH', body: { ...display, content: null } })).toMatchObject({
      status: 200,
    });
    expect(
      await call(original, { method: 'PATCH', body: { ...saying('No.'), components: [], flags: 0 } }),
    ).toMatchObject({
      status: 400,
    });
  });

  test('pings whom it may, at every text', async () => {
    const { call, deferred, double } = world();
    const { original, hook } = deferred();
    const content = '@everyone <@123> <@&456>';
    await call(original, { method: 'PATCH', body: saying(content) });
    await call(original, { method: 'PATCH', body: { content, allowed_mentions: { parse: ['users'] } } });
    await call(hook, { body: { content, allowed_mentions: { parse: ['everyone'], roles: ['456'] } } });
    const container = { type: 17, components: [{ type: 10, content: '<@789>' }] };
    await call(hook, { body: { components: [container], flags: 1 << 15, allowed_mentions: { parse: ['users'] } } });
    const pinged = double.messages.in(channel).map((message) => message.pinged);
    expect(pinged).toEqual([['123'], ['everyone', '456'], ['789']]);
  });
});

describe('the commands', () => {
  test.each(commandLimits)('have $limit', async ({ passes, refused, source }) => {
    expect(source).toMatch(/^https:/);
    const { call, double } = world();
    const path = `/applications/${application}/commands`;
    expect(await call(path, { method: 'PUT', body: passes })).toMatchObject({ status: 200 });
    const before = double.commands;
    expect(await call(path, { method: 'PUT', body: refused })).toMatchObject({ status: 400, json: { code: 50035 } });
    expect(double.commands).toBe(before);
  });

  test('of this service are taken', async () => {
    const { call, double } = world();
    expect(await call(`/applications/${application}/commands`, { method: 'PUT', body: commands })).toMatchObject({
      status: 200,
    });
    expect(double.commands.map(({ name }) => name)).toEqual(['reflect', 'Reflect on this', 'reflect-settings']);
    expect(await call('/applications/1/commands', { method: 'PUT', body: commands })).toMatchObject({ status: 403 });
  });
});

describe('a call', () => {
  const path = `/channels/${channel}/messages`;
  const body = saying('Yes.');

  /** https://discord.com/developers/docs/reference#user-agent */
  test.each(['node', '', 'DiscordBot', 'DiscordBot (example, 1.0)'])(
    'of the user agent %j is blocked',
    async (agent) => {
      const { call } = world();
      expect(await call(path, { body, headers: { ...botCall, 'user-agent': agent } })).toMatchObject({
        status: 403,
        json: { code: 40333 },
      });
      expect(await call(path, { body })).toMatchObject({ status: 200 });
    },
  );

  /** https://discord.com/developers/docs/reference#authentication */
  test('needs the bot’s token where there is none in the path', async () => {
    const { call, deferred } = world();
    const { original } = deferred();
    expect(await call(path, { body, headers: hookCall })).toMatchObject({ status: 401 });
    expect(await call(path, { body, headers: { ...hookCall, authorization: 'Bot other' } })).toMatchObject({
      status: 401,
    });
    expect(await call(original, { method: 'PATCH', body, headers: hookCall })).toMatchObject({ status: 200 });
  });

  /** https://discord.com/developers/docs/reference#http-api */
  test('is JSON, and says so', async () => {
    const { call } = world();
    expect(await call(path, { body, headers: { ...botCall, 'content-type': 'text/plain' } })).toMatchObject({
      status: 400,
      json: { code: 50035 },
    });
    expect(await call(path, { body: '{"content"' })).toMatchObject({ status: 400, json: { code: 50109 } });
  });

  test('to a path that is none finds nothing', async () => {
    const { call } = world();
    expect(await call('/channels', { body })).toMatchObject({ status: 404 });
    expect(await call(path, { method: 'DELETE' })).toMatchObject({ status: 404 });
  });

  /** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
  test('needs a channel that the bot is in', async () => {
    const { call, double } = world();
    const other = `/channels/${places.guildOfUser.channel}/messages`;
    expect(await call(other, { body })).toMatchObject({ status: 403, json: { code: 50001 } });
    expect(await call(path, { body })).toMatchObject({ status: 200 });
    double.leave(channel);
    expect(await call(path, { body })).toMatchObject({ status: 403, json: { code: 50001 } });
  });
});

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback */
describe('the first answer', () => {
  test('is in time for three seconds', () => {
    const { double, asked, pass } = world();
    const inTime = asked();
    const late = asked();
    pass(3_000);
    double.answeredInline(inTime, { type: 5 });
    pass(1);
    expect(() => double.answeredInline(late, { type: 5 })).toThrow(expect.objectContaining({ code: 10062 }));
  });

  test('is the only one', async () => {
    const { call, asked } = world();
    const { id, token } = asked();
    const path = `/interactions/${id}/${token}/callback`;
    expect(await call(path, { body: { type: 5 } })).toMatchObject({ status: 204 });
    expect(await call(path, { body: { type: 5 } })).toMatchObject({ status: 400, json: { code: 40060 } });
    expect(await call(`/interactions/1/${token}/callback`, { body: { type: 5 } })).toMatchObject({ status: 404 });
  });

  test('that defers has no flag but privacy', () => {
    const { double, asked } = world();
    double.answeredInline(asked(), { type: 5, data: { flags: 64 } });
    expect(() => double.answeredInline(asked(), { type: 5, data: { flags: 64 | (1 << 15) } })).toThrow(
      'Invalid Form Body',
    );
  });

  /** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal */
  test.each([
    ['custom_id', 'x'.repeat(100), 'x'.repeat(101)],
    ['title', 'x'.repeat(45), 'x'.repeat(46)],
    ['components', Array(5).fill({ type: 18 }), Array(6).fill({ type: 18 })],
  ])('that opens a form limits its %s', (field, passes, refused) => {
    const { double, asked } = world();
    const form = { custom_id: 'form', title: 'Why', components: [{ type: 18 }] };
    double.answeredInline(asked(), { type: 9, data: { ...form, [field]: passes } });
    expect(() => double.answeredInline(asked(), { type: 9, data: { ...form, [field]: refused } })).toThrow(
      'Invalid Form',
    );
  });

  test('to a click can be about its message, and to a command cannot', async () => {
    const { double, asked, call, deferred } = world();
    const { original } = deferred();
    const components = [{ type: 1, components: [{ type: 2, style: 4, label: 'Stop', custom_id: 'stop' }] }];
    await call(original, { method: 'PATCH', body: { ...saying('…'), components } });
    const message = double.messages.in(channel)[0];
    if (!message) throw new Error('There is no message');
    const origin = { application, id: '2', token: 'click', user: anna, place: places.guild };
    const click = clickInteraction(origin, double.messages.json(message), 'stop');
    double.send(click);
    double.answeredInline(click, { type: 7, data: { ...saying('Stopped.'), components: [] } });
    expect(double.messages.in(channel)).toMatchObject([
      { content: 'Stopped.', components: [], earlier: [{}, { content: '…' }] },
    ]);
    expect(() => double.answeredInline(asked(), { type: 7, data: saying('Stopped.') })).toThrow('Invalid Form Body');
    expect(() => double.answeredInline(asked(), { type: 1 })).toThrow('Invalid Form Body');
  });
});

/** https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages */
describe('the token of an interaction', () => {
  test('lives for fifteen minutes', async () => {
    const { call, deferred, pass } = world();
    const { original, hook } = deferred();
    pass(15 * 60_000);
    expect(await call(original, { method: 'PATCH', body: saying('Yes.') })).toMatchObject({ status: 200 });
    pass(1);
    for (const [path, method] of [
      [original, 'PATCH'],
      [original, 'GET'],
      [original, 'DELETE'],
      [hook, 'POST'],
    ] as const)
      expect(await call(path, { method, ...(method[0] === 'P' && { body: saying('Late.') }) })).toMatchObject({
        status: 401,
        json: { code: 50027 },
      });
  });

  /** https://github.com/discord/discord-api-docs/issues/6851 */
  test('is unknown before the first answer', async () => {
    const { call, asked, double } = world();
    const interaction = asked();
    const original = `/webhooks/${application}/${interaction.token}/messages/@original`;
    expect(await call(original, { method: 'GET' })).toMatchObject({ status: 404, json: { code: 10015 } });
    double.answeredInline(interaction, { type: 4, data: saying('Yes.') });
    expect(await call(original, { method: 'GET' })).toMatchObject({ status: 200, json: { content: 'Yes.' } });
    expect(await call(original.replace(application, '1'), { method: 'GET' })).toMatchObject({ status: 404 });
    expect(await call(original.replace(interaction.token, 'other'), { method: 'GET' })).toMatchObject({ status: 401 });
  });

  test('is good for its own messages alone', async () => {
    const { call, deferred } = world();
    const [first, second] = [deferred(), deferred()];
    await call(first.original, { method: 'PATCH', body: saying('First.') });
    const { json } = await call(first.hook, { body: saying('More.') });
    const more = `/messages/${json.id}`;
    expect(await call(`${first.hook}${more}`, { method: 'PATCH', body: saying('Less.') })).toMatchObject({
      status: 200,
    });
    expect(await call(`${second.hook}${more}`, { method: 'GET' })).toMatchObject({
      status: 404,
      json: { code: 10008 },
    });
    expect(await call(`${first.hook}${more}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await call(`${first.hook}${more}`, { method: 'GET' })).toMatchObject({ status: 404, json: { code: 10008 } });
  });

  /** https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message */
  test.each([
    ['guildOfUser', 400],
    ['botMessagesOfUser', 400],
    ['groupMessages', 400],
    ['guild', 200],
    ['guildOfBoth', 200],
  ] as const)('makes five follow-ups in %s, and the sixth is answered with %i', async (place, status) => {
    const { call, deferred } = world({ bucket: { most: 10, withinMs: 1_000 } });
    const { original, hook } = deferred(places[place]);
    await call(original, { method: 'PATCH', body: saying('Yes.') });
    for (const more of ['2', '3', '4', '5', '6'])
      expect(await call(hook, { body: saying(more) })).toMatchObject({ status: 200 });
    const sixth = await call(hook, { body: saying('7') });
    expect(sixth.status).toBe(status);
    if (status === 400) expect(sixth.json.code).toBe(40094);
  });

  test('turns a follow-up straight after a deferral into the answer', async () => {
    const { call, deferred, double } = world();
    const { hook } = deferred(places.guild, 64);
    expect(await call(hook, { body: saying('Yes.') })).toMatchObject({ status: 200 });
    expect(double.messages.onlyFor(anna)).toMatchObject([{ content: 'Yes.' }]);
    expect(await call(hook, { body: saying('More.') })).toMatchObject({ status: 200 });
    expect(double.messages.in(channel)).toMatchObject([{ content: 'More.' }]);
  });
});

describe('people see', () => {
  test('that the application is thinking, and then its answer', async () => {
    const { call, deferred, double } = world();
    const { original } = deferred();
    expect(double.messages.in(channel)).toMatchObject([{ isLoading: true, content: '' }]);
    expect(await call(original, { method: 'GET' })).toMatchObject({ json: { flags: 128 } });
    await call(original, { method: 'PATCH', body: saying('…') });
    await call(original, { method: 'PATCH', body: saying('Yes.') });
    const earlier = [{ content: '' }, { content: '…' }];
    expect(double.messages.in(channel)).toMatchObject([{ isLoading: false, content: 'Yes.', earlier }]);
  });

  test('alone what is for them alone', async () => {
    const { call, deferred, double } = world();
    const { original, hook } = deferred(places.guild, 64);
    const { json } = await call(original, { method: 'PATCH', body: saying('Yes.') });
    await call(hook, { body: { ...saying('More.'), flags: 64 } });
    expect(double.messages.in(channel)).toEqual([]);
    expect(double.messages.onlyFor(anna).map(({ content }) => content)).toEqual(['Yes.', 'More.']);
    expect(await call(`/channels/${channel}/messages/${json.id}`, { method: 'GET' })).toMatchObject({ status: 404 });
    expect(await call(`/channels/${channel}/messages`, { method: 'GET' })).toMatchObject({ json: [] });
  });

  /** https://discord.com/developers/docs/topics/permissions, USE_EXTERNAL_APPS */
  test('alone what their own application answers where others may not be used', async () => {
    const { call, deferred, double } = world();
    const { original, hook } = deferred(places.guildThatIsWary);
    expect(await call(original, { method: 'PATCH', body: saying('Yes.') })).toMatchObject({ json: { flags: 64 } });
    await call(hook, { body: saying('More.') });
    expect(double.messages.in(places.guildThatIsWary.channel)).toEqual([]);
    expect(double.messages.onlyFor(anna).map(({ content }) => content)).toEqual(['Yes.', 'More.']);
    await call(deferred(places.guildOfUser).original, { method: 'PATCH', body: saying('Yes.') });
    expect(double.messages.in(places.guildOfUser.channel)).toHaveLength(1);
  });

  test('no message that a moderator deleted, and no edit brings it back', async () => {
    const { call, deferred, double } = world();
    const { original } = deferred();
    const { json } = await call(original, { method: 'PATCH', body: saying('…') });
    double.messages.delete(json.id);
    expect(await call(original, { method: 'PATCH', body: saying('Yes.') })).toMatchObject({
      status: 404,
      json: { code: 10008 },
    });
    expect(double.messages.in(channel)).toEqual([]);
  });

  /** https://discord.com/developers/docs/resources/message#get-channel-messages */
  test('a channel’s messages in their order, and the bot reads them newest first', async () => {
    const { call, pass } = world();
    const path = `/channels/${channel}/messages`;
    const { json: first } = await call(path, { body: saying('1') });
    pass(10);
    await call(path, { body: saying('2') });
    const contents = async (query: string) =>
      (await call(`${path}${query}`, { method: 'GET' })).json.map(({ content }: { content: string }) => content);
    expect(await contents('')).toEqual(['2', '1']);
    expect(await contents('?limit=1')).toEqual(['2']);
    expect(await contents(`?after=${first.id}`)).toEqual(['2']);
    expect(await contents(`?before=${first.id}`)).toEqual([]);
    expect(await call(`${path}/${first.id}`, { method: 'PATCH', body: saying('one') })).toMatchObject({ status: 200 });
    expect(await contents('')).toEqual(['2', 'one']);
  });
});

/** https://discord.com/developers/docs/resources/message#create-message */
describe('a nonce', () => {
  const path = `/channels/${channel}/messages`;
  const once = { ...saying('Yes.'), nonce: 'refl_1', enforce_nonce: true };

  test('that is enforced gives the first message for a few minutes', async () => {
    const { call, double, pass } = world();
    const { json } = await call(path, { body: once });
    pass(3 * 60_000 - 1);
    expect(await call(path, { body: { ...once, content: 'Other.' } })).toMatchObject({
      status: 200,
      json: { id: json.id, content: 'Yes.' },
    });
    pass(1);
    expect((await call(path, { body: once })).json.id).not.toBe(json.id);
    expect(double.messages.in(channel)).toHaveLength(2);
  });

  test('that is not enforced does nothing', async () => {
    const { call, double } = world();
    for (const content of ['1', '2']) await call(path, { body: { ...once, content, enforce_nonce: false } });
    expect(double.messages.in(channel)).toHaveLength(2);
  });
});

/** https://discord.com/developers/docs/topics/rate-limits */
describe('calls', () => {
  test('are limited by route and webhook', async () => {
    const { call, deferred, pass } = world();
    const [first, second] = [deferred(), deferred()];
    const edit = (path: string) => call(path, { method: 'PATCH', body: saying('Yes.') });
    for (const remaining of ['4', '3', '2', '1', '0']) {
      const { headers } = await edit(first.original);
      expect(headers.get('x-ratelimit-remaining')).toBe(remaining);
      expect(headers.get('x-ratelimit-limit')).toBe('5');
    }
    pass(500);
    const refused = await edit(first.original);
    expect(refused).toMatchObject({ status: 429, json: { retry_after: 1.5, global: false } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await edit(second.original)).toMatchObject({ status: 200 });
    expect(await call(first.original, { method: 'GET' })).toMatchObject({ status: 200 });
    pass(1_500);
    expect(await edit(first.original)).toMatchObject({ status: 200 });
  });

  test('are limited to fifty a second, but those of interactions', async () => {
    const { call, deferred } = world({ bucket: { most: 1_000, withinMs: 1_000 } });
    const { original } = deferred();
    const list = () => call(`/channels/${channel}/messages`, { method: 'GET' });
    for (let sent = 0; sent < 50; sent++) expect((await list()).status).toBe(200);
    const refused = await list();
    expect(refused).toMatchObject({ status: 429, json: { global: true } });
    expect(refused.headers.get('x-ratelimit-scope')).toBe('global');
    expect(await call(original, { method: 'GET' })).toMatchObject({ status: 200 });
  });

  /** https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans */
  test('lead to a ban after ten thousand refusals in ten minutes', async () => {
    const { call, double, pass } = world();
    const refused = { method: 'GET', headers: hookCall };
    for (let sent = 0; sent < 9_999; sent++) await call(`/channels/${channel}/messages`, refused);
    expect(await call(`/channels/${channel}/messages`, { method: 'GET' })).toMatchObject({ status: 200 });
    expect(double.isBanned).toBe(false);
    await call(`/channels/${channel}/messages`, refused);
    const { status, json, text, headers } = await call(`/channels/${channel}/messages`, { method: 'GET' });
    expect({ status, json, retryAfter: headers.get('retry-after') }).toEqual({
      status: 429,
      json: undefined,
      retryAfter: null,
    });
    expect(text).toContain('1015');
    pass(10 * 60_000);
    expect(await call(`/channels/${channel}/messages`, { method: 'GET' })).toMatchObject({ status: 200 });
  });
});

describe('on demand', () => {
  const route = 'PATCH /webhooks/:app/:token/messages/@original';
  const edit = (content: string) => ({ method: 'PATCH', body: saying(content) });
  const secondCall = (fault: NonNullable<DiscordSetting['faults']>[number]['fault']) =>
    world({ faults: [{ route, call: 2, fault }] });
  const content = ({ double }: ReturnType<typeof world>) => double.messages.in(channel)[0]?.content;

  test.each([
    ['before', 'one', null],
    ['after', 'two', 200],
  ] as const)('a call fails %s it was accepted', async (when, seen, status) => {
    const fault = { type: 'error', status: 500, when } as const;
    const failing = secondCall(fault);
    const { original } = failing.deferred();
    expect(await failing.call(original, edit('one'))).toMatchObject({ status: 200 });
    expect(await failing.call(original, edit('two'))).toMatchObject({ status: 500, json: undefined });
    expect(content(failing)).toBe(seen);
    expect(failing.double.calls.map((one) => [one.route, one.status, one.fault])).toEqual([
      [route, 200, null],
      [route, status, fault],
    ]);
    expect(await failing.call(original, edit('three'))).toMatchObject({ status: 200 });
  });

  test.each([
    ['before', 'one'],
    ['after', 'two'],
  ] as const)('a connection breaks %s it was accepted', async (when, seen) => {
    const failing = secondCall({ type: 'reset', when });
    const { original } = failing.deferred();
    await failing.call(original, edit('one'));
    await expect(failing.call(original, edit('two'))).rejects.toThrow('fetch failed');
    expect(content(failing)).toBe(seen);
  });

  test('a call is never answered, until its caller gives up', async () => {
    const failing = secondCall({ type: 'silence', when: 'after' });
    const { original } = failing.deferred();
    await failing.call(original, edit('one'));
    const leaving = new AbortController();
    const asked = failing.call(original, { ...edit('two'), signal: leaving.signal });
    leaving.abort(new Error('given up'));
    await expect(asked).rejects.toThrow('given up');
    expect(content(failing)).toBe('two');
  });

  test.each(['user', 'shared', 'global'] as const)('the limit of scope %s is reached', async (scope) => {
    const failing = secondCall({ type: 'rate limit', afterMs: 1_200, scope });
    const { original } = failing.deferred();
    await failing.call(original, edit('one'));
    const { status, json, headers } = await failing.call(original, edit('two'));
    expect([status, json.retry_after, json.global]).toEqual([429, 1.2, scope === 'global']);
    expect([headers.get('retry-after'), headers.get('x-ratelimit-scope')]).toEqual(['2', scope]);
    expect(content(failing)).toBe('one');
  });

  test.each([403, 429] as const)('Cloudflare answers with %i and a page', async (status) => {
    const failing = secondCall({ type: 'block page', status });
    const { original } = failing.deferred();
    await failing.call(original, edit('one'));
    const refused = await failing.call(original, edit('two'));
    expect([refused.status, refused.json, refused.headers.get('retry-after')]).toEqual([status, undefined, null]);
    expect(refused.text).toContain('1015');
  });
});
