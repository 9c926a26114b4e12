import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinContinuation } from '../../src/reflection/continuation.ts';
import { continueInstruction } from '../../src/reflection/prompts/draft.ts';
import { holds } from '../support/properties.ts';
import { reflecting } from '../support/reflecting.ts';

const cut = 'The tide rises twice a day because the moon pulls the water on the near side of the earth, and';

describe('the rest of a cut answer', () => {
  test.each([
    ['one quick brown', ' fox', 'one quick brown fox'],
    ['the quick brown fox', 'brown fox jumps', 'the quick brown fox jumps'],
    ['it is fine', 'fine weather', 'it is finefine weather'],
    ['', 'all of it', 'all of it'],
    [cut, ' the far side bulges as well.', `${cut} the far side bulges as well.`],
    [cut, `${continueInstruction} the far side bulges as well.`, `${cut} the far side bulges as well.`],
    [cut, ` the far side bulges.\n\n${continueInstruction}`, `${cut} the far side bulges.`],
    ['Dear Bob, I am so', ' sorry about the delay.', 'Dear Bob, I am so sorry about the delay.'],
    [cut, 'Understood. I will continue from where I left off: the far side bulges.', `${cut} the far side bulges.`],
    [cut, '[continued] the far side bulges.', `${cut} the far side bulges.`],
    [cut, '... the far side bulges.', `${cut} the far side bulges.`],
    ['The moon pulls the water,', 'and it rises.', 'The moon pulls the water, and it rises.'],
    ['The moon pulls the water.', 'It rises.', 'The moon pulls the water. It rises.'],
    ['The moon pulls the', 'Baltic Sea.', 'The moon pulls the Baltic Sea.'],
    ['It stands at example.', 'org and costs 3.', 'It stands at example.org and costs 3.'],
    ['```js\nconst user', 'Name = 1;\n```', '```js\nconst userName = 1;\n```'],
    ['{"user', 'Name": 1}', '{"userName": 1}'],
    ['name,town,', 'street', 'name,town,street'],
    ['The water is unbeliev', 'ably cold.', 'The water is unbelievably cold.'],
    ['He wrote: "', 'I will continue from where I stood."', 'He wrote: "I will continue from where I stood."'],
  ])('%j is joined with %j', (text, rest, whole) => {
    expect(joinContinuation(text, rest)).toBe(whole);
  });

  test.each([
    ['nothing', ' \n'],
    ['an echo of the instruction', continueInstruction],
    [
      'an echo in other words',
      'Your answer was cut off. Please continue exactly where it stops and do not repeat anything.',
    ],
    ['a promise to go on', 'Understood. I will continue from where I left off.'],
    ['an apology', "I'm sorry, but I cannot see where my answer stopped."],
    ['an apology in Korean', '죄송합니다. 이어서 답변드리겠습니다.'],
    ['the answer begun anew', 'The tide rises twice a day because of the moon. The water on the near side is pulled.'],
    ['the answer begun anew after a remark', 'Sure: The tide rises twice a day because of the moon.'],
  ])('is thrown away where it is %s', (_, rest) => {
    expect(joinContinuation(cut, rest)).toBeNull();
  });

  test('keeps all of the cut text and all that is new', () => {
    const word = fc.stringMatching(/^[b-h]{1,9}$/);
    const words = fc.array(word, { minLength: 6, maxLength: 20 }).map((list) => list.join(' '));
    holds(
      fc.property(words, words, fc.nat(40), (text, rest, overlap) => {
        const said = text.slice(text.length - Math.min(overlap, 20)) + rest;
        // Five words that begin the answer begin it anew.
        fc.pre(!said.includes(text.split(' ').slice(0, 5).join(' ')));
        const whole = joinContinuation(text, said);
        expect(whole?.startsWith(text)).toBe(true);
        expect(whole?.endsWith(rest)).toBe(true);
      }),
    );
  });
});

describe('a draft that was cut', () => {
  const draft = { text: cut, finish: 'length' } as const;

  test('is continued by its own beginning, where a server can go on with it', async () => {
    const { model, record } = await reflecting(
      { strategy: 'direct' },
      { draft, continuation: ' so does the far side.' },
    );
    const asked = model.asked.find((call) => call.pass === 'continuation');
    expect(asked?.prefill?.at(-1)).toEqual({ role: 'assistant', content: cut });
    expect(asked?.messages.at(-1)).toEqual({ role: 'user', content: continueInstruction });
    expect(record).toMatchObject({ output: `${cut} so does the far side.`, finish_reason: 'stop' });
  });

  test.each([continueInstruction, "I'm sorry for the confusion.", cut.slice(0, 60)])(
    'stays cut, and says so, when the model writes %j',
    async (continuation) => {
      const { record } = await reflecting({ strategy: 'direct' }, { draft, continuation });
      expect(record).toMatchObject({ output: cut, finish_reason: 'length' });
    },
  );
});

describe('a request for JSON', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'number' } } };

  test('hands the server its schema for the draft and for repairs', async () => {
    const { model } = await reflecting(
      { strategy: 'checks', checks: [{ type: 'json_schema', schema }] },
      { draft: 'no JSON at all', repair: ['neither', 'nor'] },
    );
    expect(model.asked.map(({ pass, jsonSchema }) => [pass, jsonSchema])).toEqual([
      ['draft', schema],
      ['repair-1', schema],
      ['repair-2', schema],
    ]);
  });

  test('asks for JSON mode where there is no schema, unless a list is wanted', async () => {
    const asks = async (input: string) => {
      const { model } = await reflecting({ strategy: 'direct', input, checks: [{ type: 'json' }] }, { draft: '{}' });
      return model.asked[0]?.jsonObject;
    };
    expect(await asks('Give me the order as JSON.')).toBe(true);
    expect(await asks('Give me a JSON array of the orders.')).toBeUndefined();
  });

  test('leaves the server free where reasoning comes before the answer', async () => {
    const { model } = await reflecting(
      { strategy: 'cot', checks: [{ type: 'json_schema', schema }] },
      { draft: 'So:\n### Answer\n{"a": 1}' },
    );
    expect(model.asked[0]?.jsonSchema).toBeUndefined();
  });
});
