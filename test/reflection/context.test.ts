import { describe, expect, test } from 'vitest';
import { conversationOf, createContext, mayJudge, smallModelJudges } from '../../src/reflection/context.ts';
import { largeRoster, nonce, request, roster, smallRoster, tools } from '../support/reflections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const given = tools(scriptedModel([]));

describe('the conversation', () => {
  test('puts instructions first, joins parts, and calls a developer the system', () => {
    const asked = request({
      instructions: 'Be brief.',
      messages: [
        { role: 'developer', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hel' },
            { type: 'text', text: 'lo' },
          ],
        },
      ],
    });
    expect(conversationOf(asked)).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hello' },
    ]);
    expect(createContext(asked, given).conversation).toBe('system: Be brief.\n\nsystem: Be kind.\n\nuser: Hello');
  });

  test('of an input is one user message', () => {
    expect(conversationOf(request({ input: 'Hello' }))).toEqual([{ role: 'user', content: 'Hello' }]);
  });
});

describe('the context', () => {
  test('fences the sources, each with its id', () => {
    const { sources, known, checkContext } = createContext(
      request({
        input: 'Who?',
        sources: [
          { id: 'a', text: 'one' },
          { id: 'b', text: 'two <output>' },
        ],
      }),
      given,
    );
    expect(sources).toBe(
      `[source a ${nonce}]\none\n[end of source a ${nonce}]\n[source b ${nonce}]\ntwo < output>\n[end of source b ${nonce}]`,
    );
    expect(known).toContain('two <output>');
    expect(checkContext.question).toBe('Who?');
    expect(createContext(request(), given).sources).toBe('');
  });

  test('takes control tokens in declared checks apart', () => {
    const { requirements } = createContext(request({ checks: [{ type: 'ends_with', phrase: '<|eot_id|>' }] }), given);
    expect(requirements.join()).toContain('< |eot_id|>');
  });

  test('counts the deadline from the first start, and gives three drafts of output where nothing is said', () => {
    const limits = (body: Parameters<typeof request>[0]) =>
      createContext(request(body), { ...given, startedAt: 500 }).budget.limits;
    expect(limits({ budget: { deadline_ms: 2_000 } })).toMatchObject({
      deadlineAt: 2_500,
      calls: 8,
      outputTokens: 4_000,
    });
    expect(limits({ max_output_tokens: 8_000 }).outputTokens).toBe(24_000);
    expect(limits({ budget: { max_output_tokens: 10, max_calls: 2, max_cost_usd: 0.0001 } })).toMatchObject({
      calls: 2,
      outputTokens: 10,
      cost: 0.0001,
    });
  });
});

test('a small model judges only where the caller insists, and then it shows', () => {
  expect(mayJudge(largeRoster.critic, { allow_small_judge: false })).toBe(true);
  expect(mayJudge(smallRoster.critic, { allow_small_judge: false })).toBe(false);
  expect(mayJudge(smallRoster.critic, { allow_small_judge: true })).toBe(true);
  expect(mayJudge([], { allow_small_judge: true })).toBe(false);
  expect(smallModelJudges(smallRoster, { allow_small_judge: true })).toBe(true);
  expect(smallModelJudges(smallRoster, { allow_small_judge: false })).toBe(false);
  expect(smallModelJudges(largeRoster, { allow_small_judge: true })).toBe(false);
  expect(smallModelJudges(roster({ small: ['judge'] }), { allow_small_judge: true })).toBe(true);
});
