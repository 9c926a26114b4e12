/** A workspace's questions: taken once, answered once, whatever is lost on the way; within its limits, under its settings. */
import { describe, expect, test } from 'vitest';
import type { Channel, DeclineReason, Question, RoomSettings, Workspace } from '../../src/channels/channel.ts';
import { workspaceCaller } from '../../src/channels/workspace-caller.ts';
import type { Delivery } from '../../src/runs/deliver.ts';
import { isRunId } from '../../src/runs/run-id.ts';
import type { Loss } from '../simulation/object-instance.ts';
import { ChannelWorld, type ChannelWorldOptions, type Surroundings } from './channel-world.ts';

const workspace: Workspace = { channel: 'slack', id: 'T0001' };
const { account, key } = workspaceCaller(workspace);

function question(part: Partial<Question> = {}): Question {
  const content = 'What is two and two?';
  return { workspace, id: 'T0001:C1:1.1', member: 'U1', room: 'C1', place: 'C1:1.1', content, ...part };
}

/** A channel that says everything to nobody, and keeps what it said. */
function madeUp(options: Omit<ChannelWorldOptions, 'openChannel'> & { readonly part?: Partial<Channel> } = {}) {
  const { part, ...rest } = options;
  const answered: { readonly run: string; readonly output: string }[] = [];
  const declined: { readonly id: string; readonly why: DeclineReason }[] = [];
  const prepared: RoomSettings[] = [];
  const openChannel = ({ instance }: Surroundings): Channel => ({
    prepare: async ({ content, member, place }, settings) => {
      prepared.push(settings);
      const metadata = { channel: 'slack', member, place };
      return { body: { input: content, store: true, background: true, metadata }, address: `to ${place}` };
    },
    decline: async ({ id }, why) => {
      declined.push({ id, why });
      return { type: 'delivered' };
    },
    showProgress: async (run) => {
      for await (const _ of run.events());
      return 'over';
    },
    deliver: async ({ id, record }) => {
      await instance.sleep(5);
      answered.push({ run: id, output: record.output });
      return { type: 'delivered' };
    },
    ...part,
  });
  const world = new ChannelWorld({ openChannel, ...rest });
  const ask = (part: Partial<Question> = {}) => world.settled(world.workspaces.ask(question(part)));
  return { world, ask, answered, declined, prepared };
}

describe('a question', () => {
  test('is answered once, by a run of the workspace’s own account', async () => {
    const { world, ask, answered, declined } = madeUp();
    await ask();
    await world.run(60_000);
    expect(answered).toEqual([{ run: expect.stringMatching(/^refl_/), output: 'Two and two is four.' }]);
    expect(declined).toEqual([]);
    const record = await world.settled(world.workspaces.read(workspace, answered[0]?.run ?? ''));
    expect(record).toMatchObject({
      status: 'completed',
      metadata: { channel: 'slack', member: 'U1', place: 'C1:1.1' },
    });
  });

  test('is taken once, however often it comes, and whenever', async () => {
    const { world, ask, answered } = madeUp();
    await Promise.all([ask(), ask()]);
    await world.run(3_000);
    await ask();
    await world.run(3_600_000);
    await ask();
    await world.run(60_000);
    expect(answered).toHaveLength(1);
  });

  test.for(Array.from({ length: 30 }, (_, step) => step + 1))(
    'is answered by one run with one draft, though the object is lost at its step %i',
    async (step) => {
      for (const loss of ['crashed', 'evicted'] satisfies Loss[]) {
        const { world, answered, declined } = madeUp({ losses: new Map([[step, loss]]) });
        const asked = world.workspaces.ask(question()).catch(() => world.workspaces.ask(question()));
        await world.settled(asked);
        await world.run(200_000);
        expect(new Set(answered.map(({ run }) => run)).size).toBe(1);
        expect(answered[0]?.output).toBe('Two and two is four.');
        expect(declined).toEqual([]);
      }
    },
  );

  test('waits for a channel that fails, and is given up after ten minutes with a word to whoever asked', async () => {
    const failing = (): Promise<never> => Promise.reject(new Error('The channel is broken.'));
    const { world, ask, declined } = madeUp({ part: { prepare: failing } });
    await ask();
    await world.run(500_000);
    expect(declined).toEqual([]);
    await world.run(400_000);
    expect(declined).toEqual([
      { id: question().id, why: { type: 'unfit', message: expect.stringContaining('out of capacity') } },
    ]);
    expect(world.log.filter(({ event }) => event === 'question.given_up')).toHaveLength(1);
  });

  test('that cannot be asked is declined, and says why', async () => {
    const { world, ask, declined } = madeUp({
      part: { prepare: async () => ({ body: { input: 'x'.repeat(60_000) }, address: '' }) },
    });
    await ask();
    await world.run(5_000);
    expect(declined).toEqual([
      {
        id: question().id,
        why: { type: 'unfit', message: 'This is too long for the model. Ask for less at once, or in a new thread.' },
      },
    ]);
  });

  test('that its channel finds unfit is declined in the channel’s own words', async () => {
    const unfit = { type: 'unfit', message: 'There are no words in that.' } as const;
    const { world, ask, declined } = madeUp({ part: { prepare: async () => unfit } });
    await ask();
    await world.run(5_000);
    expect(declined).toEqual([{ id: question().id, why: unfit }]);
  });

  test('that breaks what works on it is taken up again with pauses, and given up after ten minutes', async () => {
    let tries = 0;
    const decline = async (): Promise<Delivery> => {
      tries += 1;
      if (tries > 100) return { type: 'delivered' };
      throw new Error('The channel does not keep its promise.');
    };
    const { world, ask } = madeUp({ part: { decline } });
    await world.settled(world.workspaces.changeSettings(workspace, 'C1', { isOn: false }));
    await ask();
    await world.run(900_000);
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(30);
    expect(world.log.filter(({ event }) => event === 'question.given_up')).toMatchObject([{ told: 'failed' }]);
  });

  test('is declined again until whoever asked could be told', async () => {
    const told: Delivery[] = [
      { type: 'failed', retryAfterMs: null },
      { type: 'failed', retryAfterMs: null },
    ];
    const decline = async (): Promise<Delivery> => told.shift() ?? { type: 'delivered' };
    const { world, ask, declined } = madeUp({ part: { decline } });
    await world.settled(world.workspaces.changeSettings(workspace, 'C1', { isOn: false }));
    await ask();
    await world.run(20_000);
    expect(told).toEqual([]);
    expect(declined).toEqual([]);
  });
});

