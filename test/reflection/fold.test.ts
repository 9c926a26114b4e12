import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { isTerminal } from '../../src/reflection/events.ts';
import { applyDelta, emptyFold, fold, step } from '../../src/reflection/fold.ts';
import type { PassUsage, Reflection } from '../../src/reflection/record.ts';
import { finish, Recorder } from '../../src/reflection/recorder.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { holds } from '../support/properties.ts';
import { reflecting } from '../support/reflecting.ts';
import { check, issue, request, run, type Told, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel, virtualClock } from '../support/scripted-model.ts';

async function tell(scenario: Scenario, chunkSize = 7): Promise<Told> {
  const asked = request({ include: ['draft', 'diff', 'trace'], metadata: { team: 'a' }, ...scenario.body });
  return run(asked, tools(scriptedModel(scenario.script, { chunkSize }), scenario.tools));
}

const named = Object.entries<Scenario>(scenarios);
const rank: Record<Reflection['status'], number> = { queued: 0, running: 1, completed: 2, failed: 2, cancelled: 2 };

/** A log of one's own making, stamped by a clock that each event may move. */
function logOf(events: readonly (readonly [at: number, event: Parameters<Recorder['stamp']>[0]])[]) {
  const clock = virtualClock();
  const recorder = new Recorder('refl_own', clock.now);
  recorder.queued(['trace'], {});
  for (const [at, event] of events) {
    clock.advance(at - clock.now());
    recorder.stamp(event);
  }
  return { recorder, clock };
}

function row(id: string, part: Partial<PassUsage> = {}): PassUsage {
  return {
    id,
    role: 'draft',
    round: 0,
    attempt: 1,
    model: 'test/author',
    input_tokens: 10,
    output_tokens: 5,
    cost_usd: 0.25,
    neurons: null,
    estimated: false,
    charged: true,
    ttft_ms: 1,
    latency_ms: 2,
    finish_reason: 'stop',
    truncated: false,
    ...part,
  };
}

const started = (pass: string) =>
  ({ type: 'pass.started', pass, role: 'draft', round: 0, attempt: 1, model: 'm' }) as const;
const completed = (pass: string, part: Partial<PassUsage> = {}) =>
  ({ type: 'pass.completed', pass, attempt: 1, usage: row(pass, part) }) as const;
const begun = { type: 'run.started', strategy: 'selective', tier: 'balanced', small_judge: true } as const;
const outcome = {
  output: 'b',
  draft: 'a',
  finish_reason: 'stop',
  decision: 'accepted_revision',
  exhausted: null,
  degraded: null,
  subject: 'revision-r1',
} as const;

