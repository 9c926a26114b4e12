/** How a question with four choices is asked, in the words of simple-evals, and what is checked of its answer. */
import { type Letter, letters } from '../scorers/multiple-choice.ts';
import type { Declared } from './benchmark.ts';

export function multipleChoicePrompt(question: string, choices: readonly string[]): string {
  return `Answer the following multiple choice question. The last line of your response should be of the following format: 'Answer: $LETTER' (without quotes) where LETTER is one of ABCD. Think step by step before answering.\n\n${question}\n\n${listed(choices)}`;
}

/** A question with its choices, as they stand without our wording: with their letters, and without. */
export function multipleChoiceTexts(question: string, choices: readonly string[]): readonly string[] {
  return [`${question}\n${listed(choices)}`, [question, ...choices].join('\n')];
}

function listed(choices: readonly string[]): string {
  return letters.map((letter, index) => `${letter}) ${choices[index] ?? ''}`).join('\n');
}

export const choiceCheck: Declared = [{ type: 'choice', choices: [...letters] }];

/** Undefined for what names no choice. */
export function letterAt(index: number): Letter | undefined {
  return letters[index];
}
