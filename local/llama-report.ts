/** What the model's process tells the launcher. */
import * as z from 'zod/mini';

export const llamaReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int(), contextTokens: z.int() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

export type LlamaReport = z.infer<typeof llamaReportSchema>;
