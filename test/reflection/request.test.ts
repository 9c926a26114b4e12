import { RE2JS } from 're2js';
import { describe, expect, test, vi } from 'vitest';
import { AppError, type FieldProblem } from '../../src/errors.ts';
import { fieldProblems } from '../../src/reflection/field-problems.ts';
import { parseReflectionBody, readReflectionBody, reflectionBody } from '../../src/reflection/request.ts';

/** The fields that a body is refused for. */
function problems(body: unknown): readonly FieldProblem[] {
  try {
    parseReflectionBody(body);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_request') return error.fields;
    throw error;
  }
  return [];
}

const fields = (body: unknown) => problems(body).map(({ field }) => field);

describe('a body that is fine', () => {
  test('is given its defaults', () => {
    expect(parseReflectionBody({ input: 'Hello' })).toEqual({
      input: 'Hello',
      tier: 'balanced',
      strategy: 'selective',
      max_rounds: 1,
      allow_small_judge: false,
      checks: [],
      infer_checks: true,
      sources: [],
      budget: { max_calls: 8, deadline_ms: 60_000 },
      stream: false,
      background: false,
      cache: { mode: 'default' },
      include: [],
      store: false,
      metadata: {},
    });
  });

  test('may hold every field', () => {
    const body = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Be kind.' },
        { role: 'assistant', content: 'Hi.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hel' },
            { type: 'text', text: 'lo' },
          ],
        },
      ],
      instructions: 'Answer in English.',
      tier: 'max',
      strategy: 'always',
      max_rounds: 3,
      allow_small_judge: true,
      temperature: 2,
      top_p: 1,
      seed: -7,
      stop: ['END'],
      max_output_tokens: 8192,
      checks: [{ type: 'words', max: 120, id: 'short' }],
      infer_checks: false,
      sources: [{ id: 'doc1', text: 'text' }],
      budget: { max_calls: 32, max_output_tokens: 65_536, max_cost_usd: 100, deadline_ms: 600_000 },
      stream: true,
      background: true,
      webhook: 'https://hooks.example/x',
      cache: { mode: 'reload', ttl: 60 },
      include: ['draft', 'diff', 'trace'],
      store: true,
      metadata: { team: 'a' },
    };
    expect(parseReflectionBody(body)).toMatchObject({ ...body, checks: [{ type: 'words', max: 120, id: 'short' }] });
  });

  test('may stop at one word, as OpenAI’s may, or at a list of them', () => {
    expect(parseReflectionBody({ input: 'Hello', stop: 'END' }).stop).toEqual(['END']);
    expect(parseReflectionBody({ input: 'Hello', stop: ['\n', ' '] }).stop).toEqual(['\n', ' ']);
  });

  test('may say null for whatever it leaves open, as OpenAI’s clients do', () => {
    const names = Object.keys(reflectionBody.shape).filter((name) => name !== 'input');
    const open = Object.fromEntries(names.map((name) => [name, null]));
    const whole = parseReflectionBody({ input: 'Hello' });
    expect(parseReflectionBody({ input: 'Hello', ...open })).toEqual(whole);
    const budget = { max_calls: null, max_output_tokens: null, max_cost_usd: null, deadline_ms: null };
    expect(parseReflectionBody({ input: 'Hello', budget, cache: { mode: null, ttl: null } })).toEqual(whole);
    const checks = [
      { type: 'words', id: null, min: null, max: 5 },
      { type: 'json_schema', schema: { const: null }, allow_fence: null },
    ];
    expect(parseReflectionBody({ input: 'Hello', checks }).checks).toEqual([
      { type: 'words', max: 5 },
      { type: 'json_schema', schema: { const: null }, allow_fence: false },
    ]);
  });

  test('may hold an empty part beside one that says something', () => {
    const content = [
      { type: 'text', text: '' },
      { type: 'text', text: 'Hello' },
    ];
    expect(fields({ messages: [{ role: 'user', content }] })).toEqual([]);
  });
});

