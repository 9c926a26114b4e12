/** The JSON that critics, confirmers and judges write. The first critique loads the code that mends its slips. */
import type * as z from 'zod/mini';
import { loadedLater } from './checks/loaded-later.ts';
import type { ObjectRead } from './read-object.ts';

const reader = loadedLater(() => import('./read-object.ts'));

/** To be awaited before anything is read. */
export const prepareModelJson = reader.prepare;

/** What `readObject` of `read-object.ts` gives. */
export function readObject<Schema extends z.ZodMiniType>(
  text: string,
  schema: Schema,
  decisionOf?: (value: z.output<Schema>) => unknown,
  judged?: string,
): ObjectRead<z.output<Schema>> | undefined {
  return reader.loaded().readObject(text, schema, decisionOf, judged);
}
