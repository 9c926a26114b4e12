/** Tools on a direct pass: what the model calls is the answer, and nobody looks at it again. */
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/reflection/admission.ts';
import { allowanceOf, promptTokens } from '../../src/reflection/allowance.ts';
import { askedOf } from '../../src/reflection/context.ts';
import type { ToolCall } from '../../src/reflection/model.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { reflecting } from '../support/reflecting.ts';
import { largeRoster, nonce, request } from '../support/reflections.ts';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };
const tools: ReflectionBody['tools'] = [{ type: 'function', function: { name: 'get_weather', parameters } }];
const direct = { strategy: 'direct', tools } as const satisfies Partial<ReflectionBody>;
const call: ToolCall = {
  id: 'call_1',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city": "São Paulo",\n "days":  3}' },
};
const toolCalls = [call];

describe('a draft that calls tools', () => {
  test('is the answer: one pass, and no check or gate', async () => {
    const asked = { ...direct, checks: [{ type: 'words', min: 5 }], include: ['draft', 'diff', 'trace'] } as const;
    const told = await reflecting(
      { ...asked, checks: [...asked.checks], include: [...asked.include] },
      { draft: { toolCalls } },
    );
    expect(told.types).toEqual(['run.started', 'pass.started', 'pass.completed', 'run.completed']);
    expect(told.events[2]).toMatchObject({ tool_calls: toolCalls, usage: { finish_reason: 'tool_calls' } });
    expect(told.record).toMatchObject({
      output: '',
      finish_reason: 'tool_calls',
      tool_calls: toolCalls,
      decision: 'unreflected',
      changed: false,
      gate: null,
      passed: null,
      checks: [],
    });
  });

  test('keeps the words beside its calls', async () => {
    const { record } = await reflecting(direct, { draft: { text: 'Let me look.', toolCalls } });
    expect(record).toMatchObject({ output: 'Let me look.', tool_calls: toolCalls });
  });

  test('is not continued where it was cut', async () => {
    const { record, passes } = await reflecting(direct, { draft: { toolCalls, finish: 'length' } });
    expect(passes).toEqual(['draft']);
    expect(record).toMatchObject({ finish_reason: 'length', tool_calls: toolCalls });
  });

  test('pays for what it wrote where nobody counted', async () => {
    const { record } = await reflecting(direct, { draft: { toolCalls } });
    expect(record.usage.output_tokens).toBeGreaterThan(call.function.arguments.length / 4);
  });
});

test('a draft that calls nothing is an answer like any other', async () => {
  const { record, types } = await reflecting({ ...direct, checks: [{ type: 'words', max: 1 }] }, { draft: 'Sunny.' });
  expect(record).toMatchObject({ output: 'Sunny.', finish_reason: 'stop', passed: true });
  expect(record).not.toHaveProperty('tool_calls');
  expect(types).toContain('gate.decided');
});

test('the author is offered the tools as they were given, and not held to a form', async () => {
  const tool_choice = { type: 'function', function: { name: 'get_weather' } } as const;
  const asked = { ...direct, tool_choice, parallel_tool_calls: false, checks: [{ type: 'json' as const }] };
  const { model } = await reflecting(asked, { draft: { toolCalls } });
  expect(model.asked[0]?.toolUse).toEqual({ tools, tool_choice, parallel_tool_calls: false });
  expect(model.asked[0]?.jsonObject).toBeUndefined();
});

test('the author reads earlier calls and results in their order', async () => {
  const messages: ReflectionBody['messages'] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', tool_calls: toolCalls },
    { role: 'developer', content: 'Be kind.' },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ];
  const { model } = await reflecting({ ...direct, messages }, { draft: 'Rain.' });
  expect(model.asked[0]?.messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: '', tool_calls: toolCalls },
    { role: 'system', content: 'Be kind.' },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ]);
});

test('who reviews a conversation reads what was called in it', async () => {
  const messages: ReflectionBody['messages'] = [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', tool_calls: toolCalls },
    { role: 'tool', tool_call_id: 'call_1', content: 'rain' },
  ];
  const { model } = await reflecting(
    { messages, strategy: 'always' },
    { draft: 'It rains all day.', critique: '{"verdict": "pass", "issues": []}', revision: 'It rains.' },
  );
  const read = model.asked.find(({ role }) => role === 'critique')?.messages.map(({ content }) => content);
  expect(read?.join('\n')).toContain('get_weather');
});

test('tools count as tokens of the prompt', () => {
  const large: ReflectionBody['tools'] = [
    { type: 'function', function: { name: 'f', parameters: { enum: Array.from({ length: 999 }, (_, i) => `w${i}`) } } },
  ];
  const asked = request({ ...direct, tools: large });
  const { messages, toolUse } = askedOf(asked, nonce);
  expect(promptTokens(messages, toolUse)).toBeGreaterThan(promptTokens(messages) + 999);
  const [bare, offered] = [request({ strategy: 'direct' }), asked];
  const allowed = (each: typeof asked) => allowanceOf(each, askedOf(each, nonce), largeRoster).tokens;
  expect(allowed(offered)).toBeGreaterThan(allowed(bare) + 999);
  expect(admit(offered, largeRoster).tokens).toBeGreaterThan(admit(bare, largeRoster).tokens + 999);
});
