/** A model that drafts with a mistake, finds it, and mends it: a whole reflection, said by the words that the prompts end with. */
import type { AnsweringModel } from '../conformance/answering-model.ts';
import { confirmed, critiqueText, editText, preferA, preferB } from '../support/reflections.ts';

export const question = 'Introduce the Golden Gate Bridge to a visitor in a few sentences.';
const quote = 'the Golden Gate Bridge opened to the public in May 1936';
export const draft = `I think ${quote}, though I may be wrong. It is 2,737 metres long and carries six lanes of traffic. Wait, it was the longest suspension bridge of its time.`;
export const revised = draft.replace('May 1936', 'May 1937');

/** `pauseMs` between the pieces of what it says. */
export function playReflection({ answers }: AnsweringModel, pauseMs: number): void {
  const problem = 'The bridge opened on 27 May 1937.';
  const issue = { quote, problem, question: 'In which year did the Golden Gate Bridge open?' };
  const replies: readonly (readonly [words: string, text: string])[] = [
    [question, draft],
    [`${draft}\n[end of submission `, critiqueText('revise', [issue])],
    [`${quote}\n[end of statement `, confirmed],
    [`${draft}\n[end of text `, editText(['May 1936', 'May 1937'])],
    [`${draft}\n[end of candidate A `, preferB],
    [`${revised}\n[end of candidate A `, preferA],
  ];
  for (const [words, text] of replies) answers.set(words, { text, pauseMs });
}
