/**
 * Checks a provider's token counts, on which limits and costs are settled. A count that cannot be true is replaced by a bound and marked as
 * estimated. Pure.
 */
import { promptTokens } from '../reflection/allowance.ts';
import type { ModelCall, TokenUsage } from '../reflection/model.ts';
import { leastPrompt, promptTexts } from '../reflection/read-text.ts';
import { likelyTokens, mostTokens } from '../reflection/tokens.ts';

export interface BelievedUsage {
  readonly usage: TokenUsage;
  /** The implausible counts, for the log. Contains no text of the answer. */
  readonly doubts: readonly string[];
}

/** How many tokens a server may add to a prompt: its chat template and instructions of its own. */
const addedTokens = { message: 64, prompt: 256 } as const;

/** Checks the reported counts against the call's prompt and the answer's text. */
export function believedUsage(call: ModelCall, text: string, reported: TokenUsage): BelievedUsage {
  const prompt = promptTexts(call).join('\n');
  const input = believed('input', reported.inputTokens, {
    // No tokenizer makes more tokens than there are bytes.
    most: new TextEncoder().encode(prompt).length + addedTokens.message * call.messages.length + addedTokens.prompt,
    likely: likelyTokens(leastPrompt(call)),
    own: () => promptTokens(call.messages, call.toolUse),
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
  /** A higher count is lowered to this. */
  readonly most: number;
  /** A count under half of this is not believed. */
  readonly likely: number;
  /** Replaces a count that is too low. */
  readonly own: () => number;
}

function believed(name: 'input' | 'output', reported: number, { most, likely, own }: Bounds) {
  if (reported > most) return { tokens: most, doubt: `${name} ${reported}, at most ${most} possible` };
  if (reported >= likely / 2) return { tokens: reported, doubt: null };
  return { tokens: Math.min(own(), most), doubt: `${name} ${reported}, about ${likely} likely` };
}
