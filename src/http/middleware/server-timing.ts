/** `Server-Timing`: the time until the answer's head, and of the stages that a handler names. https://www.w3.org/TR/server-timing/ */
import type { HttpContext, Stages } from '../http-env.ts';

/** On Workers the clock stands still between I/O, so a stage that only computes reads as 0. */
export function serverTimingOf(stages: Stages): string {
  let value = '';
  for (const [name, ms] of stages) value += `${value && ', '}${name};dur=${ms}`;
  return value;
}

/** Waits for `work` and notes its time under `stage`, a token of letters. */
export async function timed<T>(context: HttpContext, now: () => number, stage: string, work: Promise<T>): Promise<T> {
  const startedAt = now();
  try {
    return await work;
  } finally {
    context.get('stages').set(stage, now() - startedAt);
  }
}
