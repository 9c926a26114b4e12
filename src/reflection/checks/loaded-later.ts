/** Large code that few requests need: a module of its own, loaded by the first request that needs it. */

export interface LoadedLater<Code> {
  /** To be awaited before `loaded`; at once after the first time. */
  prepare(): Promise<void>;
  /** Throws where nobody awaited `prepare`. */
  loaded(): Code;
}

export function loadedLater<Code>(load: () => Promise<Code>): LoadedLater<Code> {
  let code: Code | undefined;
  return {
    async prepare() {
      code ??= await load();
    },
    loaded() {
      if (code === undefined) throw new Error('A check runs after its `prepare`.');
      return code;
    },
  };
}
