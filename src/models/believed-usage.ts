/**
 * How far a provider's token counts are believed. Limits and money are settled on them, so a count that cannot be true gives way to a bound, and is
 * marked as estimated. Pure.
 */
import { promptTokens } from '../reflection/allowance.ts';
import type { ModelCall, TokenUsage } from '../reflection/model.ts';
import { likelyTokens, mostTokens } from '../reflection/tokens.ts';

export interface BelievedUsage {
  readonly usage: TokenUsage;
  /** What could not be true, for the log: counts only, no text. */
  readonly doubts: readonly string[];
}

/** What a server may write around a prompt, in tokens: its template, and instructions of its own. */
const addedTokens = { message: 64, prompt: 256 } as const;

/** Holds what a provider counted against the call that it was for and the text that came. */
export function believedUsage(call: ModelCall, text: string, reported: TokenUsage): BelievedUsage {
  const prompt = call.messages.map(({ content, name = '' }) => name + content).join('\n');
  const input = believed('input', reported.inputTokens, {
    // No tokenizer makes more tokens than there are bytes.
    most: new TextEncoder().encode(prompt).length + addedTokens.message * call.messages.length + addedTokens.prompt,
    likely: likelyTokens(prompt),
    own: () => promptTokens(call.messages),
  });
  const output = believed('output', reported.outputTokens, {
    most: call.maxOutputTokens,
    likely: likelyTokens(text),
    own: () => mostTokens(text),
  });
  const doubts = [input.doubt, output.doubt].filter((doubt) => doubt !== null);
  const usage = { ...reported, inputTokens: input.tokens, outputTokens: output.tokens };
  return { usage: doubts.length > 0 ? { ...usage, estimated: true } : usage, doubts };
}

interface Bounds {
  /** A higher count is cut to this. */
  readonly most: number;
  /** A count under half of this is not believed. */
  readonly likely: number;
  /** What stands in the place of a count that is too low. */
  readonly own: () => number;
}

function believed(name: 'input' | 'output', reported: number, { most, likely, own }: Bounds) {
  if (reported > most) return { tokens: most, doubt: `${name} ${reported}, at most ${most} possible` };
  if (reported >= likely / 2) return { tokens: reported, doubt: null };
  return { tokens: Math.min(own(), most), doubt: `${name} ${reported}, about ${likely} likely` };
}
