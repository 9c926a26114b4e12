/** An answer is shown once in Discord, or refused aloud: whatever goes wrong, at whichever call, and wherever everything is lost. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { runErrorOf } from '../../../src/reflection/ending.ts';
import type { Reflection } from '../../../src/reflection/record.ts';
import { places } from '../../support/discord-interactions.ts';
import type { SeenMessage } from '../../support/discord-messages.ts';
import { buttonsOf } from '../../support/discord-sender.ts';
import { confirmed, critiqueText, editText, preferB, request, run, tools } from '../../support/reflections.ts';
import { scriptedModel } from '../../support/scripted-model.ts';
import { DiscordWorld, faultKinds, partsOf, placesOfFaults, type WorldSetting } from './discord-world.ts';

const draft = 'The sky is blue because it mirrors the sea.';
const script = {
  draft: `<answer>${draft}</answer>`,
  critique: critiqueText('revise', [{ quote: 'it mirrors the sea', problem: 'It does not mirror the sea.' }]),
  confirm: confirmed,
  revision: editText(['it mirrors the sea', 'air scatters blue light most']),
  judge: preferB,
};
const told = await run(request({ strategy: 'always', include: ['draft', 'diff'] }), tools(scriptedModel(script)));
const short = told.record;

/** In parts that differ, with fences that no cut may leave open. */
const longText = Array.from(
  { length: 7 },
  (_, index) =>
    `Paragraph ${index}: ${`word${index} `.repeat(110)}\n\n\`\`\`ts\n${`line(${index});\n`.repeat(30)}\`\`\``,
).join('\n\n');
const long: Reflection = { ...short, output: longText };
const failedRun: Reflection = {
  ...short,
  status: 'failed',
  output: '',
  error: runErrorOf(new AppError('upstream_failed', 'lost')),
};

const minute = 60_000;

interface Scenario extends WorldSetting {
  readonly record: Reflection;
  /** From the end of the run to the first try. */
  readonly lateMs?: number;
  /** Nobody can be told once the token is over. */
  readonly isLostLate?: boolean;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'a short answer': { record: short },
  'a run that failed': { record: failedRun },
  'a long answer': { record: long },
  'a long private answer': { record: long, isPrivate: true, isLostLate: true },
  'a long answer where only a user has installed it': { record: long, place: places.guildOfUser, isLostLate: true },
  'an answer in private messages': { record: short, place: places.botMessages, isLostLate: true },
  'a late answer': { record: short, lateMs: 16 * minute },
  'a long late answer': { record: long, lateMs: 16 * minute },
};
const waits = { 'at once': 1_000, 'after four minutes': 4 * minute, 'after a quarter of an hour': 16 * minute };

async function ended(scenario: Scenario, waitMs: number, change: WorldSetting = {}): Promise<DiscordWorld> {
  const world = new DiscordWorld({ ...scenario, ...change });
  if ((await world.showProgress(told.log)) === 'lost') await world.showProgress(told.log);
  world.pass(scenario.lateMs ?? 0);
  const { type } = await world.deliverInTheEnd(scenario.record, waitMs);
  assertShownOnce(world, scenario, type);
  return world;
}

/** The first part stands once, no part twice, and the first message has a button to every part that is missing. */
function assertShownOnce(world: DiscordWorld, { record, isLostLate = false }: Scenario, type: string): void {
  const times = world.timesShown(record);
  const { seen } = world;
  for (const { pinged } of seen) expect(pinged).toEqual([]);
  if (world.isPrivate) expect(world.double.messages.in(world.place.channel)).toEqual([]);
  const isLost = type === 'refused';
  if (isLost) {
    expect(isLostLate).toBe(true);
    expect(world.log.map(({ event }) => event)).toContain('discord.answer_refused');
    expect(times.filter((count) => count > 1)).toEqual([]);
    return;
  }
  expect(times[0]).toBe(1);
  expect(times.filter((count) => count > 1)).toEqual([]);
  const shown = times.filter((count) => count === 1).length;
  const first = seen.find(({ content }) => content.includes(partsOf(record)[0] ?? ''));
  const rest = first && restOf(first);
  if (shown < times.length) {
    const offered = readable(record, rest ?? Number.POSITIVE_INFINITY);
    for (const [part, count] of times.entries()) if (count === 0) expect(offered).toContain(part);
  }
}

/** At which part "Show the rest" begins. */
function restOf(message: SeenMessage): number | undefined {
  const id = buttonsOf(message).find(({ label }) => label === 'Show the rest')?.customId;
  const part = /^v1:rest\.(\d+):refl_test$/.exec(id ?? '')?.[1];
  return part === undefined ? undefined : Number(part);
}

