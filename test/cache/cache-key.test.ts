/** Which requests find each other's answers, and which must not. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cacheKeyOf, fieldsBesideTheAnswer, isCacheKey } from '../../src/cache/cache-key.ts';
import type { Roster } from '../../src/reflection/model.ts';
import { type ReflectionBody, type ReflectionRequest, reflectionBody } from '../../src/reflection/request.ts';
import { largeRoster, modelFacts, request } from '../support/reflections.ts';

const account = 'acct_one';
const keyOf = (body: Partial<ReflectionBody>, roster: Roster = largeRoster) =>
  cacheKeyOf(account, request(body), roster);

test('a key is a hash, and the same each time', async () => {
  const key = keyOf({});
  expect(isCacheKey(key)).toBe(true);
  expect(keyOf({})).toBe(key);
  expect(isCacheKey(key.toUpperCase())).toBe(false);
});

test('no account finds another’s answers, however its id is spelled', async () => {
  const keys = await Promise.all(
    ['acct_one', 'acct_two', 'acct_one","', ''].map((each) => cacheKeyOf(each, request(), largeRoster)),
  );
  expect(new Set(keys).size).toBe(4);
});

/** For each field of a body, one that differs from what is there when it is left out. */
const otherwise = {
  input: 'Say something else.',
  messages: [
    { role: 'assistant', content: 'Hello.' },
    { role: 'user', content: 'Say something.' },
  ],
  instructions: 'Be brief.',
  tools: [{ type: 'function', function: { name: 'look_up' } }],
  tool_choice: 'none',
  parallel_tool_calls: false,
  tier: 'quality',
  strategy: 'always',
  max_rounds: 2,
  allow_small_judge: true,
  temperature: 0,
  top_p: 0.5,
  seed: 0,
  stop: ['END'],
  max_output_tokens: 100,
  checks: [{ type: 'words', max: 9 }],
  infer_checks: false,
  sources: [{ id: 'a', text: 'The sky is blue.' }],
  budget: { max_calls: 3 },
  stream: true,
  background: true,
  webhook: 'https://hooks.example.com/',
  cache: { mode: 'reload', ttl: 60 },
  include: ['trace'],
  store: true,
  metadata: { asker: 'second' },
} as const satisfies ReflectionBodyFields;

const tools = [...otherwise.tools];

/** What a field is refused without. */
const besideIt: Readonly<Record<string, Partial<ReflectionBody>>> = {
  tools: { strategy: 'direct' },
  tool_choice: { strategy: 'direct', tools },
  parallel_tool_calls: { strategy: 'direct', tools },
};

type ReflectionBodyFields = { readonly [Name in keyof Required<ReflectionBody>]: unknown };

describe('a field of a request', () => {
  const besideTheAnswer = new Set<string>(fieldsBesideTheAnswer);

  test.each(Object.keys(reflectionBody.shape))('`%s` counts, unless it is named as beside the answer', async (name) => {
    const part = Object.fromEntries(Object.entries(otherwise).filter(([field]) => field === name));
    const asked = name === 'messages' ? {} : { input: 'Say something.' };
    const beside = { ...asked, ...(besideIt[name] ?? {}) };
    const [usual, other] = await Promise.all([keyOf(besideIt[name] ?? {}), keyOf({ ...beside, ...part })]);
    expect(Object.keys(part)).toEqual([name]);
    expect(usual === other).toBe(besideTheAnswer.has(name));
  });

  test('counts when it is added, before anybody thought of the cache', async () => {
    const asked: ReflectionRequest & { readonly tone: string } = { ...request(), tone: 'kind' };
    expect(cacheKeyOf(account, asked, largeRoster)).not.toBe(keyOf({}));
  });

  test.each(['max_calls', 'max_output_tokens', 'deadline_ms', 'max_cost_usd'] as const)(
    '`budget.%s` counts',
    async (name) => {
      const value = name === 'max_cost_usd' ? 1 : 2_000;
      const limit = name === 'max_calls' ? 2 : value;
      expect(keyOf({ budget: { [name]: limit } })).not.toBe(keyOf({}));
    },
  );
});

