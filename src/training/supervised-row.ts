/** Rows for supervised fine-tuning: a conversation that ends with the verified answer. */
import { originOf, type RowOrigin } from './provenance.ts';
import type { ChatMessage } from './training-prompt.ts';
import type { VerifiedReflection } from './verified-reflection.ts';

/** In the conversational form that TRL reads. https://huggingface.co/docs/trl/dataset_formats */
export interface SupervisedRow extends RowOrigin {
  readonly messages: readonly ChatMessage[];
}

export function supervisedRow(verified: VerifiedReflection): SupervisedRow {
  const { prompt, record } = verified;
  return { messages: [...prompt.messages, { role: 'assistant', content: record.output }], ...originOf(verified) };
}
