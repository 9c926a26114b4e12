/** What the counting build of the Worker notes down: the one shape that both sides of it share. */

export const markKinds = [
  /** A request reached the Worker; its answer's head left. */
  'request',
  'answer',
  /** An object was made in memory. */
  'made',
  /** A call from outside reached an object; its answer is ready. */
  'call',
  'return',
  /** One SQL statement, an alarm set or a stored value, in an object. */
  'statement',
  'alarm',
  'stored',
  /** An object’s storage had something new to keep at the end of a turn: one commit. */
  'commit',
  /** A request to the model; its head came. */
  'model',
  'modelHead',
  'cacheRead',
  'cacheWrite',
] as const;

export interface Mark {
  readonly kind: (typeof markKinds)[number];
  /** The object's class, with its number in order of appearance: `Run#1`. Empty for the Worker itself. */
  readonly who: string;
  /** The method called, or the statement's first words. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** For a statement: rows that SQLite wrote and read. */
  readonly rowsWritten: number;
  readonly rowsRead: number;
}

/** Where the counting build gives its marks and forgets them. */
export const marksPath = '/bench/marks';
