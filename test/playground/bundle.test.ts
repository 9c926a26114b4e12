/** What the playground is made of: its bundle as it is committed, and its folding of events. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundlePath, playgroundBundle } from '../../playground/build.ts';
import { snippets } from '../../playground/request-form.ts';
import { answerSoFar, emptyRun, isOver, withEvent } from '../../playground/run-view.ts';
import { languages } from '../../playground/texts.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
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

describe('a run as the page shows it', () => {
  test.each(['repaired', 'revised', 'returned', 'voted', 'always'] as const)(
    'that was %s ends with the record’s answer, however often its events come',
    async (name) => {
      const log = await logOf(scenarios[name]);
      let run = emptyRun;
      for (const event of [...log.slice(0, 5), ...log]) run = withEvent(run, event);
      expect(isOver(run)).toBe(true);
      expect(answerSoFar(run)).toBe(run.record?.output);
      expect(run.passes.every(({ usage }) => usage !== null)).toBe(true);
      expect(run.passes).toHaveLength(run.record?.usage.passes.length ?? 0);
    },
  );

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

test('what is copied holds the body and no key', () => {
  const body = { input: "It's a test", strategy: 'checks' as const };
  for (const make of Object.values(snippets)) {
    const text = make('https://example.com', body);
    expect(text).toContain('https://example.com/v1/reflections');
    expect(text).not.toContain('er_live');
  }
  expect(snippets.curl('https://example.com', body)).toContain(`It'\\''s a test`);
});
