import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../../src/reflection/checks/run-checks.ts';
import { words } from '../../../../src/reflection/checks/words.ts';
import { repairByCode } from '../../../../src/reflection/rules/auto-fix.ts';
import { readLines } from '../cases.ts';
import { judge, noContext } from '../judge.ts';

/** An everyday answer and how many sentences its reader counts; counted by hand for this project. */
interface Answer {
  readonly language: string;
  readonly sentences: number;
  readonly text: string;
}

const written = readLines<Answer>('sentence-counts.jsonl');

/** Two answers of one language as two paragraphs; a letter stays alone. */
function together(distance: number): Answer[] {
  const plain = written.filter(({ text }) => !text.includes('\n'));
  return plain.flatMap((first, index) => {
    const second = plain[index + distance];
    if (second?.language !== first.language) return [];
    const sentences = first.sentences + second.sentences;
    return [{ language: first.language, sentences, text: `${first.text}\n\n${second.text}` }];
  });
}

const answers = [...written, ...together(1), ...together(2)].slice(0, 300);

describe('300 answers with as many sentences as are wanted', () => {
  test('lose no word to mending', () => {
    expect(answers).toHaveLength(300);
    const losing = answers.filter(({ text, sentences }) => {
      const declared = [checkSchema.parse({ type: 'sentences', exactly: sentences })];
      const mended = repairByCode(text, runChecks(text, declared, noContext), declared, noContext);
      return words(mended.text).length < words(text).length;
    });
    expect(losing).toEqual([]);
  });

  test('are never said to have more or fewer, and are rarely left open', () => {
    const verdicts = answers.map(
      ({ text, sentences }) => judge(text, { type: 'sentences', exactly: sentences }).status,
    );
    expect(answers.filter((_, index) => verdicts[index] === 'fail')).toEqual([]);
    expect(verdicts.filter((status) => status === 'pass').length).toBeGreaterThanOrEqual(0.95 * answers.length);
  });

  test('are told from answers with one sentence more', () => {
    const missed = answers.filter(
      ({ text, sentences }) => judge(text, { type: 'sentences', exactly: sentences + 1 }).status === 'pass',
    );
    expect(missed).toEqual([]);
  });
});

/** Letters, and what only looks like one; counted by hand for this project. */
const letters = [
  [2, 'Hi Tom!\n\nThe parcel arrived on Monday. It is at the desk.\n\nBest,\nAnna'],
  [2, 'Hello!\n\nThe parcel arrived on Monday. It is at the desk.'],
  [2, 'Dear Mr. Lee!\n\nThe parcel arrived on Monday. It is at the desk.'],
  [2, 'Hallo Herr Weber!\n\nDas Paket kam am Montag an. Es liegt am Empfang.\n\nViele Grüße\nAnna'],
  [2, 'Sehr geehrte Damen und Herren!\n\nDas Paket kam am Montag an. Es liegt am Empfang.'],
  [2, '¡Hola, Marta!\n\nEl paquete llegó el lunes. Está en la recepción.\n\nUn saludo,\nAna'],
  [2, "Bonjour Paul !\n\nLe colis est arrivé lundi. Il est à l'accueil.\n\nCordialement,\nAnne"],
  [2, '안녕하세요, 고객님!\n\n택배가 월요일에 도착했습니다. 안내 데스크에 있습니다.'],
  [2, '您好！\n\n包裹星期一到了。它在前台。'],
  [3, 'Hello, I am Tom!\n\nThe parcel arrived on Monday. It is at the desk.'],
  [3, 'Hello! The parcel arrived on Monday. It is at the desk.'],
  [3, 'Great news!\n\nThe parcel arrived on Monday. It is at the desk.'],
] as const;

describe('a greeting with an exclamation mark', () => {
  test.each(letters)('leaves %i sentences in %j, and none is cut', (count, text) => {
    expect(judge(text, { type: 'sentences', exactly: count }).status).toBe('pass');
    const declared = [checkSchema.parse({ type: 'sentences', exactly: count })];
    expect(repairByCode(text, runChecks(text, declared, noContext), declared, noContext).text).toBe(text);
  });

  test('is a sentence where nothing follows it', () => {
    expect(judge('Hello!\n\n', { type: 'sentences', exactly: 1 }).status).toBe('pass');
  });
});
