/** Whether what an answer states stands in the sources that came with the request. */
import * as z from 'zod/mini';
import type { CheckDefinition } from '../check.ts';
import { settings } from '../fields.ts';
import { loadedLater } from '../loaded-later.ts';
import { claimKinds, claimNouns } from './found-claims.ts';

const kinds = settings({
  kinds: z._default(
    z
      .array(z.enum(claimKinds, `expected some of: ${claimKinds.join(', ')}`), 'expected a list')
      .check(z.minLength(1, 'expected at least one kind')),
    [...claimKinds],
  ),
});

const verifier = loadedLater(async () => (await import('./verdict.ts')).verifySources);

export const sources: CheckDefinition<typeof kinds> = {
  summary:
    'Every number, date, full name, address, URL and quotation of the answer stands in a source (numbers and names may stand in the question). What can be reckoned from the sources, or is otherwise unsure, leaves it open; without sources it is skipped.',
  schema: kinds,
  prepare: verifier.prepare,
  requirement: ({ kinds }) => `Take every ${kinds.map((kind) => claimNouns[kind]).join(', ')} from the sources.`,
  run: (text, { kinds }, context) => verifier.loaded()(text, kinds, context),
};
