/** Reads the decision of a run from its server-sent events. */
import { createParser } from 'eventsource-parser';
import * as z from 'zod/mini';

const completed = z.object({ reflection: z.object({ decision: z.nullable(z.string()) }) });

export interface DecisionReader {
  readonly read: (chunk: Uint8Array) => void;
  /** Null until the run is completed. */
  readonly decision: () => string | null;
}

export function decisionReader(): DecisionReader {
  const decoder = new TextDecoder();
  let decision: string | null = null;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'run.completed') decision = completed.parse(JSON.parse(data)).reflection.decision;
    },
  });
  return { read: (chunk) => parser.feed(decoder.decode(chunk, { stream: true })), decision: () => decision };
}
