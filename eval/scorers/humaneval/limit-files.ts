/** Bounds what Python keeps in its files and pipes: they lie in memory that no limit of V8 or of WebAssembly counts. */

/** Emscripten's error "no space left on device". */
const noSpace = 51;

/** `fileSystem`: Emscripten's `FS`. All that is ever written counts, in bytes; what is deleted is not given back. */
export function limitFiles(fileSystem: object, most: number): void {
  let left = most;
  const spend = (bytes: number): void => {
    left -= bytes;
    if (!(left >= 0)) throw Reflect.construct(methodOf(fileSystem, 'ErrnoError'), [noSpace]);
  };
  const memory: object = Reflect.get(Reflect.get(fileSystem, 'filesystems'), 'MEMFS');
  before(fileSystem, 'write', ([stream, , , length]) => {
    // Output is thrown away as it comes.
    const { node } = Object(stream);
    const isDevice: unknown = Reflect.apply(methodOf(fileSystem, 'isChrdev'), fileSystem, [node.mode]);
    if (isDevice !== true) spend(Number(length));
  });
  // A file grows without being written where it is truncated to a larger size, or written beyond its end.
  before(memory, 'expandFileStorage', ([node, size]) => spend(Math.max(0, Number(size) - sizeOf(node))));
  before(memory, 'resizeFileStorage', ([node, size]) => spend(Math.max(0, Number(size) - sizeOf(node))));
}

function sizeOf(node: unknown): number {
  return Number(Object(node).contents?.length ?? 0);
}

function before(holder: object, name: string, check: (given: readonly unknown[]) => void): void {
  const method = methodOf(holder, name);
  Reflect.set(holder, name, (...given: readonly unknown[]): unknown => {
    check(given);
    return Reflect.apply(method, holder, given);
  });
}

function methodOf(holder: object, name: string): (...given: readonly unknown[]) => unknown {
  const method: unknown = Reflect.get(holder, name);
  if (isMethod(method)) return method;
  throw new Error(`This Pyodide has no ${name} where it is expected.`);
}

function isMethod(value: unknown): value is (...given: readonly unknown[]) => unknown {
  return typeof value === 'function';
}
