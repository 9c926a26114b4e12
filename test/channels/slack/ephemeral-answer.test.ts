/** Answers that only whoever asked sees, by the address that a command came with. */
import { describe, expect, test } from 'vitest';
import type { SlackFault } from '../../support/slack-faults.ts';
import { type Loss, runLog, ShownRun, standing } from './shown-run.ts';
import { channel, slackWorld, team, user } from './slack-world.ts';

/** A command that was acknowledged. */
function commanded(faults: readonly SlackFault[] = [], part: { readonly thread?: string; readonly loss?: Loss } = {}) {
  const world = slackWorld({ faults });
  const responseUrl = world.double.issueResponseUrl(team, { channel, user });
  world.double.acknowledge(responseUrl, '{"text":"Taking a second look…"}');
  return { world, responseUrl, address: { thread: null, responseUrl } as const, ...part };
}

const answer = 'Wait, it is blue.';

describe('an answer to a command', () => {
  test('takes the place of the acknowledgement, with one word on how far it is between', async () => {
    const { world, address } = commanded();
    const run = new ShownRun(world, await runLog(), { address });
    expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
    expect(world.messages.ephemerals).toHaveLength(1);
    const [shown] = world.messages.ephemerals;
    expect(JSON.stringify(shown?.blocks)).toContain(answer);
    expect(JSON.stringify(shown?.blocks)).not.toContain('reflection_stop');
    expect(world.double.callsOf('response_url')).toHaveLength(2);
    expect(standing(world)).toEqual([]);
  });

  const kinds: Readonly<Record<string, (nth: number) => SlackFault>> = {
    'fails before': (nth) => ({ on: 'response_url', nth, answer: 'status', status: 500, when: 'before' }),
    'fails after it was done': (nth) => ({ on: 'response_url', nth, answer: 'status', status: 500, when: 'after' }),
    breaks: (nth) => ({ on: 'response_url', nth, answer: 'broken', when: 'after' }),
    'is not answered': (nth) => ({ on: 'response_url', nth, answer: 'silence', when: 'before' }),
    'comes too often': (nth) => ({ on: 'response_url', nth, answer: 'rate_limited', retryAfterSeconds: 5 }),
  };
  test.each(Object.entries(kinds))('is shown once where a use %s', async (_, faultOf) => {
    for (const nth of [1, 2, 3, 4]) {
      const { world, address } = commanded([faultOf(nth)]);
      expect(await new ShownRun(world, await runLog(), { address }).toItsEnd()).toEqual({ type: 'delivered' });
      expect(world.messages.ephemerals).toHaveLength(1);
      expect(JSON.stringify(world.messages.ephemerals[0]?.blocks)).toContain(answer);
    }
  });

  test.each([true, false])('is shown once where the service is lost at any call (done: %s)', async (isDone) => {
    for (let nth = 1; nth <= 3; nth += 1) {
      const { world, address } = commanded();
      const run = new ShownRun(world, await runLog(), { address, loss: { at: 'call', nth, isDone } });
      expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
      expect(world.messages.ephemerals).toHaveLength(1);
      expect(JSON.stringify(world.messages.ephemerals[0]?.blocks)).toContain(answer);
    }
  });

  test('is given up after five uses, and no more are tried', async () => {
    const { world, address } = commanded([{ on: 'response_url', answer: 'status', status: 500, when: 'before' }]);
    expect(await new ShownRun(world, await runLog(), { address }).toItsEnd()).toEqual({ type: 'refused' });
    expect(world.double.callsOf('response_url')).toHaveLength(5);
  });

  test('is given up after half an hour without a call', async () => {
    const { world, address } = commanded();
    const beforeDelivery = () => {
      world.clock.now += 31 * 60_000;
    };
    const run = new ShownRun(world, await runLog(), { address, beforeDelivery });
    expect(await run.toItsEnd()).toEqual({ type: 'refused' });
    expect(world.double.callsOf('response_url')).toHaveLength(1);
  });

  test('that is too long for a message says where the rest is', async () => {
    const { world, address } = commanded();
    const log = await runLog();
    const output = 'A long answer. '.repeat(2_000);
    await new ShownRun(world, { ...log, record: { ...log.record, output } }, { address }).toItsEnd();
    expect(JSON.stringify(world.messages.ephemerals[0]?.blocks)).toContain('“Show reflection” has all of it');
  });
});

describe('a shortcut', () => {
  test('in a channel without the bot is answered to whoever used it', async () => {
    const { world, responseUrl } = commanded();
    const room = world.messages.channels.get(channel);
    if (room) room.member = false;
    const run = new ShownRun(world, await runLog(), { address: { responseUrl } });
    expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
    expect(run.progress).toBe('over');
    expect(standing(world)).toEqual([]);
    expect(JSON.stringify(world.messages.ephemerals[0]?.blocks)).toContain(answer);
  });

  test('in a channel with the bot is answered in the thread', async () => {
    const { world, responseUrl } = commanded();
    expect(await new ShownRun(world, await runLog(), { address: { responseUrl } }).toItsEnd()).toEqual({
      type: 'delivered',
    });
    expect(standing(world)).toHaveLength(1);
    expect(world.double.callsOf('response_url')).toEqual([]);
  });

  test('stays with whoever used it where progress was shown to them', async () => {
    const { world, responseUrl } = commanded();
    const room = world.messages.channels.get(channel);
    if (room) room.member = false;
    const beforeDelivery = () => {
      if (room) room.member = true;
    };
    const run = new ShownRun(world, await runLog(), { address: { responseUrl }, beforeDelivery });
    expect(await run.toItsEnd()).toEqual({ type: 'delivered' });
    expect(standing(world)).toEqual([]);
    expect(world.messages.ephemerals).toHaveLength(1);
    expect(JSON.stringify(world.messages.ephemerals[0]?.blocks)).toContain(answer);
  });

  test('whose answer is deleted while it is written is not answered elsewhere', async () => {
    const { world, responseUrl } = commanded();
    const beforeLot = (index: number) => {
      const [message] = standing(world);
      if (index === 3 && message) world.messages.remove(message);
    };
    const run = new ShownRun(world, await runLog(), { address: { responseUrl }, beforeLot });
    expect(await run.toItsEnd()).toEqual({ type: 'refused' });
    expect(run.progress).toBe('abandoned');
    expect(world.double.callsOf('response_url')).toEqual([]);
  });
});
