/** What it takes to read the patterns and schemas that a body declares, bounded for all of them together before any is compiled. */
import { isRecord } from '../is-record.ts';
import { affordable } from './pattern.ts';

/** In steps of about 60 ns: a sixteenth of a second. */
const stepsOfBody = 1_000_000;
/** Measured: to scan a character of a pattern, and to read one object of a schema. */
const stepsEach = { character: 2, object: 50 } as const;

/** Why the patterns and schemas of these checks, as somebody sent them, are not compiled; undefined where they may be. */
export function declaredCostProblem(checks: readonly unknown[]): string | undefined {
  let steps = 0;
  for (const each of declaredSteps(checks)) {
    steps += each;
    if (steps > stepsOfBody)
      return 'expected fewer or smaller patterns and schemas: together they take too long to compile';
  }
  return undefined;
}

function* declaredSteps(checks: readonly unknown[]): Generator<number> {
  for (const check of checks) {
    if (!isRecord(check)) continue;
    const { type, pattern, flags, schema } = check;
    if (type === 'regex' && typeof pattern === 'string')
      yield patternSteps(pattern, typeof flags === 'string' ? flags.slice(0, 3) : '');
    if (type === 'json_schema') yield* schemaSteps(schema);
  }
}

/** A pattern that is too large by itself is not compiled, and is refused by its own name. */
function patternSteps(source: string, flags: string): number {
  const cost = affordable(source, flags);
  return source.length * stepsEach.character + ('problem' in cost ? 0 : cost.steps);
}

/** Every text where a schema may hold a pattern counts as one. */
function* schemaSteps(schema: unknown): Generator<number> {
  const rest = [schema];
  while (rest.length > 0) {
    const next = rest.pop();
    if (Array.isArray(next)) for (const each of next) rest.push(each);
    if (!isRecord(next)) continue;
    yield stepsEach.object;
    const { pattern, patternProperties } = next;
    if (typeof pattern === 'string') yield patternSteps(pattern, '');
    if (isRecord(patternProperties))
      for (const source of Object.keys(patternProperties)) yield patternSteps(source, '');
    for (const each of Object.values(next)) rest.push(each);
  }
}
