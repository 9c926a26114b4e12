/** Runs generators at the same time: their events as they come, their results in order. One goes on when its event was taken. */

export async function* merge<Event, Result>(
  generators: readonly AsyncIterator<Event, Result, void>[],
): AsyncGenerator<Event, readonly Result[], void> {
  const results = new Map<number, Result>();
  const failures: unknown[] = [];
  const ready: Advanced<Event, Result>[] = [];
  let wake = (): void => {};
  // Queued rather than raced: each race would leave a reaction on the promise of every generator that is slower.
  const advance = (generator: AsyncIterator<Event, Result, void>, index: number): void => {
    const take = (advanced: Advanced<Event, Result>): void => {
      ready.push(advanced);
      wake();
    };
    generator.next().then(
      (step) => take({ index, generator, step }),
      (error: unknown) => take({ index, generator, error }),
    );
  };
  generators.forEach(advance);
  const open = new Set(generators.keys());
  try {
    while (open.size > 0) {
      const next = ready.shift();
      if (!next) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const { index, generator, step, error } = next;
      // When one fails, the others still finish: their events and usage come before the error is thrown.
      if (step && !step.done) {
        yield step.value;
        advance(generator, index);
        continue;
      }
      open.delete(index);
      if (step) results.set(index, step.value);
      else failures.push(error);
    }
  } finally {
    // The reader stopped early: the generators are told to stop too, without waiting for them.
    for (const index of open) generators[index]?.return?.().catch(() => undefined);
  }
  if (failures.length > 0) throw failures[0];
  return generators.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}

interface Advanced<Event, Result> {
  readonly index: number;
  readonly generator: AsyncIterator<Event, Result, void>;
  /** Undefined when the generator failed with `error`. */
  readonly step?: IteratorResult<Event, Result>;
  readonly error?: unknown;
}
