/** Answers to multiple-choice questions, as OpenAI's simple-evals finds them: for GPQA and for MMLU. https://github.com/openai/simple-evals/blob/main/common.py */

export const letters = ['A', 'B', 'C', 'D'] as const;
export type Letter = (typeof letters)[number];

/** The first `Answer: X`, or null. A small letter is found, and is no right answer. */
export function extractGpqa(response: string): string | null {
  return /Answer[ \t]*:[ \t]*\$?([A-D])\$?/i.exec(response)?.[1] ?? null;
}

/** What is taken away before an answer is looked for, in this order. */
const marks = [
  '**',
  '$\\boxed{',
  '}$',
  '\\$',
  '$\\text{',
  '$',
  '\\mathrm{',
  '\\{',
  '\\text',
  '\\(',
  '\\mathbf{',
  '{',
  '\\boxed',
];

export function normaliseMmlu(response: string): string {
  return marks.reduce((text, mark) => text.replaceAll(mark, ''), response);
}

/** "Answer" in the languages of MMMLU, in the order in which the reference tries them; each is a pattern. */
const answerWords = [
  'Answer\\s*:',
  'উত্তর\\s*:',
  'उत्तर\\s*:',
  'উত্তরঃ',
  'উত্তর\\s*:',
  'Antwort\\s*:',
  '답변\\s*:',
  '정답\\s*:',
  '답\\s*:',
  '答案\\s*：',
  '答案\\s*:',
  '答\\s*：',
  '答\\s*:',
  '答复\\s*：',
  '答曰\\s*：',
  'الإجابة:',
  'الجواب:',
  'إجابة:',
  'الإجابة النهائية:',
  'الإجابة الصحيحة:',
  'الإجابة الصحيحة هي:',
  'الإجابة هي:',
  'الجواب النهائي:',
  'Respuesta\\s*:',
  'Risposta\\s*:',
  '答え\\s*:',
  '答え\\s*：',
  '回答\\s*:',
  '回答\\s*：',
  '解答\\s*:',
  'Jawaban\\s*:',
  'Réponse\\s*:',
  'Resposta\\s*:',
  'Jibu\\s*:',
  'Idahun\\s*:',
  'Ìdáhùn\\s*:',
  'Idáhùn\\s*:',
  'Àmọ̀nà\\s*:',
  'Àdáhùn\\s*:',
  'Ànúgọ\\s*:',
  'Àṣàyàn\\s*:',
];

const choice = '[ \\t]*([A-D]|[أ-د]|[অ]|[ব]|[ড]|[ঢ]|[Ａ]|[Ｂ]|[Ｃ]|[Ｄ])';
const answerPatterns = answerWords.map((words) => new RegExp(words + choice, 'iu'));

/** Letters of other scripts that stand for ours. */
const sameLetters: Readonly<Record<string, Letter>> = {
  أ: 'A',
  ب: 'B',
  ج: 'C',
  د: 'D',
  অ: 'A',
  ব: 'B',
  ড: 'C',
  ঢ: 'D',
  Ａ: 'A',
  Ｂ: 'B',
  Ｃ: 'C',
  Ｄ: 'D',
};

/** The first answer behind the first of the words that has one, or null. */
export function extractMmlu(response: string): string | null {
  const text = normaliseMmlu(response);
  for (const pattern of answerPatterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return sameLetters[found] ?? found;
  }
  return null;
}
