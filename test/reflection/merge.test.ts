import { describe, expect, test } from 'vitest';
import { merge } from '../../src/reflection/merge.ts';
import { drain } from '../support/reflections.ts';

/** Yields its events, each after some turns of the event loop, and notes when it is left. */
async function* worker(name: string, turns: number, left: string[] = []): AsyncGenerator<string, string, void> {
  try {
    for (let step = 1; step <= 2; step += 1) {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      yield `${name}${step}`;
    }
    return name;
  } finally {
    left.push(name);
  }
}

describe('merge', () => {
  test('tells events as they come and gives the results in order', async () => {
    const { events, result } = await drain(merge([worker('slow', 50), worker('quick', 1)]));
    expect(events).toEqual(['quick1', 'quick2', 'slow1', 'slow2']);
    expect(result).toEqual(['slow', 'quick']);
  });

  test('gives nothing for nothing', async () => {
    expect(await drain(merge([]))).toEqual({ events: [], result: [] });
  });

  test('lets the others end when one fails, and then throws its error', async () => {
    const left: string[] = [];
    async function* failing(): AsyncGenerator<string, string, void> {
      yield 'about to';
      throw new Error('broken');
    }
    await expect(drain(merge([worker('other', 3, left), failing(), worker('third', 3, left)]))).rejects.toThrow(
      'broken',
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(left.toSorted()).toEqual(['other', 'third']);
  });

  test('stops all when its reader leaves', async () => {
    const left: string[] = [];
    for await (const event of merge([worker('one', 1, left), worker('two', 1, left)])) {
      expect(event).toBe('one1');
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(left.toSorted()).toEqual(['one', 'two']);
  });

  test('does not mind others that fail while they are being stopped', async () => {
    async function* failing(message: string): AsyncGenerator<string, string, void> {
      await Promise.resolve();
      yield 'x';
      throw new Error(message);
    }
    await expect(drain(merge([failing('first'), failing('second')]))).rejects.toThrow('first');
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
