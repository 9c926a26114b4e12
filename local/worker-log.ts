/** What the Worker logs, for a person: one line a request, every warning and every error. */
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod/mini';

export interface LogWay {
  /** `json` gives the Worker's own lines. */
  readonly format: 'text' | 'json';
  /** Warnings and errors only. */
  readonly quiet: boolean;
}

/** Where lines go. */
export interface LogDesk {
  readonly say: (line: string) => void;
  /** For warnings and errors. */
  readonly warn: (line: string) => void;
}

const entryShape = z.looseObject({ level: z.enum(['info', 'warn', 'error']), event: z.string() });
type Entry = z.output<typeof entryShape>;

const answeredShape = z.object({
  event: z.literal('request.answered'),
  request_id: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  code: z.nullable(z.string()),
  decision: z.nullable(z.string()),
  ms: z.number(),
});

/** Of requests that the launcher makes itself: nobody wants to read that it looked whether the Worker is there. */
export const ownRequestId = `launcher-${crypto.randomUUID()}`;

/** The longest that one member is shown. */
const mostLetters = 300;

/** Reads what Wrangler writes, line by line, and says what of it a person should know. */
export class WorkerLog {
  readonly #way: LogWay;
  readonly #desk: LogDesk;
  #block: 'error' | 'warning' | undefined;
  #serving = false;

  constructor(way: LogWay, desk: LogDesk) {
    this.#way = way;
    this.#desk = desk;
  }

  /** From now on Wrangler's own errors are shown as they come; while it starts they are told with its failure. */
  serving(): void {
    this.#serving = true;
  }

  /** Takes one line; false when it is nothing that explains a failure. */
  readonly take = (line: string, from: 'stdout' | 'stderr'): boolean => {
    const text = stripVTControlCharacters(line);
    const entry = readEntry(text);
    if (entry) {
      this.#tell(entry, text);
      return entry.level === 'error';
    }
    return from === 'stderr' && this.#takeWrangler(text);
  };

  #tell(entry: Entry, line: string): void {
    const { format, quiet } = this.#way;
    if (entry.level === 'info' && (quiet || entry['request_id'] === ownRequestId)) return;
    if (format === 'json') this.#desk.say(line.slice(line.indexOf('{')));
    else if (entry.level !== 'info') this.#desk.warn(troubleLine(entry));
    else {
      const answered = answeredShape.safeParse(entry);
      if (answered.success) this.#desk.say(requestLine(answered.data));
    }
  }

  /** Wrangler's own words come as blocks under a mark; its warnings are about this project's configuration, at each start the same. */
  #takeWrangler(text: string): boolean {
    if (text.startsWith('▲')) this.#block = 'warning';
    else if (text.startsWith('✘')) this.#block = 'error';
    if (this.#block === 'warning') return false;
    if (this.#block === 'error' && this.#serving && text.trim() !== '') this.#desk.warn(text);
    return true;
  }
}

function readEntry(text: string): Entry | undefined {
  // Wrangler sets a mark before what is written as an error.
  const json = /^(?:✘ \[ERROR\] |▲ \[WARNING\] )?(\{.*\})\s*$/.exec(text)?.[1];
  if (json === undefined) return undefined;
  try {
    return entryShape.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function requestLine({ method, path, status, code, decision, ms, request_id }: z.output<typeof answeredShape>): string {
  const outcome = decision ?? code;
  const words = [method, shown(path), status, ...(outcome === null ? [] : [outcome]), `${ms} ms`, request_id];
  return words.join(' ');
}

function troubleLine({ level, event, ...members }: Entry): string {
  return [level === 'warn' ? 'warning' : 'error', event, ...describe(members, '')].join(' ');
}

function describe(members: object, prefix: string): string[] {
  return Object.entries(members).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (name === 'stack') return Array.isArray(value) && value.length > 0 ? [shown(String(value[0]))] : [];
    if (typeof value === 'object' && !Array.isArray(value)) return describe(value, `${prefix}${name}.`);
    return [`${prefix}${name}=${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`];
  });
}

function quoted(text: string): string {
  return /^[\w.:/+-]+$/.test(text) ? shown(text) : JSON.stringify(shown(text));
}

/** Without what would move a terminal's cursor, and not endless. */
function shown(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, ' ');
  return plain.length <= mostLetters ? plain : `${plain.slice(0, mostLetters)}…`;
}
