/**
 * Counts what a request really does, inside the runtime: the entry of the counting build (`../counting-build.ts`) wraps the deployed classes with
 * this. Rows are SQLite's own counts, read from each statement's cursor; calls are counted where they arrive. Never part of a timed run.
 */
import { type Mark, marksPath } from '../marks.ts';

let marks: { -readonly [Field in keyof Mark]: Mark[Field] }[] = [];
const names = new WeakMap<object, string>();
const numbers = new Map<string, number>();
const patched = new WeakSet<object>();
/** Objects whose writes of this turn have no commit yet. */
const committing = new Set<string>();

function mark(kind: Mark['kind'], who: string, what: string) {
  const noted = { kind, who, what, at: Date.now(), rowsWritten: 0, rowsRead: 0 };
  marks.push(noted);
  return noted;
}

/** What one turn of the event loop writes is committed together. https://developers.cloudflare.com/durable-objects/best-practices/access-durable-objects-storage/ */
function commits(who: string): void {
  if (committing.has(who)) return;
  committing.add(who);
  mark('commit', who, '');
  setTimeout(() => committing.delete(who), 0);
}

/** For the first line of an object's constructor: gives it a name, and sees to it that its storage is counted. */
export function objectMade(className: string, { storage }: DurableObjectState): void {
  const number = (numbers.get(className) ?? 0) + 1;
  numbers.set(className, number);
  const name = `${className}#${number}`;
  names.set(storage, name);
  names.set(storage.sql, name);
  mark('made', name, '');
  patch(
    storage.sql,
    'exec',
    (exec) =>
      function (this: object, ...words: unknown[]): unknown {
        const noted = mark('statement', names.get(this) ?? '?', String(words[0]).trim().slice(0, 40));
        const cursor = Reflect.apply(exec, this, words);
        // Rows are read and written until the caller has taken what it wants, which it does in this turn.
        queueMicrotask(() => {
          noted.rowsWritten = numberIn(cursor, 'rowsWritten');
          noted.rowsRead = numberIn(cursor, 'rowsRead');
          if (noted.rowsWritten > 0) commits(noted.who);
        });
        return cursor;
      },
  );
  patchNoted(storage, 'setAlarm', 'alarm');
  patchNoted(storage, 'deleteAlarm', 'alarm');
  for (const method of ['put', 'delete', 'deleteAll']) patchNoted(storage, method, 'stored');
}

/** Counts the calls that reach objects of a class. `prototype` is changed. */
export function countCalls(className: string, prototype: object): void {
  for (let own: object | null = prototype; own && own !== Object.prototype; own = Object.getPrototypeOf(own)) {
    for (const method of Object.getOwnPropertyNames(own)) {
      const { value } = Object.getOwnPropertyDescriptor(own, method) ?? {};
      if (method !== 'constructor' && typeof value === 'function') patchCall(own, method, className);
    }
  }
}

function patchCall(prototype: object, method: string, className: string): void {
  patch(
    prototype,
    method,
    (call) =>
      function (this: object, ...words: unknown[]): unknown {
        const who = nameOf(this) ?? className;
        mark('call', who, method);
        const answer = Reflect.apply(call, this, words);
        if (!(answer instanceof Promise)) {
          mark('return', who, method);
          return answer;
        }
        return answer.finally(() => mark('return', who, method));
      },
  );
}

function nameOf(object: object): string | undefined {
  const context: unknown = Reflect.get(object, 'ctx');
  const storage: unknown =
    typeof context === 'object' && context !== null ? Reflect.get(context, 'storage') : undefined;
  return typeof storage === 'object' && storage !== null ? names.get(storage) : undefined;
}

/** The deployed handler, with its requests, its model calls and its cache counted. */
export function countedHandler(handler: ExportedHandler<Env>): ExportedHandler<Env> {
  patch(
    globalThis,
    'fetch',
    (fetch) =>
      async function (this: object, ...words: unknown[]): Promise<unknown> {
        mark('model', '', '');
        const response = await Reflect.apply(fetch, undefined, words);
        mark('modelHead', '', '');
        return response;
      },
  );
  return {
    async fetch(request, env, context) {
      if (new URL(request.url).pathname === marksPath) return takeMarks();
      for (const binding of Object.values(env)) {
        if (!isNamespace(binding)) continue;
        for (const method of ['get', 'getWithMetadata']) patchNoted(binding, method, 'cacheRead');
        for (const method of ['put', 'delete']) patchNoted(binding, method, 'cacheWrite');
      }
      mark('request', '', '');
      const response = await handler.fetch?.(request, env, context);
      mark('answer', '', '');
      return response ?? new Response(null, { status: 500 });
    },
  };
}

function takeMarks(): Response {
  const taken = Response.json(marks);
  marks = [];
  return taken;
}

function isNamespace(binding: unknown): binding is object {
  return typeof binding === 'object' && binding !== null && 'getWithMetadata' in binding;
}

type Work = (this: object, ...words: unknown[]) => unknown;

/** Replaces a method where it is defined, once. */
function patch(object: object, method: string, replace: (original: Work) => Work): void {
  let owner: object | null = object;
  while (owner && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner);
  const original: unknown = owner && Reflect.get(owner, method);
  if (!owner || typeof original !== 'function' || patched.has(original)) return;
  const work: Work = function (...words) {
    return Reflect.apply(original, this, words);
  };
  const counted = replace(work);
  patched.add(counted);
  Object.defineProperty(owner, method, { value: counted, configurable: true, writable: true });
}

function patchNoted(object: object, method: string, kind: Mark['kind']): void {
  patch(
    object,
    method,
    (work) =>
      function (this: object, ...words: unknown[]): unknown {
        const who = names.get(this) ?? '';
        mark(kind, who, method);
        if (kind === 'alarm' || kind === 'stored') commits(who);
        return Reflect.apply(work, this, words);
      },
  );
}

function numberIn(cursor: unknown, field: string): number {
  const value: unknown = typeof cursor === 'object' && cursor !== null ? Reflect.get(cursor, field) : undefined;
  return typeof value === 'number' ? value : 0;
}
