/** Which reflections are good enough to be trained on. */
import { withoutTags } from '../reflection/fence.ts';
import type { Reflection } from '../reflection/record.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import { strategies } from '../reflection/strategies.ts';
import { isAboutTools } from '../reflection/tools.ts';
import { type TrainingPrompt, trainingPrompt } from './training-prompt.ts';

/** A stored reflection whose output code has verified, or which replaced its draft on evidence. */
export interface VerifiedReflection {
  readonly record: Reflection;
  readonly request: ReflectionRequest;
  readonly prompt: TrainingPrompt;
  /** Null where the answer was changed and the request did not ask for the draft to be kept in the record. */
  readonly draft: string | null;
}

/**
 * The reflection, where it may be trained on; null for one that was not stored, did not complete, was cut or degraded, whose output nothing verified
 * or a confirmed issue still speaks against, or whose texts hold what a chat template or the rows' own tags would be confused by.
 */
export async function verifiedReflection(record: Reflection): Promise<VerifiedReflection | null> {
  const request = storedRequest(record);
  if (!request || !isWhole(record) || !isVerified(record, request) || hasOpenIssue(record)) return null;
  const draft = record.draft ?? (record.changed ? null : record.output);
  const prompt = await trainingPrompt(request);
  const texts = [record.output, draft ?? ''];
  const isPlain = texts.every((text) => text === withoutTags(text));
  const isUnicode = [...texts, ...prompt.messages.map(({ content }) => content)].every((text) => text.isWellFormed());
  return isPlain && isUnicode ? { record, request, prompt, draft } : null;
}

/** What was asked; undefined where the caller did not want it stored, and of a conversation with tools, for which the rows have no form. */
function storedRequest({ request, tier, strategy, metadata }: Reflection): ReflectionRequest | undefined {
  if (!request?.store || !tier || !strategy || isAboutTools(request)) return undefined;
  return { ...request, tier, strategy, metadata };
}

function isWhole({ status, finish_reason, degraded, output }: Reflection): boolean {
  return status === 'completed' && finish_reason === 'stop' && degraded === null && output.trim() !== '';
}

/** A small model's judgement alone is no evidence, and neither is a revision by a strategy that asks for none. */
function isVerified({ passed, decision, rounds, small_judge }: Reflection, { strategy }: ReflectionRequest): boolean {
  if (passed !== null) return passed;
  return (
    decision === 'accepted_revision' &&
    strategies[strategy].needsEvidence &&
    !small_judge &&
    rounds.some(({ revision }) => revision?.accepted)
  );
}

/** An issue was confirmed, and no revision that answers it was accepted. */
function hasOpenIssue({ rounds }: Reflection): boolean {
  return rounds.some(
    ({ critique, revision }) =>
      !revision?.accepted && critique?.issues.some(({ confirmed }) => confirmed === 'verified'),
  );
}
