import * as z from 'zod/mini';
export const checkSchema = z.strictObject({ type: z.literal('words'), id: z.optional(z.string()), max: z.optional(z.int()) });
