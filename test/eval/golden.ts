/** What the references gave for inputs of every kind. Where they are from: golden/NOTICE. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';

/** The rows of a file in `golden/`, by this schema. */
export function goldenRows<Row>(name: string, schema: z.ZodType<Row>): Row[] {
  const bytes = readFileSync(join(import.meta.dirname, 'golden', name));
  const text = name.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8');
  return z.array(schema).parse(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line)),
  );
}
