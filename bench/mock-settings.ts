/** How the mock upstream behaves, as the harness tells it. */

export interface MockSettings {
  /** Before the first byte of an answer. */
  readonly delayMs: number;
  /** An answer is so many words, and a streamed one a frame for each. */
  readonly words: number;
  /** Between two frames of a streamed answer. */
  readonly gapMs: number;
  /** Each word says when it was written, to measure how long it travels: `17:1m2k3j;`, its number and microseconds of the monotonic clock. */
  readonly stamped: boolean;
  /** Answers for calls whose body holds all texts of `when`, in this order: the first rule that fits. Without any, the words. */
  readonly rules: readonly MockRule[];
}

export interface MockRule {
  readonly when: readonly string[];
  readonly answer: string;
}

export const plainMock: MockSettings = { delayMs: 0, words: 30, gapMs: 0, stamped: false, rules: [] };

/** What the mock was asked since its settings were set. */
export interface MockCalls {
  readonly calls: number;
  readonly streamed: number;
}

/** Microseconds of the machine's monotonic clock, which all processes share. */
export function machineMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** A stamped word. */
export function stampedWord(index: number, writtenAt: number): string {
  return `${index === 0 ? '' : ' '}${index}:${writtenAt.toString(36)};`;
}

export interface Stamp {
  readonly index: number;
  /** Microseconds of the machine's monotonic clock. */
  readonly writtenAt: number;
}

/** The stamps of all whole words in a text, and the rest of it, in which a word may have begun. */
export function readStamps(text: string): { readonly stamps: readonly Stamp[]; readonly rest: string } {
  const end = text.lastIndexOf(';') + 1;
  const stamps = [...text.slice(0, end).matchAll(/(\d+):([0-9a-z]+);/g)].map(([, index, writtenAt]) => ({
    index: Number(index),
    writtenAt: Number.parseInt(writtenAt ?? '', 36),
  }));
  return { stamps, rest: text.slice(end) };
}

/** The rule for a call with this body. */
export function ruleFor(body: string, rules: readonly MockRule[]): MockRule | undefined {
  return rules.find(({ when }) => {
    let from = 0;
    return when.every((text) => {
      const at = body.indexOf(text, from);
      from = at + text.length;
      return at >= 0;
    });
  });
}
