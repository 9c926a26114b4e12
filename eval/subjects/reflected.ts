/** A reflection of the engine in this process, whoever its model is. */
import { AppError } from '../../src/errors.ts';
import { runErrorOf } from '../../src/reflection/ending.ts';
import type { Model, Roster } from '../../src/reflection/model.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { ReflectionRequest } from '../../src/reflection/request.ts';

export interface ReflectedTools {
  readonly model: Model;
  readonly roster: Roster;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
}

/** One nonce for all: with the same words to the model, its answer is the same. */
const nonce = 'evaluation';

/** The record of a run that ended, or of one that failed in a way the service would tell its caller. */
export async function reflected(
  request: ReflectionRequest,
  { model, roster, now }: ReflectedTools,
): Promise<Reflection> {
  const recorder = new Recorder('refl_evaluation', now);
  recorder.queued(request.include, request.metadata, 'bypass');
  const given = { model, roster, nonce, now, startedAt: now(), reserve: () => null };
  try {
    for await (const event of reflect(request, given)) recorder.stamp(event);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    recorder.end({ type: 'failed', error: runErrorOf(error) });
  }
  return recorder.record;
}