describe.each(named)('the log of a reflection that is %s', (name, scenario) => {
  test('is numbered from 1 without gaps, and ends once', async () => {
    const { log, error } = await tell(scenario);
    expect(log.map((event) => event.id)).toEqual(log.map((_, index) => index + 1));
    const ends = log.filter((event) => isTerminal(event.type));
    expect(ends).toHaveLength(error === undefined ? 1 : 0);
    if (error === undefined) expect(log.at(-1)).toBe(ends[0]);
    expect(log.slice(0, 2).map((event) => event.type)).toEqual(['run.queued', 'run.started']);
    expect(error === undefined).toBe(name !== 'failed');
  });

  test('folds at every prefix, and only goes forward', async () => {
    const { log, record } = await tell(scenario);
    let last: Reflection | undefined;
    for (let length = 0; length <= log.length; length += 1) {
      const next = fold(log.slice(0, length));
      if (last) {
        expect(rank[next.status]).toBeGreaterThanOrEqual(rank[last.status]);
        expect(next.usage.passes.slice(0, last.usage.passes.length)).toEqual(last.usage.passes);
        expect(next.rounds.length).toBeGreaterThanOrEqual(last.rounds.length);
      }
      last = next;
    }
    expect(last).toEqual(record);
    const stored: readonly ReflectionEvent[] = JSON.parse(JSON.stringify(log));
    expect(fold(stored)).toEqual(record);
  });

  test('gives the same record however the provider cuts its stream', async () => {
    const { record } = await tell(scenario);
    for (const size of [1, 2, 3, 50]) expect((await tell(scenario, size)).record).toEqual(record);
  });

  test('charges what its charged passes used', async () => {
    const { usage } = (await tell(scenario)).record;
    const sum = (field: 'input_tokens' | 'output_tokens' | 'cost_usd') =>
      usage.passes.filter((pass) => pass.charged).reduce((total, pass) => total + pass[field], 0);
    expect(usage.input_tokens).toBe(sum('input_tokens'));
    expect(usage.output_tokens).toBe(sum('output_tokens'));
    expect(usage.total_tokens).toBe(sum('input_tokens') + sum('output_tokens'));
    expect(usage.cost_usd).toBeCloseTo(sum('cost_usd'), 12);
  });

  test('tells each pass in order: started, its text, retried, and one end', async () => {
    const { log } = await tell(scenario);
    const passes = Map.groupBy(
      log.flatMap((event) => ('pass' in event ? [event] : [])),
      (event) => event.pass,
    );
    for (const events of passes.values()) {
      const letters = events.map(
        (event) =>
          ({ 'pass.started': 's', 'pass.delta': 'd', 'pass.retried': 'r', 'pass.completed': 'e', 'pass.failed': 'e' })[
            event.type
          ],
      );
      expect(letters.join('')).toMatch(/^s(?:d*r)*d*e$/);
    }
  });

  test('replayed in overlaps, gives readers the same texts', async () => {
    const { log } = await tell(scenario);
    const deltas = log.filter((event) => event.type === 'pass.delta');
    const texts = (events: readonly ReflectionEvent[]) => events.reduce(step, emptyFold).passTexts;
    const whole = texts(deltas);
    for (let from = 0; from < deltas.length; from += 3)
      for (let to = from; to <= deltas.length; to += 5)
        expect(
          texts([...deltas.slice(0, to), ...deltas.slice(from, to), ...deltas.slice(Math.max(0, to - 4))]),
        ).toEqual(whole);
  });

  test('taken up in the middle by another recorder, ends the same', async () => {
    const { log, events, record } = await tell(scenario);
    const half = Math.floor(log.length / 2);
    const recorder = new Recorder('refl_test', () => 0);
    recorder.replay(log.slice(0, half));
    expect(recorder.lastId).toBe(half);
    for (const event of events.slice(half - 1)) recorder.stamp(event);
    expect(recorder.record).toEqual(record);
  });
});

test('a delta applied again, or out of an earlier place, changes nothing that was right', () => {
  holds(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (pieces, number) => {
      const deltas = pieces.map((text, index) => ({ offset: pieces.slice(0, index).join('').length, text }));
      const from = number % deltas.length;
      const text = [...deltas, ...deltas.slice(from)].reduce(applyDelta, '');
      expect(text).toBe(pieces.join(''));
    }),
  );
});

describe('the texts of passes', () => {
  const delta = (attempt: number, offset: number, text: string) =>
    ({ type: 'pass.delta', pass: 'draft', attempt, offset, text }) as const;

  test('are those of the newest attempt; a late word of an older one is not heard', () => {
    const { recorder } = logOf([
      [0, begun],
      [0, delta(1, 0, 'old ')],
      [0, delta(2, 0, 'new ')],
      [0, delta(1, 4, 'older')],
      [0, delta(2, 4, 'newer')],
      [0, { type: 'run.completed', outcome }],
    ]);
    expect(recorder.record.trace).toMatchObject([{ pass: 'draft', attempt: 2, text: 'new newer' }]);
  });
});

