/** How `test/models/model-server.ts` is told what to answer. */

/** What a whole answer is made of, an event a word. */
export const words = Array.from({ length: 60 }, (_, index) => ` word${index}`);

export interface Answering {
  /** Milliseconds before each word. */
  readonly pauseMs: number;
  /** How many are written; all when absent. */
  readonly words?: number;
  /** `stays open` after a whole answer. `stays silent` and `breaks` after the last word, in the middle of the answer. */
  readonly ends?: 'closes' | 'stays open' | 'stays silent' | 'breaks';
}

export function modelServerUrl({ pauseMs, words: written = words.length, ends = 'closes' }: Answering): string {
  return `http://model.test/?${new URLSearchParams({ pauseMs: `${pauseMs}`, words: `${written}`, ends })}`;
}
