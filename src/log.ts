/** The log of a Worker: one JSON object a line on the console, which Workers Logs indexes by member. */
import type { Log } from './errors.ts';

export const consoleLog: Log = (entry) => {
  console[entry.level](JSON.stringify(entry));
};
