/** Takes from the global scope what leads out of the process, for the case that a program gets to JavaScript in spite of all. */

/** What the language itself defines, and what the interpreter calls while it runs. */
const kept: ReadonlySet<string> = new Set([
  ...[
    'Object',
    'Function',
    'Array',
    'Number',
    'Boolean',
    'String',
    'Symbol',
    'BigInt',
    'Math',
    'JSON',
    'Reflect',
    'Proxy',
  ],
  ...['Date', 'RegExp', 'Promise', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'FinalizationRegistry', 'Iterator'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'],
  ...[
    'ArrayBuffer',
    'SharedArrayBuffer',
    'DataView',
    'Atomics',
    'Uint8Array',
    'Int8Array',
    'Uint16Array',
    'Int16Array',
  ],
  ...[
    'Uint32Array',
    'Int32Array',
    'Float32Array',
    'Float64Array',
    'Uint8ClampedArray',
    'BigUint64Array',
    'BigInt64Array',
  ],
  ...['Infinity', 'NaN', 'undefined', 'isNaN', 'isFinite', 'parseInt', 'parseFloat', 'globalThis', 'WebAssembly'],
  ...[
    'decodeURIComponent',
    'encodeURIComponent',
    'TextDecoder',
    'TextEncoder',
    'performance',
    'setTimeout',
    'clearTimeout',
    'console',
  ],
]);

export function closeHost(): void {
  for (const name of Object.getOwnPropertyNames(process)) close(process, name);
  Object.setPrototypeOf(process, null);
  Reflect.set(globalThis, 'console', { log: silent, info: silent, warn: silent, error: silent });
  for (const name of Object.getOwnPropertyNames(globalThis)) if (!kept.has(name)) close(globalThis, name);
}

/** Also where it cannot be deleted. */
function close(holder: object, name: string): void {
  if (Reflect.deleteProperty(holder, name)) return;
  Reflect.set(holder, name, undefined);
}

/** The interpreter tells here of a crash, which is seen from what becomes of the program. */
function silent(): undefined {
  return undefined;
}
