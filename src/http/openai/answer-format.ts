/** The form of an answer that OpenAI's requests ask for, as a check. */
import * as z from 'zod/mini';

/** What is said of a schema, wherever a request has it. */
export const schemaFields = {
  name: z.string(),
  description: z.optional(z.nullable(z.string())),
  schema: z.optional(z.nullable(z.record(z.string(), z.unknown()))),
  strict: z.optional(z.nullable(z.boolean())),
};

/** `schema`: of a `json_schema`. Null for plain text. */
export function formatCheck(
  type: 'text' | 'json_object' | 'json_schema',
  schema: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> | null {
  switch (type) {
    case 'json_object':
      return { type: 'json' };
    case 'json_schema':
      return { type: 'json_schema', schema: schema ?? {} };
    case 'text':
      return null;
  }
}