describe('one meaning has one key', () => {
  test.each([
    ['a text and one message', { input: 'Hi' }, { messages: [{ role: 'user', content: 'Hi' }] }],
    [
      'instructions and a system message',
      { input: 'Hi', instructions: 'Be brief.' },
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
    [
      'a developer and a system',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
      {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
    [
      'a text and its parts',
      { input: 'Hi there' },
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Hi ' },
              { type: 'text', text: 'there' },
            ],
          },
        ],
      },
    ],
    ['one stop word and a list of it', { stop: 'END' }, { stop: ['END'] }],
    ['a default left out and said', {}, { temperature: undefined, max_rounds: 1, checks: [], budget: {} }],
    [
      'members in another order',
      { budget: { max_calls: 3, deadline_ms: 9_000 }, seed: 1, checks: [{ type: 'words', min: 1, max: 9 }] },
      { checks: [{ max: 9, min: 1, type: 'words' }], seed: 1, budget: { deadline_ms: 9_000, max_calls: 3 } },
    ],
  ] satisfies [string, Partial<ReflectionBody>, Partial<ReflectionBody>][])('%s', async (_, one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });
});

describe('another meaning has another key', () => {
  const user = (content: string) => ({ role: 'user', content }) as const;
  test.each([
    ['one message and two', { messages: [user('Hi')] }, { messages: [user('Hi'), user('Hi')] }],
    ['messages in another order', { messages: [user('a'), user('b')] }, { messages: [user('b'), user('a')] }],
    ['a question with a space after it', { input: 'Hi' }, { input: 'Hi ' }],
    ['half a letter and its replacement', { input: '\ud800' }, { input: '\ufffd' }],
    ['a text that looks like a message', { input: '","role":"user' }, { input: '\\","role":"user' }],
    [
      'a schema whose properties are in another order, in which they are written',
      { checks: [{ type: 'json_schema', schema: { properties: { why: {}, what: {} } } }] },
      { checks: [{ type: 'json_schema', schema: { properties: { what: {}, why: {} } } }] },
    ],
    [
      'checks in another order',
      {
        checks: [
          { type: 'words', max: 9 },
          { type: 'words', min: 1 },
        ],
      },
      {
        checks: [
          { type: 'words', min: 1 },
          { type: 'words', max: 9 },
        ],
      },
    ],
  ] satisfies [string, Partial<ReflectionBody>, Partial<ReflectionBody>][])('%s', async (_, one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  test('another model in a seat, one in another order, and one known to be otherwise', async () => {
    const [a, b] = [modelFacts('a'), modelFacts('b')];
    const rosters = [[a], [b], [a, b], [b, a], [modelFacts('a', 'small')], [{ ...a, contextTokens: 1_000 }]];
    const keys = await Promise.all(rosters.map((author) => keyOf({}, { ...largeRoster, author })));
    const critics = await Promise.all([[a], [b]].map((critic) => keyOf({}, { ...largeRoster, critic })));
    expect(new Set([...keys, ...critics]).size).toBe(8);
  });
});

describe('the version of every prompt counts', () => {
  const folder = join(import.meta.dirname, '../../src/reflection/prompts');

  afterEach(() => {
    vi.resetModules();
  });

  test.each(readdirSync(folder))('%s', async (file) => {
    const path = join(folder, file);
    vi.resetModules();
    vi.doMock(path, async (original) => {
      const module: Record<string, unknown> = await original();
      const versions = Object.keys(module).filter((name) => name.endsWith('PromptVersion'));
      if (versions.length === 0) throw new Error(`${file} tells no version.`);
      return { ...module, ...Object.fromEntries(versions.map((name) => [name, 'another'])) };
    });
    const { cacheKeyOf: keyWithOther } = await import('../../src/cache/cache-key.ts');
    vi.doUnmock(path);
    expect(await keyWithOther(account, request(), largeRoster)).not.toBe(keyOf({}));
  });
});
