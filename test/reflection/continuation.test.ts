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
    ['it is fine', 'fine weather', 'it is fine fine weather'],
    ['The tide rises twice a day it', 'falls again.', 'The tide rises twice a day it falls again.'],
    [
      'The tide (the moon pulls it) rises and it',
      'falls again.',
      'The tide (the moon pulls it) rises and it falls again.',
    ],
    ['This is an inter', 'national treaty.', 'This is an international treaty.'],
    [
      'Every lighthouse has a light, and the light',
      'house keeper.',
      'Every lighthouse has a light, and the lighthouse keeper.',
    ],
    [
      'The harbour is deep. Ships leave the harbour',
      'at night.',
      'The harbour is deep. Ships leave the harbour at night.',
    ],
    [
      'Der Mond zieht das Wasser an. Deshalb steigt das Wasser',
      'zweimal.',
      'Der Mond zieht das Wasser an. Deshalb steigt das Wasser zweimal.',
    ],
    [
      'Der Mond zieht das Wasser. Wie die Gezei',
      'ten steigen.',
      'Der Mond zieht das Wasser. Wie die Gezeiten steigen.',
    ],
    ['They do', "n't know.", "They don't know."],
    ["They don't", 'know.', "They don't know."],
    ['It was built in', '1987.', 'It was built in 1987.'],
    ['It was built in 19', '87.', 'It was built in 1987.'],
    ['In 1987', 'the tower fell.', 'In 1987 the tower fell.'],
    ['It is 5', 'km long.', 'It is 5km long.'],
    ['Write to https://a.example/in', 'dex today.', 'Write to https://a.example/index today.'],
    ['{"title": "The user', 'name"}', '{"title": "The username"}'],
    ['潮水每天涨', '两次。', '潮水每天涨两次。'],
    [
      cut,
      'Continue exactly where you stopped. Do not repeat anything. the far side bulges.',
      `${cut} the far side bulges.`,
    ],
    ['You can always', ' continue where you stopped.', 'You can always continue where you stopped.'],
    [
      'The trail splits.',
      ' Continue where the path turns left.',
      'The trail splits. Continue where the path turns left.',
    ],
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
    ['an echo with other verbs', 'Continue exactly where you stopped. Do not repeat anything.'],
    ['an echo of one sentence', 'Please continue from where you left off.'],
    [
      'an echo of the reason',
      'Your previous response was truncated. Please go on from where it stopped, without comments.',
    ],
    ['an echo of what not to do', "Don't repeat anything and do not comment."],
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
      { draft: 'no JSON at all', repair: ['{"a": "one"}', 'nor'] },
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
