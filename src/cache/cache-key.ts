/** The key under which an answer is kept: the same for requests that the engine cannot tell apart, and for one account only. */
import { hexadecimalOf, sha256 } from '../encoding.ts';
import { conversationOf } from '../reflection/context.ts';
import type { Roster } from '../reflection/model.ts';
import { confirmPromptVersion } from '../reflection/prompts/confirm.ts';
import { critiquePromptVersion } from '../reflection/prompts/critique.ts';
import { draftPromptVersion } from '../reflection/prompts/draft.ts';
import { judgePromptVersion } from '../reflection/prompts/judge.ts';
import { repairPromptVersion } from '../reflection/prompts/repair.ts';
import { revisionPromptVersion } from '../reflection/prompts/revision.ts';
import type { ReflectionRequest } from '../reflection/request.ts';
import type { CacheKey } from './reflection-cache.ts';

/** Raised when the engine decides otherwise than before, so that answers of its old mind are not found again. */
const engineVersion = 1;

const promptVersions = [
  draftPromptVersion,
  critiquePromptVersion,
  confirmPromptVersion,
  revisionPromptVersion,
  repairPromptVersion,
  judgePromptVersion,
] as const;

/**
 * What changes neither the answer nor its record. Named are the fields that are left out and never those that count: one that is added
 * tomorrow counts until somebody says that it need not.
 */
export const fieldsBesideTheAnswer = [
  'stream',
  'background',
  'webhook',
  'metadata',
  'cache',
] as const satisfies readonly (keyof ReflectionRequest)[];

/** What the engine reads as one conversation, however it was put. */
const conversationFields = [
  'input',
  'messages',
  'instructions',
] as const satisfies readonly (keyof ReflectionRequest)[];

const leftOut: ReadonlySet<string> = new Set([...fieldsBesideTheAnswer, ...conversationFields]);

/** `account`: whose answers these are. `roster`: the models of the request's tier, with the prices and classes that shape a record. */
export async function cacheKeyOf(account: string, request: ReflectionRequest, roster: Roster): Promise<CacheKey> {
  const said = canonicalJson({
    engineVersion,
    promptVersions,
    account,
    roster,
    conversation: conversationOf(request),
    settings: Object.fromEntries(Object.entries(request).filter(([name]) => !leftOut.has(name))),
  });
  const hash = hexadecimalOf(await sha256(said));
  if (!isCacheKey(hash)) throw new Error('SHA-256 gave no hash.');
  return hash;
}

/** 64 hexadecimal digits: what `cacheKeyOf` gives, and what may be read back from a store. */
export function isCacheKey(text: string): text is CacheKey {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The same text for the same value, whatever the order of its members; but a JSON Schema's is kept, for a model writes its answer in that order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (name, held: unknown) => {
    if (name === 'schema') return JSON.stringify(held);
    if (typeof held !== 'object' || held === null || Array.isArray(held)) return held;
    return Object.fromEntries(Object.entries(held).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
