/** Query parameters. Unknown ones are ignored; a known one may be given once. */
import type * as z from 'zod/mini';
import { invalidFields } from '../errors.ts';
import { parseFields } from '../reflection/request.ts';
import type { HttpContext } from './http-env.ts';

/** Reads the parameters that the schema names, as text. Throws `invalid_request` with every wrong one. */
export function readQuery<Schema extends z.ZodMiniObject>(context: HttpContext, schema: Schema): z.output<Schema> {
  const given = Object.keys(schema.shape).map((name) => ({ name, values: context.req.queries(name) ?? [] }));
  const repeated = given.filter(({ values }) => values.length > 1);
  if (repeated.length > 0) {
    throw invalidFields(
      repeated.map(({ name, values }) => ({
        field: name,
        message: `given ${values.length} times; expected one value`,
      })),
    );
  }
  return parseFields(
    schema,
    Object.fromEntries(given.flatMap(({ name, values: [value] }) => (value === undefined ? [] : [[name, value]]))),
  );
}
