/** The kind of question, read by code from the request: whether answers can be compared, and how complex the task is. */
import type { Source } from './checks/check.ts';
import type { DeclaredCheck } from './checks/checks.ts';
import type { Message } from './model.ts';

/** `choice`, `number` and `yes_no` are closed: two answers to them are the same or not, so samples can vote. */
export type TaskClass = 'choice' | 'number' | 'yes_no' | 'code' | 'grounded' | 'open';

export interface Task {
  readonly class: TaskClass;
  /** The options of a `choice` task, as they would be answered (`A`, `B`, … or the words themselves). */
  readonly choices: readonly string[];
  /** 0 for a greeting, 1 for a long request with many steps and conditions. */
  readonly complexity: number;
}

const closedClasses: readonly TaskClass[] = ['choice', 'number', 'yes_no'];

export function isClosed(task: Task): boolean {
  return closedClasses.includes(task.class);
}

/** The last thing the user said. */
export function questionOf(messages: readonly Message[]): string {
  return messages.findLast((message) => message.role === 'user')?.content ?? '';
}

export function classifyTask(
  messages: readonly Message[],
  checks: readonly DeclaredCheck[],
  sources: readonly Source[],
): Task {
  const question = questionOf(messages);
  const choices = declaredChoices(checks) ?? lettersOffered(question);
  return { class: taskClass(question, choices, sources), choices, complexity: complexityOf(question, checks) };
}

function taskClass(question: string, choices: readonly string[], sources: readonly Source[]): TaskClass {
  if (choices.length >= 2) return 'choice';
  if (
    /```|\b(?:write|implement|fix|refactor|debug)\b.{0,40}\b(?:function|class|script|program|code|query|regex)\b/i.test(
      question,
    )
  )
    return 'code';
  if (sources.length > 0) return 'grounded';
  if (asksForText(question)) return 'open';
  if (
    /\b(?:how (?:many|much|old|far|long|tall|fast)|what (?:percent|percentage)|what(?:['’]s| is| are| was| will be| would be) the (?:total|sum|difference|product|average|number|value|probability|remainder|area|volume))\b/i.test(
      question,
    )
  )
    return 'number';
  if (/\b(?:calculate|compute|evaluate)\b|\d\s{0,8}[-+*/×÷^]\s{0,8}\d/i.test(question)) return 'number';
  if (/\b(?:yes or no|true or false)\b/i.test(question)) return 'yes_no';
  return 'open';
}

/** "Write the answer alone on the last line" asks for no text, but "Write the answer to his letter" does. */
const placeOfAnswer =
  /\b(?:write|list)\s{1,8}(?:only\s{1,8}|just\s{1,8})?(?:the|your)\s{1,8}(?:final\s{1,8})?(?:answer|result)\b(?!\s{1,8}to\b)/gi;

/** Whether the request is for a text: a poem about "how many stars there are" asks for no number. */
function asksForText(request: string): boolean {
  const question = request.replaceAll(placeOfAnswer, ' ');
  return /\b(?:write|compose|draft|describe|explain|summari[sz]e|translate|essay|poem|story|letter|e-?mail|list)\b/i.test(
    question,
  );
}

function declaredChoices(checks: readonly DeclaredCheck[]): readonly string[] | undefined {
  const check = checks.find((declared) => declared.type === 'choice');
  return check && 'choices' in check ? check.choices : undefined;
}

/** `A) …`, `(B) …`, `C. …` at the start of lines: the letters, when at least A and B are there in order. */
function lettersOffered(question: string): readonly string[] {
  const letters = [...question.matchAll(/^\s{0,8}\(?([A-J])[).:]\s/gm)].map((match) => match[1] ?? '');
  const inOrder = letters.every((letter, index) => letter.charCodeAt(0) === 65 + index);
  return inOrder && letters.length >= 2 ? letters : [];
}

/** Length, questions, conditions and numbers each add a part. The measure is crude because it is only one signal of several. */
function complexityOf(question: string, checks: readonly DeclaredCheck[]): number {
  const count = (pattern: RegExp) => question.match(pattern)?.length ?? 0;
  const parts = [
    Math.min(1, question.length / 1_500) * 0.35,
    Math.min(1, count(/\?/g) / 3) * 0.1,
    Math.min(
      1,
      count(
        /\b(?:if|unless|except|must|should|then|after|before|each|every|only|without|while|because|therefore|prove|step)\b/gi,
      ) / 6,
    ) * 0.3,
    Math.min(1, count(/\d+(?:[.,]\d+)?/g) / 5) * 0.15,
    Math.min(1, checks.length / 4) * 0.1,
  ];
  return parts.reduce((sum, part) => sum + part, 0);
}
