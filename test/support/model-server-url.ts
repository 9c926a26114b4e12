/** How `test/models/model-server.ts` is told what to answer. */

/** What a whole answer is made of, an event a word. */
export const words = Array.from({ length: 60 }, (_, index) => ` word${index}`);

export interface Answering {
  /** Milliseconds before each word. */
  readonly pauseMs: number;
  /** How many are written; all when absent. */
  readonly words?: number;
  /** `stays open` after a whole answer. `stays silent` and `breaks` after the last word, in the middle of the answer. `never begins` has no head. */
  readonly ends?: 'closes' | 'stays open' | 'stays silent' | 'breaks' | 'never begins';
  /** To ask after the request by. */
  readonly name?: string;
}

export function modelServerUrl({ pauseMs, words: written = words.length, ends = 'closes', name }: Answering): string {
  const answering = { pauseMs: `${pauseMs}`, words: `${written}`, ends, ...(name && { name }) };
  return `http://model.test/?${new URLSearchParams(answering)}`;
}

/** Answers with whether a request of that name was made, and when its asker left: `Asked` or null. */
export function askedUrl(name: string): string {
  return `http://model.test/asked?${new URLSearchParams({ name })}`;
}

export interface Asked {
  /** Epoch milliseconds; null while the asker stays, and when the answer was given to its end. */
  readonly leftAt: number | null;
}
