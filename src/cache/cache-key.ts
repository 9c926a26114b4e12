/** The key of a cached answer: equal for requests of one account that the engine treats the same. */
import { sha256 } from '../encoding.ts';
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

/** To be raised when the engine decides differently than before, so that old answers are not found. */
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
 * Fields that change neither the answer nor its record. The list names the fields to leave out, so that a new field is part of the key
 * by default.
 */
export const fieldsBesideTheAnswer = [
  'stream',
  'background',
  'webhook',
  'metadata',
  'cache',
] as const satisfies readonly (keyof ReflectionRequest)[];

/** Fields that the engine reads as one conversation. */
const conversationFields = [
  'input',
  'messages',
  'instructions',
] as const satisfies readonly (keyof ReflectionRequest)[];

const leftOut: ReadonlySet<string> = new Set([...fieldsBesideTheAnswer, ...conversationFields]);

/** `account`: whose answers these are. `roster`: the models of the request's tier, with the prices and classes that shape a record. */
export function cacheKeyOf(account: string, request: ReflectionRequest, roster: Roster): CacheKey {
  const said = canonicalJson({
    engineVersion,
    promptVersions,
    account,
    roster,
    conversation: conversationOf(request),
    settings: Object.fromEntries(Object.entries(request).filter(([name]) => !leftOut.has(name))),
  });
  const hash = sha256(said);
  if (!isCacheKey(hash)) throw new Error('SHA-256 gave no hash.');
  return hash;
}

/** 64 hexadecimal digits: what `cacheKeyOf` gives, and what may be read back from a store. */
export function isCacheKey(text: string): text is CacheKey {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * The same text for equal values, whatever the order of members. A JSON Schema keeps its order, because the model writes its answer in it. Written by
 * hand, since `JSON.stringify` with a replacer takes twice as long.
 */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, held]) => `${JSON.stringify(name)}:${canonicalJson(name === 'schema' ? JSON.stringify(held) : held)}`);
  return `{${members.join(',')}}`;
}
