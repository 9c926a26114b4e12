/** What the playground is made of: its bundle as it is committed, and its folding of events. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CallFailure } from '../../playground/api.ts';
import { bundlePath, playgroundBundle } from '../../playground/build.ts';
import { toldOf } from '../../playground/failure.ts';
import { languages } from '../../playground/languages.ts';
import { isOffered, offeredChecks, snippets, unfit } from '../../playground/request-form.ts';
import { answerSoFar, emptyRun, isOver, textOf, withEvent } from '../../playground/run-view.ts';
import { stepsOf } from '../../playground/steps.ts';
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import { reflectionBody } from '../../src/reflection/request.ts';
import { request, tools } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { scriptedModel, virtualClock } from '../support/scripted-model.ts';

test('the bundle is what playground/build.ts would write', async () => {
  expect(readFileSync(bundlePath, 'utf8') === (await playgroundBundle()), 'run `npm run docs`').toBe(true);
});

async function logOf({ body, script, tools: part }: Scenario): Promise<ReflectionEvent[]> {
  const clock = virtualClock(1_000);
  const asked = request(body);
  const recorder = new Recorder('refl_page', clock.now);
  const log = [recorder.queued(asked.include, asked.metadata)];
  const model = scriptedModel(script, { clock });
  for await (const event of reflect(asked, tools(model, { ...part, now: clock.now, startedAt: clock.now() })))
    log.push(recorder.stamp(event));
  return log;
}

const ended = Object.entries<Scenario>(scenarios).filter(([name]) => name !== 'failed');

describe('a run as the page shows it', () => {
  test.each(ended)('that was %s ends with the record’s answer, however often its events come', async (_, scenario) => {
    const log = await logOf(scenario);
    let run = emptyRun;
    for (const event of [...log.slice(0, 5), ...log]) run = withEvent(run, event);
    expect(isOver(run)).toBe(true);
    expect(answerSoFar(run)).toBe(run.record?.output);
    expect(run.passes.every(({ usage }) => usage !== null)).toBe(true);
    expect(run.passes).toHaveLength(run.record?.usage.passes.length ?? 0);
  });

  test.each(ended)(
    'that was %s shows the draft that the record will hold, before the record is there',
    async (_, scenario) => {
      const log = await logOf({ ...scenario, body: { ...scenario.body, include: ['draft'] } });
      const run = log.slice(0, -1).reduce(withEvent, emptyRun);
      const last = log.at(-1);
      expect(last?.type === 'run.completed' && last.reflection.draft).toBe(textOf(run, 'draft'));
    },
  );

  test('takes its five steps in order, and leaves out what was not needed', async () => {
    const log = await logOf(scenarios.returned);
    const first = log.slice(0, 1).reduce(withEvent, emptyRun);
    expect(Object.values(stepsOf(first))).toEqual(['active', 'waiting', 'waiting', 'waiting', 'waiting']);
    const run = log.reduce(withEvent, emptyRun);
    expect(Object.values(stepsOf(run))).toEqual(['done', 'skipped', 'done', 'skipped', 'good']);
    const revised = (await logOf(scenarios.revised)).reduce(withEvent, emptyRun);
    expect(stepsOf(revised)).toMatchObject({ gate: 'done', second: 'done', answer: 'good' });
  });

  test('names the checks of each text, and whether a change was taken', async () => {
    const run = (await logOf(scenarios.repaired)).reduce(withEvent, emptyRun);
    expect(run.checks['draft']).toMatchObject([{ status: 'fail' }]);
    expect(run.verdicts.map(({ accepted }) => accepted)).toEqual([false, true]);
  });
});

test('both languages say something everywhere', () => {
  const blank = Object.values(languages).flatMap(({ page }) =>
    Object.values(page).filter((text) => text.trim() === ''),
  );
  expect(blank).toEqual([]);
});

test('every offered check is one that the service takes, and a value that it could not have is refused', async () => {
  for (const kind of Object.keys(offeredChecks).filter(isOffered)) {
    const { usual, toCheck } = offeredChecks[kind];
    const checks = [toCheck(usual || 'sea')];
    await prepareChecks(checks);
    expect(reflectionBody.safeParse({ input: 'hello', checks }).error, kind).toBeUndefined();
  }
  expect(unfit('max_words', 'many')).toBe('needsNumber');
  expect(unfit('max_words', '0')).toBe('needsNumber');
  expect(unfit('keywords', ' ')).toBe('needsValue');
  expect(unfit('regex', '(')).toBe('badPattern');
  expect([unfit('json', ''), unfit('max_words', '40'), unfit('regex', '^a')]).toEqual([null, null, null]);
});

test('a failure says what to do, and beneath it what the service said', () => {
  const wrong = new CallFailure('Bad.', 'invalid_request', null, [{ field: 'checks[0].max', message: 'too large' }]);
  expect(toldOf(wrong, languages.en)).toEqual({
    advice: 'Something in the request is not right. Change it and run it again.',
    details: ['checks[0].max: too large'],
  });
  expect(toldOf(new CallFailure('Busy.', 'upstream_busy', 5), languages.en).advice).toMatch(/Try again in 5 s\.$/);
  expect(toldOf(new CallFailure('', null), languages.ko).advice).toMatch(/^서비스에 연결할 수 없습니다/);
  expect(toldOf(new CallFailure('Hm.', 'http_500'), languages.en)).toMatchObject({ details: ['Hm.'] });
});

test('what is copied holds the body and no key', () => {
  const body = { input: "It's a test", strategy: 'checks' as const };
  for (const make of Object.values(snippets)) {
    const text = make('https://example.com', body);
    expect(text).toContain('https://example.com/v1/reflections');
    expect(text).not.toContain('er_live');
  }
  const hard = { input: `a ''' b "c" ${'\\\\'} 한` };
  const python = snippets.Python('https://example.com', hard);
  const literal = /^ {4}(".*")\.encode\(\),$/m.exec(python)?.[1] ?? '""';
  expect(JSON.parse(JSON.parse(literal))).toEqual(hard);
  expect(snippets.curl('https://example.com', body)).toContain(`It'\\''s a test`);
});
