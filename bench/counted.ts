/** What marks say of one request: how many rows, calls and writes it took, and which writes it had to wait for. Pure. */
import type { Mark } from './marks.ts';

/** One request's work. */
export interface Counted {
  /** Durable Objects that were made in memory, and calls that reached objects. */
  readonly objectsMade: number;
  readonly objectCalls: number;
  readonly statements: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly alarms: number;
  /** Turns in which an object wrote: each costs its storage at least one `fsync`. */
  readonly commits: number;
  /**
   * Times a message (an object's answer, or its request to the model) had to wait for storage, because its object had written since its
   * last one: before the model was asked, and from then until the caller had the answer.
   */
  readonly gatesBeforeModel: number;
  readonly gatesBeforeAnswer: number;
  readonly modelCalls: number;
  readonly cacheReads: number;
  readonly cacheWrites: number;
}

/** Counts one request; `marks` are in the order in which things happened, and go on until nothing more came. */
export function countMarks(marks: readonly Mark[]): Counted {
  const of = (kind: Mark['kind']) => marks.filter((mark) => mark.kind === kind);
  const total = (field: 'rowsWritten' | 'rowsRead') => of('statement').reduce((sum, mark) => sum + mark[field], 0);
  const model = marks.findIndex(({ kind }) => kind === 'model');
  const answer = marks.findIndex(({ kind }) => kind === 'answer');
  const end = answer < 0 ? marks.length : answer;
  const gates = gatesIn(marks);
  return {
    objectsMade: of('made').length,
    objectCalls: of('call').length,
    statements: of('statement').length,
    rowsWritten: total('rowsWritten'),
    rowsRead: total('rowsRead'),
    alarms: of('alarm').length,
    commits: of('commit').length,
    gatesBeforeModel: gates.filter((place) => place <= model).length,
    gatesBeforeAnswer: gates.filter((place) => place > model && place < end).length,
    modelCalls: of('model').length,
    cacheReads: of('cacheRead').length,
    cacheWrites: of('cacheWrite').length,
  };
}

/** Where in the list a message left an object that had written before it. A model's request leaves the object that was called last and has not answered, or whose work goes on. */
function gatesIn(marks: readonly Mark[]): number[] {
  const written = new Set<string>();
  return marks.flatMap((mark, place) => {
    if (isWrite(mark)) written.add(mark.who);
    const leaves = mark.kind === 'return' ? [mark.who] : mark.kind === 'model' ? askers(marks.slice(0, place)) : [];
    const waiting = leaves.filter((who) => written.delete(who));
    return waiting.map(() => place);
  });
}

function isWrite({ kind, rowsWritten }: Mark): boolean {
  return kind === 'alarm' || kind === 'stored' || (kind === 'statement' && rowsWritten > 0);
}

/** The object that hosts an account’s runs asks models; others do not. */
function askers(before: readonly Mark[]): string[] {
  const last = before.findLast(({ kind, who }) => kind === 'call' && who.startsWith('Account#'));
  return last ? [last.who] : [];
}

/** Milliseconds from the request to each step of it, by the step's name, in order of time. */
export function stepsOf(marks: readonly Mark[]): ReadonlyMap<string, number> {
  const start = marks.find(({ kind }) => kind === 'request')?.at;
  const steps = new Map<string, number>();
  if (start === undefined) return steps;
  for (const mark of marks) {
    const name = stepName(mark);
    if (name !== undefined && !steps.has(name)) steps.set(name, mark.at - start);
  }
  return steps;
}

function stepName({ kind, who, what }: Mark): string | undefined {
  const className = who.replace(/#\d+$/, '');
  switch (kind) {
    case 'call':
      return `${className}.${what} called`;
    case 'return':
      return `${className}.${what} answered`;
    case 'made':
      return `${className} made`;
    case 'model':
      return 'model asked';
    case 'modelHead':
      return 'model’s head came';
    case 'cacheRead':
      return 'cache read';
    case 'answer':
      return 'answer left';
    default:
      return undefined;
  }
}
