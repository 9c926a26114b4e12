import { describe, expect, test } from 'vitest';
import { createContext } from '../../../src/reflection/context.ts';
import type { StepEvent } from '../../../src/reflection/events.ts';
import type { ReflectionBody } from '../../../src/reflection/request.ts';
import { type Examined, examine, hasFailed, hasPassed, mendByCode } from '../../../src/reflection/steps/examine.ts';
import { check, request, tools } from '../../support/reflections.ts';
import { scriptedModel } from '../../support/scripted-model.ts';

function examined(checks: NonNullable<ReflectionBody['checks']>, text: string, truncated = false) {
  const context = createContext(request({ checks }), tools(scriptedModel([])));
  const events: StepEvent[] = [];
  const all = <Result>(steps: Generator<StepEvent, Result, void>): Result => {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      events.push(step.value);
    }
  };
  const before = all(examine(context, 'draft', text, truncated));
  return { before, after: all(mendByCode(context, before)), events };
}

describe('mending by code', () => {
  test('is told, and keeps that a text was cut off', () => {
    const { after, events } = examined([{ type: 'forbidden_characters', characters: [','] }], 'Well, yes', true);
    expect(after).toMatchObject({ subject: 'draft-mended', truncated: true, checks: [{ status: 'pass' }] });
    expect(after.text).not.toContain(',');
    expect(events.map((event) => event.type)).toEqual(['check.completed', 'edit.applied', 'check.completed']);
  });

  test('does nothing for a text that passes, or that it has no means for', () => {
    for (const text of ['All is well', 'Too short']) {
      const { before, after, events } = examined([{ type: 'words', min: text === 'Too short' ? 9 : 1 }], text);
      expect(after).toBe(before);
      expect(events.map((event) => event.type)).toEqual(['check.completed']);
    }
  });

  test('that only comes nearer stands', () => {
    const { after, events } = examined(
      [{ type: 'words', max: 3 }],
      'Sure! Here is the text:\n\nOne two three four five.',
    );
    expect(after).toMatchObject({ subject: 'draft-mended', text: 'One two three four five.' });
    expect(events.at(-1)).toMatchObject({ subject: 'draft-mended', check: { status: 'fail', measured: 5 } });
  });
});

test('a text has passed when none of its checks failed and one could tell', () => {
  const of = (...statuses: ('pass' | 'fail' | 'skipped')[]): Examined => ({
    subject: 's',
    text: 't',
    truncated: false,
    checks: statuses.map((status, index) => check(`c${index}`, status)),
  });
  expect([of(), of('skipped'), of('pass', 'skipped'), of('pass', 'fail')].map(hasPassed)).toEqual([
    false,
    false,
    true,
    false,
  ]);
  expect([of(), of('skipped'), of('pass', 'fail')].map(hasFailed)).toEqual([false, false, true]);
});
