/** What the accept gate is asked: a draft with a mistake in it, its mended form, and the input around any two texts. */

import type { CheckResult } from '../../src/reflection/checks/check.ts';
import { locate } from '../../src/reflection/quote.ts';
import type { Issue } from '../../src/reflection/record.ts';
import type { AcceptInput } from '../../src/reflection/rules/accept-rules.ts';
import type { Task } from '../../src/reflection/task.ts';
import { check, issue } from './reflections.ts';

export const open: Task = { class: 'open', choices: [], complexity: 0 };
export const number: Task = { class: 'number', choices: [], complexity: 0 };
/** It says Paris where it should say London. */
export const draft =
  'Ada Lovelace was born in 1815 in Paris. She wrote the first program, and more about it is at https://a.example/ada.';

/** An issue about these words of the draft. */
export const about = (quote: string, part: Partial<Issue> = {}, text = draft): Issue =>
  issue({ quote, span: locate(quote, text), ...part });

/** Nothing but the two texts, their checks and what `part` adds; evidence is needed unless it says otherwise. */
export function input(
  before: string,
  after: string,
  part: Partial<Omit<AcceptInput, 'before' | 'after'>> & {
    checksBefore?: CheckResult[];
    checksAfter?: CheckResult[];
  } = {},
): AcceptInput {
  const { checksBefore = [], checksAfter = [], ...rest } = part;
  return {
    before: { text: before, checks: checksBefore },
    after: { text: after, checks: checksAfter },
    issues: [],
    task: open,
    known: '',
    witnesses: [],
    needsEvidence: true,
    ...rest,
  };
}

/** A revision that mends one failed check, a check of form unless `part` tells another. */
export function mending(before: string, after: string, part: Partial<CheckResult> = { type: 'quoted' }, known = '') {
  return input(before, after, {
    checksBefore: [check('c1', 'fail', part)],
    checksAfter: [check('c1', 'pass', part)],
    known,
  });
}

export const london = draft.replace('Paris', 'London');
