/** Whether the sums in an answer are right. */
import type { CheckDefinition } from '../check.ts';
import { settings } from '../fields.ts';
import { loadedLater } from '../loaded-later.ts';

const nothing = settings({});

const verifier = loadedLater(async () => (await import('./verdict.ts')).verifyArithmetic);

export const arithmetic: CheckDefinition<typeof nothing> = {
  summary:
    'Every calculation written out in the answer (`12 × 3 = 36`, chains, units, percentages) is right; what is ambiguous is left out.',
  schema: nothing,
  prepare: verifier.prepare,
  requirement: () => 'Get every calculation right.',
  run: (text) => verifier.loaded()(text),
};