describe('the record', () => {
  test('of a queued run knows who asked, and nothing else', () => {
    const recorder = new Recorder('refl_1', () => 1_790_000_000_500);
    expect(recorder.lastId).toBe(0);
    expect(recorder.queued(['draft'], { a: 'b' })).toEqual({
      id: 1,
      reflection_id: 'refl_1',
      at: '2026-09-21T14:13:20.500Z',
      type: 'run.queued',
      include: ['draft'],
      cache: 'bypass',
      metadata: { a: 'b' },
    });
    expect(recorder.record).toMatchObject({
      id: 'refl_1',
      created_at: 1_790_000_000,
      status: 'queued',
      metadata: { a: 'b' },
      output: '',
      decision: null,
    });
  });

  test('of a running one holds the draft’s checks, the gate and the mark of a small judge', () => {
    const gate = { action: 'return', score: 0.1, signals: [], reasons: [] } as const;
    const { recorder } = logOf([
      [0, begun],
      [0, { type: 'check.completed', subject: 'draft', check: check('c1', 'pass') }],
      [0, { type: 'check.completed', subject: 'draft', check: check('c2', 'fail') }],
      [0, { type: 'check.completed', subject: 'repair-1', check: check('c1', 'fail') }],
      [0, { type: 'gate.decided', gate }],
    ]);
    expect(recorder.record).toMatchObject({
      status: 'running',
      small_judge: true,
      gate,
      checks: [{ id: 'c1', status: 'pass' }, { id: 'c2' }],
    });
  });

  test('of a completed one holds the checks of the text that became the output', () => {
    const checked = (subject: string, status: 'pass' | 'fail') =>
      ({ type: 'check.completed', subject, check: check('c1', status) }) as const;
    const { recorder } = logOf([
      [0, begun],
      [0, checked('draft', 'fail')],
      [0, checked('revision-r1', 'pass')],
      [0, { type: 'run.completed', outcome }],
    ]);
    expect(recorder.record).toMatchObject({
      status: 'completed',
      output: 'b',
      changed: true,
      decision: 'accepted_revision',
      checks: [{ status: 'pass' }],
    });
    expect(recorder.record).not.toHaveProperty('draft');
    expect(recorder.record).not.toHaveProperty('diff');
  });

  test('gives draft, diff and trace to who asked for them', async () => {
    const { record } = await tell(scenarios.revised);
    expect(record.draft).toContain('it is green');
    expect(record.diff).toMatch(/-.*it is green.*\n(?:.*\n)*\+.*it is blue/);
    expect(record.trace?.map(({ pass }) => pass)).toEqual([
      'draft',
      'critique-r1',
      'confirm-r1-i1',
      'revision-r1',
      'judge-r1-ba',
      'judge-r1-ab',
    ]);
    const plain = await tell({ ...scenarios.revised, body: { include: [] } });
    for (const field of ['draft', 'diff', 'trace']) expect(plain.record).not.toHaveProperty(field);
  });

  test('tells rounds: what was found, and what came of it', async () => {
    expect((await tell(scenarios.revised)).record.rounds).toMatchObject([
      { critique: { verdict: 'revise' }, revision: { accepted: true } },
    ]);
    expect((await tell(scenarios.passed)).record.rounds).toMatchObject([
      { critique: { verdict: 'pass' }, revision: null },
    ]);
    expect((await tell(scenarios.repaired)).record.rounds).toMatchObject([
      { critique: null, draft_checks: [{ status: 'fail' }], revision: { accepted: false } },
      { critique: null, draft_checks: [{ status: 'fail' }], revision: { accepted: true } },
    ]);
    expect((await tell(scenarios.always)).record.rounds).toHaveLength(2);
  });

  test('names each mend by code: in the round that it belongs to, and in the trace', async () => {
    const checks = [{ type: 'forbidden_characters' as const, characters: [','], id: 'plain' }];
    const removed = (count: number) => ({
      check: 'plain',
      transform: 'remove_characters',
      removed_characters: count,
      added_characters: 0,
    });
    const body: Scenario['body'] = { checks, strategy: 'checks', include: ['trace'] };
    const { record } = await tell({ body, script: { draft: 'Well, it is so, yes.' } });
    expect(record.rounds).toEqual([
      {
        draft_checks: [expect.objectContaining({ status: 'fail' })],
        repairs: [removed(2)],
        critique: null,
        revision: null,
      },
    ]);
    expect(record.trace).toMatchObject([{ pass: 'draft', repairs: [removed(2)] }]);

    // A repair that repeats the draft is mended in the same way.
    const bold = { draft: 'x = 2 * 3 and **bold**.', repair: 'x = 2 * 3 and **bold**.' };
    const stars = [{ type: 'forbidden_characters' as const, characters: ['*'], id: 'plain' }];
    const { record: again } = await tell({ body: { ...body, checks: stars }, script: bold });
    expect(again.output).toBe('x = 2 * 3 and bold.');
    expect(again.rounds.map(({ repairs, revision }) => [repairs.length, revision?.accepted])).toEqual([[1, false]]);
    expect(again.trace?.map(({ pass, repairs }) => [pass, repairs.length])).toEqual([
      ['draft', 1],
      ['repair-1', 0],
    ]);

    const script = { draft: 'Well, it is 3,5 km.', repair: ['It is 3 km.', 'Well, it is 3.5 km, yes.'] };
    const { record: repaired } = await tell({ body, script });
    expect(repaired.rounds).toMatchObject([
      { draft_checks: [{ measured: 2 }], repairs: [removed(1)], revision: { accepted: false } },
      { draft_checks: [{ measured: 2 }], repairs: [removed(2)], revision: { accepted: true } },
    ]);
    expect(repaired.trace?.map(({ pass, repairs }) => [pass, repairs])).toEqual([
      ['draft', [removed(1)]],
      ['repair-1', []],
      ['repair-2', [removed(2)]],
    ]);
  });

  test('has an empty list where code mended nothing', async () => {
    const { rounds, trace } = (await tell(scenarios.revised)).record;
    expect([...rounds, ...(trace ?? [])].map(({ repairs }) => repairs)).toEqual(Array.from({ length: 7 }, () => []));
  });

  test('of a failed or cancelled run says so, with what was used so far', () => {
    const events = [
      [0, begun],
      [0, started('draft')],
      [5, completed('draft', { neurons: 2 })],
      [9, completed('x', { neurons: 1, charged: false })],
    ] as const;
    const failed = logOf(events).recorder;
    const end = failed.end({ type: 'failed', error: { code: 'upstream_busy', message: 'Busy.' } });
    expect(end).toMatchObject({
      type: 'run.failed',
      id: 6,
      reflection: { status: 'failed', error: { code: 'upstream_busy', message: 'Busy.' }, trace: [] },
    });
    expect(failed.record).toMatchObject({ status: 'failed', usage: { total_tokens: 15, cost_usd: 0.25, neurons: 2 } });
    const cancelled = logOf(events).recorder;
    cancelled.end({ type: 'cancelled' });
    expect(cancelled.record).toMatchObject({ status: 'cancelled', error: null, output: '' });
  });
});