describe('a body with a bad field is refused by the field’s name', () => {
  const input = 'Hello';
  const many = (count: number, value: unknown) => Array.from({ length: count }, () => value);
  test.each([
    ['body', 'no object', null, ['']],
    ['input', 'nothing asked', {}, ['input']],
    ['input', 'asked twice', { input, messages: [{ role: 'user', content: 'x' }] }, ['input']],
    ['input', 'empty', { input: '' }, ['input']],
    ['input', 'only white space', { input: ' \n\t\u00a0' }, ['input']],
    ['input', 'no text', { input: [] }, ['input']],
    ['input', 'nothing but null', { input: null, messages: null }, ['input']],
    ['messages', 'empty', { messages: [] }, ['messages']],
    ['messages', 'too many', { messages: many(201, { role: 'user', content: 'x' }) }, ['messages']],
    ['messages', 'ending with the assistant', { messages: [{ role: 'assistant', content: 'x' }] }, ['messages']],
    ['messages', 'of an unknown role', { messages: [{ role: 'function', content: 'x' }] }, ['messages[0].role']],
    ['messages', 'without content', { messages: [{ role: 'user', content: null }] }, ['messages[0].content']],
    ['messages', 'with empty content', { messages: [{ role: 'user', content: '' }] }, ['messages[0].content']],
    [
      'messages',
      'with white space for content',
      { messages: [{ role: 'user', content: ' ' }] },
      ['messages[0].content'],
    ],
    ['messages', 'with no parts', { messages: [{ role: 'user', content: [] }] }, ['messages[0].content']],
    [
      'messages',
      'with empty parts only',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '\n' }] }] },
      ['messages[0].content'],
    ],
    [
      'messages',
      'with an unknown field',
      { messages: [{ role: 'user', content: 'x', nick: 'y' }] },
      ['messages[0].nick'],
    ],
    ['instructions', 'empty', { input, instructions: '' }, ['instructions']],
    ['instructions', 'only white space', { input, instructions: ' ' }, ['instructions']],
    ['tier', 'unknown', { input, tier: 'best' }, ['tier']],
    ['strategy', 'unknown', { input, strategy: 'magic' }, ['strategy']],
    ['max_rounds', 'too many', { input, max_rounds: 4 }, ['max_rounds']],
    ['max_rounds', 'negative', { input, max_rounds: -1 }, ['max_rounds']],
    ['max_rounds', 'a fraction', { input, max_rounds: 1.5 }, ['max_rounds']],
    ['allow_small_judge', 'a word', { input, allow_small_judge: 'yes' }, ['allow_small_judge']],
    ['temperature', 'too high', { input, temperature: 2.1 }, ['temperature']],
    ['top_p', 'zero', { input, top_p: 0 }, ['top_p']],
    ['seed', 'a fraction', { input, seed: 0.5 }, ['seed']],
    ['stop', 'too many', { input, stop: many(5, 'x') }, ['stop']],
    ['stop', 'empty words', { input, stop: ['x', ''] }, ['stop[1]']],
    ['stop', 'an empty word', { input, stop: '' }, ['stop']],
    ['stop', 'a number', { input, stop: 5 }, ['stop']],
    ['max_output_tokens', 'zero', { input, max_output_tokens: 0 }, ['max_output_tokens']],
    ['max_output_tokens', 'too many', { input, max_output_tokens: 8193 }, ['max_output_tokens']],
    ['checks', 'too many', { input, checks: many(33, { type: 'words', max: 1 }) }, ['checks']],
    ['checks', 'unknown', { input, checks: [{ type: 'beauty' }] }, ['checks[0].type']],
    ['checks', 'with an unknown setting', { input, checks: [{ type: 'words', max: 1, most: 2 }] }, ['checks[0].most']],
    ['infer_checks', 'a word', { input, infer_checks: 'no' }, ['infer_checks']],
    ['sources', 'too many', { input, sources: many(33, { id: 'a', text: 'b' }) }, ['sources']],
    ['sources', 'with a list for an id', { input, sources: [{ id: [], text: 'b' }] }, ['sources[0].id']],
    ['sources', 'without text', { input, sources: [{ id: 'a' }] }, ['sources[0].text']],
    ['sources', 'with white space for text', { input, sources: [{ id: 'a', text: ' ' }] }, ['sources[0].text']],
    [
      'sources',
      'of one id',
      { input, sources: ['a', 'b', 'a', 'a'].map((id) => ({ id, text: 'b' })) },
      ['sources[2].id', 'sources[3].id'],
    ],
    ['sources', 'with a long id', { input, sources: [{ id: 'a'.repeat(65), text: 'b' }] }, ['sources[0].id']],
    ['budget', 'without calls', { input, budget: { max_calls: 0 } }, ['budget.max_calls']],
    ['budget', 'free', { input, budget: { max_cost_usd: 0 } }, ['budget.max_cost_usd']],
    ['budget', 'too short', { input, budget: { deadline_ms: 999 } }, ['budget.deadline_ms']],
    ['budget', 'too long', { input, budget: { deadline_ms: 600_001 } }, ['budget.deadline_ms']],
    ['budget', 'too wordy', { input, budget: { max_output_tokens: 65_537 } }, ['budget.max_output_tokens']],
    ['budget', 'with an unknown field', { input, budget: { max_tokens: 5 } }, ['budget.max_tokens']],
    ['stream', 'a number', { input, stream: 1 }, ['stream']],
    ['background', 'a number', { input, background: 1 }, ['background']],
    ['webhook', 'no address', { input, webhook: 'nowhere' }, ['webhook']],
    ['cache', 'in an unknown mode', { input, cache: { mode: 'maybe' } }, ['cache.mode']],
    ['cache', 'for too short', { input, cache: { ttl: 59 } }, ['cache.ttl']],
    ['include', 'unknown', { input, include: ['draft', 'secrets'] }, ['include[1]']],
    ['store', 'a word', { input, store: 'x' }, ['store']],
    [
      'metadata',
      'too many',
      { input, metadata: Object.fromEntries(many(17, '').map((_, i) => [`k${i}`, 'v'])) },
      ['metadata'],
    ],
    ['metadata', 'a number', { input, metadata: { a: 1 } }, ['metadata.a']],
    ['metadata', 'a long value', { input, metadata: { a: 'x'.repeat(513) } }, ['metadata.a']],
    ['unknown fields', 'at the top', { input, model: 'x', n: 1 }, ['model', 'n']],
    ['unknown fields', 'that are null', { input, model: null, budget: { most: null } }, ['budget.most', 'model']],
    [
      'checks',
      'with an unknown setting that is null',
      { input, checks: [{ type: 'words', max: 1, n: null }] },
      ['checks[0].n'],
    ],
    [
      'checks',
      'without what they need',
      { input, checks: [{ type: 'keywords', keywords: null }] },
      ['checks[0].keywords'],
    ],
  ])('%s: %s', (_, __, body, names) => {
    expect(fields(body)).toEqual(names);
    for (const { message } of problems(body)) expect(message.length).toBeGreaterThan(5);
  });

  test('and one that is missing is said to be required', () => {
    expect(problems({ input, sources: [{}] })).toEqual([
      { field: 'sources[0].id', message: 'required; expected string' },
      { field: 'sources[0].text', message: 'required; expected string' },
    ]);
    expect(problems({ messages: [{ content: 'x' }] })[0]?.message).toMatch(/^required; expected one of "system"/);
    expect(problems({ input, stop: 5 })[0]?.message).toBe('expected a string, or a list of at most 4 strings');
  });

  test('and all bad fields at once', () => {
    expect(fields({ input: 7, tier: 'x', max_rounds: 9, checks: [{ type: 'words', max: 'y' }] })).toEqual(
      expect.arrayContaining(['input', 'tier', 'max_rounds', 'checks[0].max']),
    );
  });

  test('in one message that names each', () => {
    expect(() => parseReflectionBody({ input: 'x', tier: 'y', nonsense: 1 })).toThrow(
      /tier: .*nonsense: unknown field/,
    );
    expect(() => parseReflectionBody(null)).toThrow(/^body: /);
  });
});

