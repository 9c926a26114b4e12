/** A failure in sentences: what went wrong and what to do, and beneath it the service's own words. */
import type { RunError } from '../src/reflection/record.ts';
import { CallFailure } from './api.ts';
import type { FailureCode, Texts } from './texts.ts';

export interface Told {
  readonly advice: string;
  /** In English, as the service said it. */
  readonly details: readonly string[];
}

export function toldOf(error: unknown, texts: Texts): Told {
  if (!(error instanceof CallFailure)) return { advice: texts.failure.other, details: [] };
  if (error.code === null) return { advice: texts.failure.unreachable, details: [] };
  return tell(error.code, error.message, error.fields, error.retryAfterSeconds, texts);
}

/** Of a run that failed. */
export function toldOfRun({ code, message, fields = [], retry_after_s }: RunError, texts: Texts): Told {
  return tell(code, message, fields, retry_after_s ?? null, texts);
}

function tell(
  code: string,
  message: string,
  fields: readonly { readonly field: string; readonly message: string }[],
  seconds: number | null,
  texts: Texts,
): Told {
  const advice = isCode(code, texts) ? texts.failure[code] : texts.failure.other;
  return {
    advice: seconds === null ? advice : `${advice} ${texts.waits(Math.ceil(seconds))}`,
    details: fields.length > 0 ? fields.map((each) => `${each.field}: ${each.message}`) : [message],
  };
}

function isCode(code: string, texts: Texts): code is FailureCode {
  return Object.hasOwn(texts.failure, code);
}
