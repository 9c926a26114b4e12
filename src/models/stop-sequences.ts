/** Ends an answer at a stop sequence, for models whose provider cannot: Workers AI's Llama schemas have no `stop`. */

interface StopFilter {
  /** Takes the next text and returns what is certainly before any stop sequence. `stopped`: one was found. */
  feed(text: string): { readonly text: string; readonly stopped: boolean };
  /** Ends the answer and returns the text that was held back. */
  end(): string;
}

/** No sequence may be empty. Text that may begin a sequence is held back until that is known. */
export function createStopFilter(sequences: readonly string[]): StopFilter {
  let held = '';
  return {
    feed(text) {
      const all = held + text;
      const stop = firstStop(all, sequences);
      if (stop !== undefined) {
        held = '';
        return { text: all.slice(0, stop), stopped: true };
      }
      const keep = Math.max(0, ...sequences.map((sequence) => overlap(all, sequence)));
      held = all.slice(all.length - keep);
      return { text: all.slice(0, all.length - keep), stopped: false };
    },
    end() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** Where the text must end. The sequence that is complete first wins, whatever the chunks were. */
function firstStop(text: string, sequences: readonly string[]): number | undefined {
  const found = sequences
    .map((sequence) => ({ start: text.indexOf(sequence), length: sequence.length }))
    .filter(({ start }) => start >= 0)
    .sort((one, other) => one.start + one.length - (other.start + other.length) || one.start - other.start);
  return found[0]?.start;
}

/** How many characters at the end of the text are a beginning of the sequence. */
function overlap(text: string, sequence: string): number {
  for (let length = Math.min(text.length, sequence.length - 1); length > 0; length -= 1)
    if (text.endsWith(sequence.slice(0, length))) return length;
  return 0;
}
