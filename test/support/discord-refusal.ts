/** How Discord words a refusal. https://discord.com/developers/docs/reference#error-messages */

import type * as z from 'zod';
import { RESTJSONErrorCodes } from './discord-values.ts';

/** What is wrong with each field, by its name. */
interface ErrorTree {
  [key: string]: ErrorTree | { code: string; message: string }[];
}

/** An answer of 4xx with Discord's own code in its JSON. */
export class DiscordRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: ErrorTree | undefined;

  constructor(status: number, code: number, message: string, errors?: ErrorTree) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

/** A reason in Discord's form: its code goes along with the message. */
export function refuse(context: z.core.$RefinementCtx, code: string, message: string, path: PropertyKey[] = []): void {
  context.addIssue({ code: 'custom', message, path, params: { code } });
}

function invalidForm(errors: ErrorTree): DiscordRefusal {
  return new DiscordRefusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, 'Invalid Form Body', errors);
}

export function invalidField(field: string, code: string, message: string): DiscordRefusal {
  return invalidForm({ [field]: { _errors: [{ code, message }] } });
}

/** Throws a `DiscordRefusal` that names every field at fault. */
export function readForm<Form>(schema: z.ZodType<Form>, body: unknown): Form {
  const read = schema.safeParse(body);
  if (!read.success) throw invalidForm(errorTree(read.error.issues));
  return read.data;
}

const codes: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  too_big: 'BASE_TYPE_MAX_LENGTH',
  too_small: 'BASE_TYPE_BAD_LENGTH',
  invalid_format: 'STRING_TYPE_REGEX',
  invalid_union: 'UNION_TYPE_CHOICES',
};

function errorTree(issues: readonly z.core.$ZodIssue[]): ErrorTree {
  const root: ErrorTree = {};
  for (const issue of issues) {
    let at = root;
    for (const key of issue.path) {
      const below = at[String(key)];
      const next: ErrorTree = below === undefined || Array.isArray(below) ? {} : below;
      at[String(key)] = next;
      at = next;
    }
    const own =
      issue.code === 'custom'
        ? String(issue.params?.['code'] ?? 'BASE_TYPE_INVALID')
        : (codes[issue.code] ?? 'BASE_TYPE_CHOICES');
    const before = at['_errors'];
    at['_errors'] = [...(Array.isArray(before) ? before : []), { code: own, message: issue.message }];
  }
  return root;
}