/** The parts that whoever clicks gets to read. */
function readable(record: Reflection, from: number): number[] {
  return [...partsOf(record).keys()].filter((part) => part >= from);
}

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  test('is shown as it is', async () => {
    const world = await ended(scenario, 1_000);
    expect(world.double.calls.filter(({ status }) => status !== 200)).toEqual([]);
    expect(world.seen.flatMap((message) => buttonsOf(message).filter(({ label }) => label === 'Stop'))).toEqual([]);
  });

  test.each(
    Object.entries(faultKinds).flatMap(([name, fault]) =>
      Object.entries(waits).map(([wait, ms]) => ({ name, fault, wait, ms })),
    ),
  )('is shown once after $name at any call, tried again $wait', async ({ fault, ms }) => {
    const places = placesOfFaults(await ended(scenario, 1_000));
    for (const place of places) await ended(scenario, ms, { faults: [{ ...place, fault }] });
  });

  test.each([
    ['at once', waits['at once']],
    ['after a quarter of an hour', waits['after a quarter of an hour']],
  ] as const)('is shown once after a loss at any step, tried again %s', async (_, ms) => {
    const { steps } = await ended(scenario, 1_000);
    for (let lossAt = 1; lossAt <= steps; lossAt++) await ended(scenario, ms, { lossAt });
  });

  test('is shown once with notes that nobody can read', async () => {
    const world = new DiscordWorld(scenario);
    world.pass(scenario.lateMs ?? 0);
    world.notes = '{"version":7}';
    const { type } = await world.deliverInTheEnd(scenario.record, 1_000);
    assertShownOnce(world, scenario, type);
    expect(world.double.calls.map(({ route }) => route)).not.toContain('POST /webhooks/:app/:token');
  });
});

describe('people', () => {
  test('who delete the first message get nothing more', async () => {
    const world = new DiscordWorld();
    const remove = () => {
      world.pass(4_000);
      const [message] = world.seen;
      if (message && !message.isLoading) world.double.messages.delete(message.id);
    };
    expect(await world.showProgress(told.log, remove)).toBe('abandoned');
    expect(await world.deliver(short)).toEqual({ type: 'refused' });
    expect(world.seen).toEqual([]);
  });

  test('see a few edits while it goes on, never close together', async () => {
    const world = new DiscordWorld();
    expect(await world.showProgress(told.log)).toBe('over');
    const times = world.double.calls.map(({ at }) => at);
    expect(times.length).toBeGreaterThan(1);
    expect(times.length).toBeLessThanOrEqual(5);
    for (const [index, at] of times.slice(1).entries()) expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(3_000);
  });

  test('are answered once Discord knows their token', async () => {
    const world = new DiscordWorld({ isAcknowledged: false });
    expect(await world.deliver(short)).toEqual({ type: 'failed', retryAfterMs: 2_000 });
    world.acknowledge();
    expect(await world.deliver(short)).toEqual({ type: 'delivered' });
  });

  test('who were told “Sorry” though their question was taken are answered as privately, with all that follows', async () => {
    const world = new DiscordWorld({ isAcknowledged: false });
    world.apologise();
    expect(await world.showProgress(told.log)).toBe('over');
    expect(await world.deliver(long)).toEqual({ type: 'delivered' });
    expect(world.timesShown(long)).toEqual(partsOf(long).map(() => 1));
    expect(world.double.messages.in(world.place.channel)).toEqual([]);
  });

  test('who were told “Sorry” privately are told nothing late for everybody to see', async () => {
    const world = new DiscordWorld({ isAcknowledged: false });
    world.apologise();
    await world.showProgress(told.log);
    world.pass(16 * minute);
    expect(await world.deliver(short)).toEqual({ type: 'refused' });
    expect(world.double.messages.in(world.place.channel)).toEqual([]);
  });

  test('read where a late answer stands, in the message that showed how it came about', async () => {
    const world = new DiscordWorld();
    await world.showProgress(told.log);
    world.pass(16 * minute);
    expect(await world.deliver(short)).toEqual({ type: 'delivered' });
    const [original, answer] = world.seen;
    expect(original).toMatchObject({ content: expect.stringContaining('further down'), components: [] });
    expect(answer?.content).toContain(partsOf(short)[0]);
  });

  test('who talk much get a late answer once, though Discord did not say that it has it', async () => {
    const route = 'POST /channels/:channel/messages';
    const world = new DiscordWorld({ faults: [{ route, call: 1, fault: faultKinds['an error after it was done'] }] });
    const chat = { content: 'Lunch?', allowed_mentions: { parse: [] } };
    for (let said = 0; said < 150; said++) {
      world.pass(7_000);
      world.double.messages.create(chat, { channel: world.place.channel, onlyFor: null });
    }
    await world.deliverInTheEnd(short, 4 * minute);
    expect(world.timesShown(short)).toEqual([1]);
  });

  test.each([
    [{ isPrivate: true }],
    [{ place: places.guildOfUser }],
    [{ place: places.botMessages }],
    [{ botToken: null }],
  ] as const)('with %j are told nothing late, and the log says so', async (setting) => {
    const world = new DiscordWorld(setting);
    world.pass(16 * minute);
    expect(await world.deliver(short)).toEqual({ type: 'refused' });
    expect(world.log).toMatchObject([{ event: 'discord.answer_refused', reason: 'too late' }]);
    expect(world.double.calls).toEqual([]);
  });

  test.each([
    [{ type: 'member_limited', size: 10, retryAfterMs: 20_000 }, /10 questions.*20 seconds/],
    [{ type: 'switched_off' }, /switched off here/],
    [{ type: 'unfit', message: 'Too long, @everyone.' }, /Too long/],
  ] as const)('whose question is refused for %j read why', async (why, words) => {
    const world = new DiscordWorld();
    expect(await world.channel().decline(world.question, why)).toEqual({ type: 'delivered' });
    expect(world.seen).toMatchObject([{ content: expect.stringMatching(words), pinged: [] }]);
  });
});
