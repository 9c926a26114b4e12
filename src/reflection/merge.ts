/** Runs generators at the same time: their events as they come, their results in order. One goes on when its event was taken. */

export async function* merge<Event, Result>(
  generators: readonly AsyncIterator<Event, Result, void>[],
): AsyncGenerator<Event, readonly Result[], void> {
  const results = new Map<number, Result>();
  const failures: unknown[] = [];
  const pending = new Map(generators.map((generator, index) => [index, advance(generator, index)]));
  const open = new Set(pending.keys());
  try {
    while (pending.size > 0) {
      const { index, generator, step, error } = await Promise.race(pending.values());
      pending.delete(index);
      // When one fails, the others still finish: their events and usage come before the error is thrown.
      if (step && !step.done) {
        yield step.value;
        pending.set(index, advance(generator, index));
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

function advance<Event, Result>(
  generator: AsyncIterator<Event, Result, void>,
  index: number,
): Promise<Advanced<Event, Result>> {
  return generator.next().then(
    (step) => ({ index, generator, step }),
    (error: unknown) => ({ index, generator, error }),
  );
}
