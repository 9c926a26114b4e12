/** Scores of GSM8K. The headline is lm-evaluation-harness's `flexible-extract` with `exact_match`, which agrees with OpenAI's own verdicts on all recorded solutions. */
import { strip } from '../python/text.ts';

/** What the reference gives where it finds no answer. */
const invalid = '[invalid]';

/** https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/tasks/gsm8k/gsm8k.yaml */
export function flexibleExtract(response: string): string {
  const last = [...response.matchAll(/(-?[$0-9.,]{2,})|(-?[0-9]+)/g)].at(-1);
  return last === undefined ? invalid : strip(last[0]);
}

/** The first number behind `#### `. */
export function strictMatch(response: string): string {
  const found = /#### (-?[0-9.,]+)/.exec(response)?.[1];
  return found === undefined ? invalid : strip(found);
}

/** https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/api/metrics.py (`exact_match` with GSM8K's `regexes_to_ignore`) */
export function exactMatch(prediction: string, gold: string): boolean {
  return normalised(prediction) === normalised(gold);
}

function normalised(text: string): string {
  return text
    .replaceAll(',', '')
    .replaceAll('$', '')
    .replace(/[\s\S]*#### /, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** https://github.com/openai/grade-school-math/blob/master/grade_school_math/dataset.py (`is_correct`) */
export function openAiMatch(response: string, gold: string): boolean {
  const [one, other] = [openAiExtract(response), openAiExtract(gold)];
  return other !== invalid && one === other;
}

export function openAiExtract(text: string): string {
  return /#### (-?[0-9.,]+)/.exec(text)?.[1]?.trim().replaceAll(',', '') ?? invalid;
}

export interface Gsm8kVerdict {
  readonly correct: boolean;
  /** The number that was taken for the answer; `[invalid]` where there was none. */
  readonly extracted: string;
  /** With `strict-match`. */
  readonly strict: boolean;
}

/** `gold`: the data set's answer with its reasoning, or the number alone. A response without an answer is wrong. */
export function scoreGsm8k(response: string, gold: string): Gsm8kVerdict {
  const extracted = flexibleExtract(response);
  return {
    correct: exactMatch(extracted, gold),
    extracted,
    strict: exactMatch(strictMatch(response), gold),
  };
}
