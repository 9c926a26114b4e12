/** The Worker's variables as typed settings. Pure: who reads the environment is `services.ts`. */
import * as z from 'zod/mini';
import { fieldProblems } from './reflection/request.ts';

const modelName = z.string('expected the name of a model').check(z.minLength(1, 'expected the name of a model'));
/** Variables are text; an empty one counts as unset, as a line `UPSTREAM_KEY=` means. */
const optionalText = z.pipe(
  z.optional(z.string()),
  z.transform((value) => value || undefined),
);
const url = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

const overrides = { MODELS: optionalText, TIERS: optionalText };

const variables = z.discriminatedUnion(
  'MODEL_PROVIDER',
  [
    z.object({ MODEL_PROVIDER: z.literal('workers-ai'), ...overrides }),
    z.object({
      MODEL_PROVIDER: z.literal('openai-compatible'),
      UPSTREAM_URL: url,
      UPSTREAM_KEY: optionalText,
      UPSTREAM_MODEL: modelName,
      UPSTREAM_CLASS: z._default(z.enum(['small', 'large']), 'large'),
      UPSTREAM_CONTEXT: z._default(
        z.pipe(z.string().check(z.regex(/^\d{1,9}$/, 'expected a number of tokens')), z.transform(Number)),
        8_192,
      ),
      ...overrides,
    }),
  ],
  'expected "workers-ai" or "openai-compatible"',
);

export type Config = z.output<typeof variables>;

/** Reads the variables, or throws an Error that names each wrong one and what was expected of it; values are not repeated. */
export function parseConfig(environment: unknown): Config {
  const result = variables.safeParse(environment);
  if (result.success) return result.data;
  const problems = fieldProblems(result.error.issues).map(({ field, message }) => `${field}: ${message}`);
  throw new Error(`The service is not configured. ${problems.join('; ')}`);
}