describe('a workspace', () => {
  test('has a key on the list of keys, and asks nothing once that is revoked', async () => {
    const { world, ask, declined, answered } = madeUp();
    await ask();
    await world.run(20_000);
    expect(world.listed).toEqual([key]);
    expect(await world.ask(({ keyring }) => keyring.read(key))).toMatchObject({ name: 'slack T0001' });
    await world.settled(world.ask(({ keyring }) => keyring.revoke(key)));
    await ask({ id: 'second' });
    await world.run(20_000);
    expect(answered).toHaveLength(1);
    expect(declined).toEqual([{ id: 'second', why: { type: 'switched_off' } }]);
  });

  test('lets each member ask as often as they may in a minute, and says when the next may come', async () => {
    const { world, ask, declined, answered } = madeUp({ memberRequestsPerMinute: 2 });
    for (const id of ['1', '2', '3']) await ask({ id });
    await ask({ id: '4', member: 'U2' });
    await world.run(30_000);
    expect(answered).toHaveLength(3);
    expect(declined).toEqual([
      {
        id: '3',
        why: { type: 'member_limited', size: 2, retryAfterMs: expect.toSatisfy((ms) => ms > 50_000 && ms <= 60_000) },
      },
    ]);
    await world.run(60_000);
    await ask({ id: '5' });
    await world.run(30_000);
    expect(answered).toHaveLength(4);
  });

  test('is held against its own limits, all members together', async () => {
    const { world, ask, declined } = madeUp();
    await ask({ id: 'first' });
    await world.run(20_000);
    await world.settled(world.ask(({ keyring }) => keyring.change(key, { limits: { requests_per_minute: 1 } })));
    await ask({ id: 'second', member: 'U2' });
    await world.run(20_000);
    expect(declined).toEqual([
      {
        id: 'second',
        why: {
          type: 'limited',
          refusal: expect.objectContaining({ code: 'rate_limited', limit: 'requests_per_minute', size: 1 }),
        },
      },
    ]);
  });

  test('keeps settings for each of its rooms', async () => {
    const { world, ask, prepared, declined } = madeUp();
    const { workspaces } = world;
    const settled = <Value>(work: Promise<Value>) => world.settled(work);
    expect(await settled(workspaces.settings(workspace, 'C1'))).toEqual({ tier: null, language: null, isOn: true });
    await settled(workspaces.changeSettings(workspace, 'C1', { tier: 'quality' }));
    const changed = { tier: 'quality', language: 'Korean', isOn: true };
    expect(await settled(workspaces.changeSettings(workspace, 'C1', { language: 'Korean' }))).toEqual(changed);
    world.lose('crashed');
    expect(await settled(workspaces.settings(workspace, 'C1'))).toEqual(changed);
    await ask();
    await ask({ id: 'elsewhere', room: 'C2', place: 'C2:1' });
    await world.run(5_000);
    expect(prepared).toEqual([changed, { tier: null, language: null, isOn: true }]);
    await settled(workspaces.changeSettings(workspace, 'C1', { isOn: false }));
    await ask({ id: 'off' });
    await world.run(5_000);
    expect(declined).toEqual([{ id: 'off', why: { type: 'switched_off' } }]);
  });

  test('stops what goes on in a place for the member who asked, and nothing else', async () => {
    const { world, ask, answered } = madeUp({ script: () => ({ text: 'A long and slow answer.', everyMs: 8_000 }) });
    await ask();
    await ask({ id: 'other', member: 'U2' });
    await ask({ id: 'elsewhere', place: 'C1:2.2' });
    await world.run(1_000);
    await world.settled(world.workspaces.stopPlace(workspace, 'C1:1.1', 'U1'));
    await world.run(1_000);
    expect(answered).toHaveLength(1);
    const [stopped] = answered;
    expect(await world.settled(world.workspaces.read(workspace, stopped?.run ?? ''))).toMatchObject({
      status: 'cancelled',
      metadata: { member: 'U1' },
    });
    await world.run(100_000);
    expect(answered).toHaveLength(3);
  });

  test('stops a run for the member who asked for it, and for nobody else', async () => {
    let run = '';
    const showProgress: Channel['showProgress'] = async ({ id, events }) => {
      run = id;
      for await (const _ of events());
      return 'over';
    };
    const { world, ask } = madeUp({
      script: () => ({ text: 'A long answer.', everyMs: 8_000 }),
      part: { showProgress },
    });
    await ask();
    await world.run(1_000);
    const stop = (member: string) => world.settled(world.workspaces.stop(workspace, run, member));
    expect(await stop('U2')).toBe(false);
    expect((await world.settled(world.workspaces.read(workspace, run)))?.status).toBe('running');
    expect(await stop('U1')).toBe(true);
    expect((await world.settled(world.workspaces.read(workspace, run)))?.status).toBe('cancelled');
    expect(await world.settled(world.workspaces.stop(workspace, 'refl_none', 'U1'))).toBe(false);
  });

  test('keeps its installation, and on leaving nothing of it, nor of its reflections', async () => {
    const { world, ask, answered } = madeUp();
    const { workspaces } = world;
    expect(await world.settled(workspaces.installation(workspace))).toBeNull();
    await world.settled(workspaces.install(workspace, 'sealed'));
    await world.settled(workspaces.changeSettings(workspace, 'C1', { tier: 'max' }));
    await ask();
    await world.run(20_000);
    const { run = '' } = answered[0] ?? {};
    await world.settled(workspaces.uninstall(workspace, world.clock.now()));
    expect(await world.settled(workspaces.installation(workspace))).toBeNull();
    expect(await world.settled(workspaces.read(workspace, run))).toBeUndefined();
    expect(await world.settled(workspaces.settings(workspace, 'C1'))).toMatchObject({ tier: null });
    expect(await world.ask(({ ledger }) => ledger.stored(null, 10))).toEqual({ runs: [], hasMore: false });
  });

  test('that was installed anew keeps it, though it is told late that it had left', async () => {
    const { world } = madeUp();
    const { workspaces } = world;
    await world.settled(workspaces.install(workspace, 'first'));
    await world.run(60_000);
    const left = world.clock.now();
    await world.run(2_000);
    await world.settled(workspaces.install(workspace, 'second'));
    await world.settled(workspaces.uninstall(workspace, left));
    expect(await world.settled(workspaces.installation(workspace))).toBe('second');
    await world.run(60_000);
    await world.settled(workspaces.uninstall(workspace, world.clock.now()));
    expect(await world.settled(workspaces.installation(workspace))).toBeNull();
  });

  test('that leaves has nothing answered any more, and no more is spent', async () => {
    const prepare: Channel['prepare'] = () => Promise.reject(new Error('Not now.'));
    const { world, ask, declined } = madeUp({ part: { prepare } });
    await ask();
    await world.settled(world.workspaces.uninstall(workspace, world.clock.now()));
    await world.run(900_000);
    expect(declined).toEqual([]);
    expect(world.log.map(({ event }) => event)).not.toContain('question.given_up');
    const slow = madeUp({ script: () => ({ text: 'A long and slow answer.', everyMs: 8_000 }) });
    await slow.ask();
    await slow.world.run(1_000);
    await slow.world.settled(slow.world.workspaces.uninstall(workspace, slow.world.clock.now()));
    await slow.world.run(100_000);
    expect(slow.world.asked).toEqual(['draft']);
    const listed = slow.world.ask(({ ledger }) => ledger.stored(null, 10));
    expect(await slow.world.settled(listed)).toEqual({ runs: [], hasMore: false });
  });

  test('keeps what is thought of an answer', async () => {
    const { world, ask, answered } = madeUp();
    await ask();
    await world.run(20_000);
    const { run = '' } = answered[0] ?? {};
    const feedback = { rating: 'up', comment: null, preferred_output: null, created_at: 1 } as const;
    expect(await world.settled(world.workspaces.rate(workspace, run, feedback))).toBe(true);
    if (!isRunId(run)) throw new Error('There is a run.');
    expect(await world.ask(({ runs }) => runs.run(run).feedback(account))).toEqual(feedback);
  });

  test('takes no more than it can hold, and says so', async () => {
    const waiting = (): Promise<never> => new Promise(() => {});
    const { ask } = madeUp({ part: { prepare: waiting } });
    for (let asked = 0; asked < 200; asked += 1) await ask({ id: String(asked) });
    await expect(ask({ id: 'one more' })).rejects.toMatchObject({ code: 'upstream_busy' });
    await expect(ask({ id: '7' })).resolves.toBeUndefined();
  });
});