describe('a body with tools', () => {
  const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object' } } });
  const direct = { input: 'Hello', strategy: 'direct' };
  const call = (id: string) => ({ id, type: 'function', function: { name: 'look_up', arguments: '{"of": "Lima"}' } });
  const user = { role: 'user', content: 'Where is Lima?' };
  const result = { role: 'tool', tool_call_id: 'call_1', content: '' };

  test('keeps them as they are, whatever a schema calls its members', () => {
    const parameters = JSON.parse('{"type": "object", "properties": {"__proto__": {"type": "null"}}, "$x": [1.50]}');
    const tools = [{ type: 'function', function: { name: 'look_up', description: '', parameters, strict: null } }];
    const tool_choice = { type: 'function', function: { name: 'look_up' } } as const;
    const read = parseReflectionBody({ ...direct, tools, tool_choice, parallel_tool_calls: false });
    expect(JSON.stringify(read.tools)).toBe(JSON.stringify(tools));
    expect(read).toMatchObject({ tool_choice, parallel_tool_calls: false });
  });

  test('may hold what came of earlier calls, and end with a tool’s answer', () => {
    const messages = [
      user,
      { role: 'assistant', content: null, tool_calls: [call('call_1')] },
      result,
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', tool_calls: [call('call_2')] },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'Peru' }] },
    ];
    expect(parseReflectionBody({ messages }).messages).toEqual(messages);
  });

  test.each(['cot', 'tags', 'checks', 'selective', 'vote', 'always'] as const)(
    'is refused by the strategy `%s`, which has no place for a call',
    async (strategy) => {
      await expect(readReflectionBody({ input: 'Hello', strategy, tools: [tool('look_up')] })).rejects.toMatchObject({
        code: 'unsupported_parameter',
        message: expect.stringContaining(`tools: strategy "${strategy}"`),
      });
    },
  );

  test.each([
    ['none of them', { ...direct, tools: [] }, ['tools']],
    ['too many', { ...direct, tools: Array.from({ length: 129 }, (_, i) => tool(`t${i}`)) }, ['tools']],
    ['of another type', { ...direct, tools: [{ type: 'web_search' }] }, ['tools[0].type', 'tools[0].function']],
    ['without a name', { ...direct, tools: [{ type: 'function', function: {} }] }, ['tools[0].function.name']],
    ['of one name', { ...direct, tools: [tool('a'), tool('b'), tool('a')] }, ['tools[2].function.name']],
    [
      'with a list for parameters',
      { ...direct, tools: [{ type: 'function', function: { name: 'a', parameters: [] } }] },
      ['tools[0].function.parameters'],
    ],
    [
      'with a very long schema',
      {
        ...direct,
        tools: [{ type: 'function', function: { name: 'a', parameters: { $comment: 'x'.repeat(65_536) } } }],
      },
      ['tools[0].function.parameters'],
    ],
    ['a choice of an unknown kind', { ...direct, tools: [tool('a')], tool_choice: 'any' }, ['tool_choice']],
    [
      'a choice of none of them',
      { ...direct, tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'b' } } },
      ['tool_choice.function.name'],
    ],
    ['a choice without them', { ...direct, tool_choice: 'auto' }, ['tool_choice']],
    ['how many at once, without them', { ...direct, parallel_tool_calls: true }, ['parallel_tool_calls']],
    ['a result of no call', { messages: [user, result] }, ['messages[1].tool_call_id']],
    [
      'a result of a later call',
      { messages: [user, result, { role: 'assistant', tool_calls: [call('call_1')] }, user] },
      ['messages[1].tool_call_id'],
    ],
    [
      'a result without its call’s id',
      { messages: [user, { role: 'tool', content: 'x' }] },
      ['messages[1].tool_call_id'],
    ],
    ['no calls', { messages: [{ role: 'assistant', tool_calls: [] }, user] }, ['messages[0].tool_calls']],
    [
      'arguments that are no text',
      {
        messages: [
          { role: 'assistant', tool_calls: [{ ...call('a'), function: { name: 'look_up', arguments: {} } }] },
          user,
        ],
      },
      ['messages[0].tool_calls[0].function.arguments'],
    ],
    [
      'very long arguments',
      {
        messages: [
          {
            role: 'assistant',
            tool_calls: [{ ...call('a'), function: { name: 'look_up', arguments: ' '.repeat(131_073) } }],
          },
          user,
        ],
      },
      ['messages[0].tool_calls[0].function.arguments'],
    ],
    [
      'an assistant with nothing to say or to call',
      { messages: [{ role: 'assistant' }, user] },
      ['messages[0].content'],
    ],
  ])('is refused with %s', (_, body, names) => {
    expect(fields(body)).toEqual(names);
    for (const { message } of problems(body)) expect(message.length).toBeGreaterThan(5);
  });
});

