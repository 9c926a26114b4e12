/** The Worker's variables as typed settings. Pure: `services.ts` reads the environment. */
import * as z from 'zod/mini';
import { fieldProblems } from './reflection/field-problems.ts';

const modelName = z.string('expected the name of a model').check(z.minLength(1, 'expected the name of a model'));
/** Variables are text. An empty one counts as unset, as in the line `UPSTREAM_KEY=`. */
const optionalText = z.pipe(
  z.optional(z.string()),
  z.transform((value) => value || undefined),
);
const url = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

const wholeNumber = (expected: string) =>
  z.pipe(z.string().check(z.regex(/^[1-9]\d{0,8}$/, expected)), z.transform(Number));

/** Variables of every Worker, whichever provider it uses. */
const shared = {
  MODELS: optionalText,
  TIERS: optionalText,
  ADMIN_TOKEN: z.pipe(
    optionalText,
    z.optional(
      z.string().check(z.regex(/^[\x21-\x7e]{16,}$/, 'expected a secret of at least 16 letters, without spaces')),
    ),
  ),
  /** The first secret makes the tags of new keys; every secret verifies tags. */
  KEY_TAG_SECRETS: z.pipe(
    z
      .string('expected secrets of at least 16 letters, divided by commas')
      .check(
        z.refine(
          (text) => listed(text).length > 0 && listed(text).every((secret) => secret.length >= 16),
          'expected secrets of at least 16 letters, divided by commas',
        ),
      ),
    z.transform(listed),
  ),
  KEY_MODE: z._default(z.enum(['live', 'test']), 'live'),
  WEBHOOK_PRIVATE_ADDRESSES: z._default(z.enum(['refuse', 'allow']), 'refuse'),
  ACCESS_LOG: z._default(z.enum(['brief', 'full']), 'brief'),
  /** Who calls the models: an entrypoint, each call in a context of its own, or the object that hosts the run. */
  MODEL_CALLS: z._default(z.enum(['entrypoint', 'direct'], 'expected "entrypoint" or "direct"'), 'entrypoint'),
  STORED_DAYS: z._default(wholeNumber('expected a number of days'), 30),
};

function listed(text: string): string[] {
  return text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}

const variables = z.discriminatedUnion(
  'MODEL_PROVIDER',
  [
    z.object({
      MODEL_PROVIDER: z.literal('workers-ai'),
      /** The platform limit for all accounts together. https://developers.cloudflare.com/workers-ai/platform/limits/ */
      MODEL_REQUESTS_PER_MINUTE: z._default(wholeNumber('expected a number of requests'), 300),
      ...shared,
    }),
    z.object({
      MODEL_PROVIDER: z.literal('openai-compatible'),
      UPSTREAM_URL: url,
      UPSTREAM_KEY: optionalText,
      UPSTREAM_MODEL: modelName,
      UPSTREAM_CLASS: z._default(z.enum(['small', 'large']), 'large'),
      UPSTREAM_CONTEXT: z._default(wholeNumber('expected a number of tokens'), 8_192),
      ...shared,
    }),
  ],
  'expected "workers-ai" or "openai-compatible"',
);

export type Config = z.output<typeof variables>;

/** Reads the variables. Throws an Error that names each wrong variable and what was expected; it does not repeat values. */
export function parseConfig(environment: unknown): Config {
  const result = variables.safeParse(environment);
  if (result.success) return result.data;
  const problems = fieldProblems(result.error.issues).map(({ field, message }) => `${field}: ${message}`);
  throw new Error(`The service is not configured. ${problems.join('; ')}`);
}
