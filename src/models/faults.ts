/** Turns a provider's failure (a thrown error, an error body, an HTTP status) into a `ProviderFault`. */
import * as z from 'zod/mini';
import { type FaultKind, ProviderFault } from './provider.ts';
import { workersAiCode, workersAiFault } from './workers-ai-errors.ts';

interface Failure {
  /** HTTP status, when there was a response. */
  readonly status?: number | undefined;
  /** A thrown error, or an error body: parsed JSON, or its text. */
  readonly error: unknown;
  readonly retryAfterSeconds?: number | undefined;
}

/** The parts of an error that classify it. `words` are never shown, because they may quote the request. */
interface Reading {
  readonly status: number | undefined;
  readonly code: number | undefined;
  readonly words: string;
}

const code = z.optional(z.nullable(z.union([z.string(), z.number()])));
const words = z.optional(z.nullable(z.string()));
const errorObject = z.object({
  code,
  internalCode: code,
  message: words,
  description: words,
  type: words,
  name: words,
});
const errorBody = z.union([
  z.object({ error: z.union([z.string(), errorObject]) }),
  z.object({ errors: z.array(errorObject).check(z.minLength(1)) }),
  errorObject,
]);

/** The first pattern that matches decides. */
const wordings: readonly { readonly pattern: RegExp; readonly kind: FaultKind }[] = [
  {
    pattern: /json mode couldn['’]t be met/i,
    kind: {
      code: 'upstream_failed',
      retry: 'again',
      message: 'The model could not follow the JSON Schema.',
      schema: 'unmet',
    },
  },
  {
    pattern: /context[ _](length|window|size)|maximum context|exceed_context_size/i,
    kind: {
      code: 'context_length_exceeded',
      retry: 'never',
      message: 'The request is longer than the model’s context.',
    },
  },
  {
    pattern: /insufficient[ _]quota|exceeded your current quota|billing|out of credits?/i,
    kind: { code: 'upstream_quota', retry: 'never', message: 'The quota at the model provider is used up.' },
  },
  {
    pattern: /needs to be run remotely/i,
    kind: {
      code: 'upstream_failed',
      retry: 'never',
      message: 'Workers AI cannot be reached from a local server without a Cloudflare login.',
    },
  },
];

const credentials: FaultKind = {
  code: 'upstream_failed',
  retry: 'never',
  message: 'The model endpoint refused the service’s credentials; its operator must check the upstream key.',
};
const refused: FaultKind = {
  code: 'upstream_failed',
  retry: 'never',
  message: 'The model endpoint refused the request.',
};
const redirected: FaultKind = {
  code: 'upstream_failed',
  retry: 'never',
  message: 'The model endpoint redirects elsewhere; its operator must configure the final address.',
};
const busy: FaultKind = { code: 'upstream_busy', retry: 'again', message: 'The model is out of capacity.' };
const broken: FaultKind = { code: 'upstream_failed', retry: 'again', message: 'The model endpoint failed.' };

const byStatus: Readonly<Record<number, FaultKind>> = {
  401: credentials,
  402: { code: 'upstream_quota', retry: 'never', message: 'The quota at the model provider is used up.' },
  403: credentials,
  404: { code: 'upstream_failed', retry: 'next-model', message: 'The model endpoint knows no such model or address.' },
  408: { code: 'upstream_failed', retry: 'again', message: 'The model took too long to answer.' },
  409: broken,
  413: { code: 'context_length_exceeded', retry: 'never', message: 'The request is too large for the model.' },
  429: busy,
  503: busy,
  529: busy,
};

/** By the first digit of the status. */
const byClass: Readonly<Record<number, FaultKind>> = { 3: redirected, 4: refused };

/** A known Workers AI code decides first, then the wording, then the status. Anything else counts as temporary. */
export function faultOf({ status, error, retryAfterSeconds }: Failure): ProviderFault {
  if (error instanceof ProviderFault) return error;
  const reading = read(error, status);
  return new ProviderFault(kindOf(reading), retryAfterSeconds);
}

function kindOf({ status, code, words }: Reading): FaultKind {
  const numbered = workersAiFault(code) ?? workersAiFault(workersAiCode(words));
  if (numbered) return numbered;
  const worded = wordings.find(({ pattern }) => pattern.test(words));
  if (worded) return worded.kind;
  if (status === undefined) return broken;
  const kind = byStatus[status] ?? byClass[Math.floor(status / 100)] ?? broken;
  return { ...kind, message: `${kind.message} (HTTP ${status})` };
}

function read(error: unknown, status: number | undefined): Reading {
  const parsed = errorBody.safeParse(error instanceof Error ? { message: error.message } : error);
  if (!parsed.success) return { status, code: undefined, words: typeof error === 'string' ? error : '' };
  const inner = innermost(parsed.data);
  if (typeof inner === 'string') return { status, code: undefined, words: inner };
  const code = Number(inner.internalCode ?? inner.code ?? Number.NaN);
  const words = [inner.name, inner.type, inner.code, inner.message, inner.description].filter(Boolean).join(' ');
  // llama.cpp and vLLM put the HTTP status in `code`, also in the middle of a stream that began with 200.
  const statusInBody = code >= 400 && code < 600 ? code : undefined;
  return { status: statusInBody ?? status, code: Number.isNaN(code) ? undefined : code, words };
}

function innermost(body: z.output<typeof errorBody>): string | z.output<typeof errorObject> {
  if ('error' in body) return body.error;
  if ('errors' in body) return body.errors[0] ?? '';
  return body;
}
