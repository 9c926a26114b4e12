/**
 * Workers AI's numbered errors, and what each means for us.
 * https://developers.cloudflare.com/workers-ai/platform/errors/ (5021, 5025, 5028, 5035 and 8001 are seen in the field).
 */
import type { FaultKind } from './provider.ts';

const failed = { code: 'upstream_failed' } as const;

export const workersAiErrors = {
  3003: { ...failed, retry: 'never', message: 'The model refused the request as incomplete.' },
  3006: { code: 'context_length_exceeded', retry: 'never', message: 'The request is too large for the model.' },
  3007: { ...failed, retry: 'again', message: 'The model took too long to answer.' },
  3008: { ...failed, retry: 'never', message: 'The provider aborted the request.' },
  3023: { ...failed, retry: 'never', message: 'The Cloudflare account may not use Workers AI.' },
  3030: { ...failed, retry: 'never', message: 'The provider withheld the answer.' },
  3036: {
    code: 'upstream_quota',
    retry: 'never',
    message: 'The daily allocation of Workers AI is used up until 00:00 UTC.',
  },
  3039: { ...failed, retry: 'next-model', message: 'The model’s fine-tune is incomplete.' },
  3040: { code: 'upstream_busy', retry: 'again', message: 'The model is out of capacity.' },
  3041: { ...failed, retry: 'next-model', message: 'The Cloudflare account may not use this model.' },
  3042: { ...failed, retry: 'next-model', message: 'The model does not exist.', gone: true },
  5004: { ...failed, retry: 'never', message: 'The model refused the request as invalid.' },
  5005: { ...failed, retry: 'never', message: 'The model does not take LoRA adapters.' },
  5007: { ...failed, retry: 'next-model', message: 'The model does not exist.', gone: true },
  5016: { ...failed, retry: 'next-model', message: 'The model’s licence was not agreed to in the Cloudflare account.' },
  5018: { ...failed, retry: 'next-model', message: 'The Cloudflare account may not use this model.' },
  5019: { ...failed, retry: 'never', message: 'The provider no longer serves this version of its interface.' },
  5021: { code: 'context_length_exceeded', retry: 'never', message: 'The request is longer than the model’s context.' },
  5025: { ...failed, retry: 'next-model', message: 'The model cannot follow a JSON Schema.', schema: 'refused' },
  5028: { ...failed, retry: 'next-model', message: 'The model was retired.', gone: true },
  5035: { ...failed, retry: 'next-model', message: 'The model needs a paid Workers plan.' },
  8001: { ...failed, retry: 'never', message: 'The model refused the request as invalid.' },
} as const satisfies Record<number, FaultKind>;

const byCode = new Map<number, FaultKind>(Object.entries(workersAiErrors).map(([code, kind]) => [Number(code), kind]));

/** What a Workers AI code means, with the code named in the message; undefined for a code that is not in the table. */
export function workersAiFault(code: number | undefined): FaultKind | undefined {
  const kind = code === undefined ? undefined : byCode.get(code);
  return kind && { ...kind, message: `${kind.message} (Workers AI ${code})` };
}

/**
 * The code in an error's text. The binding throws `"3040: Capacity temporarily exceeded"`, sometimes behind a name
 * (`"AiError: 3040: …"`); only a known code counts, so that a request id in front is not taken for one.
 */
export function workersAiCode(text: string): number | undefined {
  for (const [, digits] of text.matchAll(/\b(\d{4})\s*:/g)) {
    const code = Number(digits);
    if (byCode.has(code)) return code;
  }
  return undefined;
}