describe('timing', () => {
  const delta = { type: 'pass.delta', pass: 'draft', attempt: 1, offset: 0, text: 'x' } as const;

  test('counts calls made at the same time once, and what no call covers as overhead', () => {
    const { recorder } = logOf([
      [10, begun],
      [20, started('draft')],
      [50, delta],
      [120, completed('draft')],
      [130, started('vote-2')],
      [135, started('vote-3')],
      [230, completed('vote-2')],
      [280, completed('vote-3')],
      [290, started('vote-4')],
      [390, completed('vote-4')],
      [400, { type: 'run.completed', outcome }],
    ]);
    expect(recorder.record.timing).toEqual({ total_ms: 400, overhead_ms: 400 - 100 - 150 - 100, ttft_ms: 50 });
  });

  test('counts a call that is still running at the end up to the end', () => {
    const { recorder, clock } = logOf([
      [10, begun],
      [20, started('draft')],
    ]);
    clock.advance(80);
    recorder.end({ type: 'cancelled' });
    expect(recorder.record.timing).toEqual({ total_ms: 100, overhead_ms: 20, ttft_ms: null });
  });

  test('is never negative, whatever the clock says', () => {
    const { recorder } = logOf([
      [50, started('draft')],
      [60, completed('draft')],
    ]);
    expect(recorder.record.timing.total_ms).toBe(0);
    expect(finish(emptyFold, { type: 'cancelled' }, -5).timing).toEqual({ total_ms: 0, overhead_ms: 0, ttft_ms: null });
  });
});

test.each<[ReflectionBody['checks'], string, boolean | null]>([
  [[], 'Four words are here.', null],
  [[{ type: 'words', max: 9 }], 'Four words are here.', true],
  [[{ type: 'words', max: 3 }], 'Four words are here.', false],
  [
    [
      { type: 'words', max: 9 },
      { type: 'words', min: 9 },
    ],
    'Four words are here.',
    false,
  ],
  [[{ type: 'arithmetic' }], 'Nothing is computed here.', null],
])('what the checks %j come to on %j is %j', async (checks, draft, passed) => {
  const { record } = await reflecting({ strategy: 'direct', checks }, { draft });
  expect(record.passed).toBe(passed);
});

test('the record says of each issue what its confirmation came to', () => {
  const critique = {
    verdict: 'revise',
    issues: [issue({ id: 'i1', confirmed: 'unverified' }), issue({ id: 'i2', confirmed: 'unverified' })],
    independent_answer: null,
  } as const;
  const { recorder } = logOf([
    [0, begun],
    [0, { type: 'critique.completed', round: 1, subject: 'draft', critique }],
    [0, { type: 'confirm.completed', round: 1, issue: issue({ id: 'i2', confirmed: 'refuted' }) }],
  ]);
  const [round] = recorder.record.rounds;
  expect(round?.critique?.issues.map(({ id, confirmed }) => [id, confirmed])).toEqual([
    ['i1', 'unverified'],
    ['i2', 'refuted'],
  ]);
});