test('a body from outside is read with whatever its checks need', async () => {
  const checks = [{ type: 'regex', pattern: '^a+$' }];
  expect(await readReflectionBody({ input: 'Hello', checks })).toMatchObject({ checks: [{ pattern: '^a+$' }] });
  expect(await readReflectionBody({ input: 'Hello' })).toMatchObject({ checks: [] });
  for (const body of [
    null,
    'x',
    { input: 'Hello', checks: 'none' },
    { input: 'x', checks: [{ type: 'regex', pattern: '(' }] },
  ])
    await expect(readReflectionBody(body)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a body is read where nothing has been loaded for its checks and tools', async () => {
  vi.resetModules();
  const fresh = await import('../../src/reflection/request.ts');
  const messages = [
    { role: 'assistant', content: 'Hi.' },
    { role: 'user', content: 'Hello' },
  ];
  expect(await fresh.readReflectionBody({ messages })).toMatchObject({ messages });
  const tools = [{ type: 'function', function: { name: 'look_up' } }];
  const asked = { messages, strategy: 'direct', tools, tool_choice: 'auto' };
  expect(await fresh.readReflectionBody(asked)).toMatchObject({ tools });
});

test('paths are dotted, with places in brackets', () => {
  expect(
    fieldProblems([{ code: 'custom', path: ['a', 0, 'b', Symbol('c')], message: 'bad', input: undefined }]),
  ).toEqual([{ field: 'a[0].b.Symbol(c)', message: 'bad' }]);
});

describe('checks that take too long to compile are refused', () => {
  const all = 'expected fewer or smaller patterns and schemas: together they take too long to compile';
  const large = {
    regex: 'abcdefghij'.repeat(90),
    classes: '\\pL{9}'.repeat(160),
    folded: '[\\x01-\\x{1e942}]'.repeat(60),
  };
  const patterns = (pattern: string) => Array.from({ length: 32 }, () => ({ type: 'regex', pattern, flags: 'i' }));
  const schemas = (schema: object) => Array.from({ length: 32 }, () => ({ type: 'json_schema', schema }));

  test.each([
    ['large patterns', patterns(`(?:${large.regex}){5}`)],
    ['classes of Unicode within repetitions', patterns(large.classes)],
    ['ranges whose cases are folded', patterns(large.folded)],
    ['patterns in schemas', schemas({ items: { anyOf: [{ pattern: large.classes }] } })],
    ['patterns over names', schemas({ patternProperties: { [large.classes]: true } })],
    ['schemas of many parts', schemas({ anyOf: Array.from({ length: 900 }, () => ({ type: 'string' })) })],
  ])('before anything is compiled: %s', (_, checks) => {
    const compile = vi.spyOn(RE2JS, 'compile');
    expect(problems({ input: 'x', checks })).toEqual([{ field: 'checks', message: all }]);
    expect(compile).not.toHaveBeenCalled();
    compile.mockRestore();
  });

  test('one pattern by its own name, and again nothing is compiled', () => {
    const compile = vi.spyOn(RE2JS, 'compile');
    const checks = [{ type: 'regex', pattern: `(?:${large.regex}){1000}` }];
    expect(problems({ input: 'x', checks })).toEqual([
      { field: 'checks[0].pattern', message: 'expected a smaller pattern: its repetitions multiply' },
    ]);
    expect(compile).not.toHaveBeenCalled();
    compile.mockRestore();
  });

  test('everyday ones are not, however many a body may hold', () => {
    const everyday = [
      '\\b[A-Z]{2}-\\d{4}\\b',
      '^(?:[\\w.+-]+@[\\w-]+\\.\\w{2,})$',
      '\\p{L}{3,20}',
      '[가-힣]+',
      '.{0,280}',
    ];
    const checks = Array.from({ length: 32 }, (_, index) => ({
      type: 'regex',
      pattern: everyday[index % 5],
      flags: 'i',
    }));
    expect(problems({ input: 'x', checks })).toEqual([]);
  });
});
