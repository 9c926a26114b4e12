/** The sender signs as Discord does, sends what Discord sends, and does with the answer what Discord does. */
import { describe, expect, test } from 'vitest';
import { readInteraction } from '../../../src/channels/discord/payloads.ts';
import { isFromDiscord } from '../../../src/channels/discord/signature.ts';
import { DiscordDouble } from '../../support/discord-double.ts';
import { malformedBodies, places } from '../../support/discord-interactions.ts';
import { buttonsOf, DiscordSender, type Forgery, forgeries } from '../../support/discord-sender.ts';

const application = '1000000000000000000';
const [anna, ben] = ['1400000000000000004', '1400000000000000005'];
const quiet = { allowed_mentions: { parse: [] } };
const components = [{ type: 1, components: [{ type: 2, style: 4, label: 'Stop', custom_id: 'v1:stop:refl_1' }] }];

type Answer = (body: string, pass: (milliseconds: number) => void) => Response;

async function world(answer: Answer = () => Response.json({ type: 5 })) {
  let nowMs = 1_800_000_000_000;
  const now = () => nowMs;
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  const double = new DiscordDouble({ now, application, botToken: 'secret', channels: [] });
  const deliver = async (request: Request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    if (!(await isFromDiscord({ headers: request.headers, body }, sender.publicKey, now())))
      return new Response(null, { status: 401 });
    return answer(new TextDecoder().decode(body), pass);
  };
  const url = 'https://reflection.example/channels/discord/interactions';
  const sender: DiscordSender = await DiscordSender.create({ now, application, double, url, deliver });
  return { sender, double };
}

describe('what it sends', () => {
  test('is a ping', async () => {
    const { sender } = await world((body) => {
      expect(readInteraction(JSON.parse(body))).toEqual({ type: 'ping' });
      return Response.json({ type: 1 });
    });
    expect(await sender.send(sender.ping())).toMatchObject({ status: 200, failure: null });
  });

  test.each([
    ['guild', '1300000000000000001', false],
    ['guildOfBoth', '1300000000000000002', false],
    ['guildOfUser', '1300000000000000003', true],
    ['guildThatIsWary', '1300000000000000007', true],
    ['botMessages', null, false],
    ['botMessagesOfUser', null, true],
    ['groupMessages', null, true],
  ] as const)('is a question in %s', async (place, guild, isUserInstalled) => {
    const { sender } = await world();
    const options = { prompt: 'Why is the sky blue? 😀', tier: 'fast', private: true };
    const { interaction, failure } = await sender.send(sender.reflect(anna, places[place], options));
    expect(failure).toBeNull();
    expect(readInteraction(JSON.parse(JSON.stringify(interaction)))).toMatchObject({
      type: 'question',
      by: 'command',
      user: anna,
      text: options.prompt,
      tier: 'fast',
      isPrivate: true,
      isUserInstalled,
      place: { guild, channel: places[place].channel },
    });
  });

  test('is a message to reflect on', async () => {
    const { sender } = await world();
    const interaction = sender.reflectOn(anna, places.guild, 'The sky is green.');
    expect(readInteraction(interaction)).toMatchObject({ type: 'question', by: 'message', text: 'The sky is green.' });
  });

  test('is a click on a button that is there', async () => {
    const data = { ...quiet, content: '…', components, flags: 64 };
    const { sender, double } = await world(() => Response.json({ type: 4, data }));
    await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }));
    const [message] = double.messages.onlyFor(anna);
    if (!message) throw new Error('There is no message');
    expect(buttonsOf(message)).toEqual([{ label: 'Stop', customId: 'v1:stop:refl_1', isDisabled: false }]);
    const click = sender.click(anna, places.guild, message, 'v1:stop:refl_1');
    expect(readInteraction(click)).toMatchObject({ type: 'stop', run: 'refl_1', user: anna });
    expect(() => sender.click(anna, places.guild, message, 'v1:show:refl_1')).toThrow('no button');
    expect(() => sender.click(ben, places.guild, message, 'v1:stop:refl_1')).toThrow('no button');
  });

  test.each(Object.entries(malformedBodies))('is %s, well signed', async (_, body) => {
    const { sender, double } = await world(() => new Response(null, { status: 400 }));
    expect((await sender.sendText(body)).status).toBe(400);
    expect(double.calls).toEqual([]);
  });
});

describe('what it forges', () => {
  const names = Object.keys(forgeries).filter((name): name is Forgery => name in forgeries);

  test.each(names)('as %s is not from Discord', async (forgery) => {
    const { sender } = await world();
    const interaction = sender.reflect(anna, places.guild, { prompt: 'Why?' });
    expect((await sender.sendForged(interaction, forgery)).status).toBe(401);
    expect(await sender.send(interaction)).toMatchObject({ status: 200, failure: null });
  });
});

describe('an answer', () => {
  test('is taken once', async () => {
    const { sender, double } = await world();
    const interaction = sender.reflect(anna, places.guild, { prompt: 'Why?' });
    expect((await sender.send(interaction)).failure).toBeNull();
    expect((await sender.send(interaction)).failure).toBe('Interaction has already been acknowledged.');
    expect(double.messages.in(places.guild.channel)).toHaveLength(1);
  });

  test('of 202 leaves it to the callback route', async () => {
    const { sender } = await world(() => new Response(null, { status: 202 }));
    expect((await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }))).failure).toBeNull();
  });

  const late: Answer = (_, pass) => {
    pass(3_001);
    return Response.json({ type: 5 });
  };
  const failures: readonly (readonly [string, Answer, string])[] = [
    ['comes too late', late, 'Unknown interaction'],
    ['is no JSON', () => new Response('{"type":5}'), 'content of type text/plain;charset=UTF-8'],
    ['is an error', () => new Response(null, { status: 500 }), 'status 500'],
    [
      'is too long',
      () => Response.json({ type: 4, data: { ...quiet, content: 'x'.repeat(2_001) } }),
      'Invalid Form Body',
    ],
    ['could ping', () => Response.json({ type: 4, data: { content: 'Yes.' } }), 'Invalid Form Body'],
  ];

  test.each(failures)('that %s fails', async (_, answer, failure) => {
    const { sender, double } = await world(answer);
    expect((await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }))).failure).toBe(failure);
    expect(double.messages.in(places.guild.channel)).toEqual([]);
  });
});
