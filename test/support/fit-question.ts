/** What a channel made of a question that can be asked. Throws for one that it finds unfit. */
import type { PreparedQuestion, Unfit } from '../../src/channels/channel.ts';

export async function fit(prepared: Promise<PreparedQuestion | Unfit>): Promise<PreparedQuestion> {
  const question = await prepared;
  if ('type' in question) throw new Error(question.message);
  return question;
}
