/** Runs generators at the same time: their events as they come, their results in order. */

export async function* together<Event, Result>(
  generators: readonly AsyncIterator<Event, Result, void>[],
): AsyncGenerator<Event, readonly Result[], void> {
  const results = new Map<number, Result>();
  const advance = async (generator: AsyncIterator<Event, Result, void>, index: number) => ({
    generator,
    index,
    step: await generator.next(),
  });
  const pending = new Map(generators.map((generator, index) => [index, advance(generator, index)]));
  try {
    while (pending.size > 0) {
      const { generator, index, step } = await Promise.race(pending.values());
      if (step.done) {
        pending.delete(index);
        results.set(index, step.value);
      } else {
        pending.set(index, advance(generator, index));
        yield step.value;
      }
    }
  } finally {
    // Left early, by an error of one or by the reader: the others are told to stop, and nobody waits for them.
    for (const [index, step] of pending) {
      step.catch(() => undefined);
      generators[index]?.return?.().catch(() => undefined);
    }
  }
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
}
