/** Runs generators at the same time: their events as they come, their results in order. */

export async function* together<Event, Result>(
  generators: readonly AsyncIterator<Event, Result, void>[],
): AsyncGenerator<Event, readonly Result[], void> {
  const results = new Map<number, Result>();
  const advance = (index: number) => generators[index]?.next().then((step) => ({ index, step }));
  const pending = new Map(generators.map((_, index) => [index, advance(index)]));
  try {
    while (pending.size > 0) {
      const next = await Promise.race(pending.values());
      if (!next) break;
      if (next.step.done) {
        pending.delete(next.index);
        results.set(next.index, next.step.value);
      } else {
        pending.set(next.index, advance(next.index));
        yield next.step.value;
      }
    }
  } finally {
    // Left early, by an error of one or by the reader: the others are told to stop, and nobody waits for them.
    for (const index of pending.keys()) {
      pending.get(index)?.catch(() => undefined);
      generators[index]?.return?.().catch(() => undefined);
    }
  }
  return generators.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
