/** Scores of IFEval, strict and loose. https://github.com/google-research/google-research/blob/master/instruction_following_eval/evaluation_lib.py */
import * as z from 'zod';
import { isBlank, strip } from '../../python/text.ts';
import { type Check, type InstructionId, instructions } from './instructions.ts';

/** One verdict for each instruction, in their order. */
export interface IfevalVerdict {
  /** Of the response as it stands. */
  readonly strict: boolean[];
  /** Whether the response follows it in any form: without its first or last line, or both, and without stars. */
  readonly loose: boolean[];
}

/** The row asks for what no response can be held against. */
export class InstructionFailure extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'InstructionFailure';
  }
}

/**
 * `kwargs`: for each instruction its arguments, named as in the data set; one that is null counts as left out.
 * A blank response follows nothing. Throws an `InstructionFailure` for an unknown instruction, or arguments that do not fit it.
 */
export function scoreIfeval(
  response: string,
  instructionIds: readonly string[],
  kwargs: readonly Readonly<Record<string, unknown>>[],
): IfevalVerdict {
  if (instructionIds.length !== kwargs.length) {
    throw new InstructionFailure(
      `Instructions: ${instructionIds.length}, kwargs: ${kwargs.length}. There must be as many.`,
    );
  }
  const checks = instructionIds.map((id, index) => checkOf(id, kwargs[index] ?? {}));
  if (isBlank(response)) return { strict: checks.map(() => false), loose: checks.map(() => false) };
  const strict = checks.map((check) => check(response));
  const others = looseForms(response);
  const loose = checks.map((check, index) => strict[index] === true || others.some(check));
  return { strict, loose };
}

function checkOf(id: string, kwargs: Readonly<Record<string, unknown>>): Check {
  if (!isInstructionId(id)) throw new InstructionFailure(`There is no instruction "${id}".`);
  const given = Object.fromEntries(Object.entries(kwargs).filter(([, value]) => value !== null));
  try {
    return instructions[id](given);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new InstructionFailure(`The kwargs do not fit "${id}": ${z.prettifyError(error)}`, { cause: error });
  }
}

function isInstructionId(id: string): id is InstructionId {
  return Object.hasOwn(instructions, id);
}

/** Every form but the response itself; each once, and none that is blank. */
function looseForms(response: string): string[] {
  const lines = response.split('\n');
  const cut = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((kept) => strip(kept.join('\n')));
  const forms = [response, ...cut].flatMap((form) => [form, form.replaceAll('*', '')]);
  const others = new Set(forms.filter((form) => !isBlank(form)));
  others.delete(response);
  return [...others];
}
