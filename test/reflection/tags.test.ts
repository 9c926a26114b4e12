import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTags, TagParser } from '../../src/reflection/tags.ts';
import { processorMs } from '../support/processor-time.ts';
import { holds } from '../support/properties.ts';

describe('a text in the agreed form', () => {
  test.each([
    ['in order', '<thinking>6 × 7</thinking><output>42</output>'],
    ['with a reflection inside', '<thinking>41 <reflection>no, 42</reflection></thinking>\n<output>42</output>'],
    ['with white space around', '  \n<thinking>…</thinking>\n\n<output>\n42\n</output>\n'],
    ['in capitals', '<THINKING>…</Thinking><Output>42</OUTPUT>'],
    ['with blanks before the bracket', '<thinking  >…</thinking ><output >42</output   >'],
    ['with talk after it', '<thinking>…</thinking><output>42</output> Hope this helps!'],
    ['with talk before it', 'Sure. <output>42</output>'],
    ['with a second, better output', '<output>41</output><reflection>no</reflection><output>42</output>'],
    ['with an empty second output', '<output>42</output><output></output>'],
    ['with a thought inside the output', '<output><thinking>secret</thinking>42</output>'],
    ['with a reflection inside the output', '<output>4<reflection>sure?</reflection>2</output>'],
    ['with thinking opened twice', '<thinking>a <thinking> tag</thinking><output>42</output>'],
    ['with thinking nested', '<thinking>a<thinking>b</thinking>c</thinking><output>42</output>'],
    ['with tags that cross', '<thinking>a<reflection>b</thinking>c</reflection><output>42</output>'],
    [
      'with an output mentioned in thinking',
      '<thinking>I put it in the <output> tag later</thinking><output>42</output>',
    ],
    ['with a whole output in thinking', '<thinking>maybe <output>41</output>?</thinking><output>42</output>'],
    ['with its thinking never closed', '<thinking>6 × 7 is<output>42</output>'],
    ['with its thinking begun elsewhere', 'secret</thinking><output>42</output>'],
    ['followed by thinking that is cut off', '<output>42</output><thinking>was that ri'],
    ['followed by a thought and a stray close', '<output>42</output><thinking>secret</thinking></output>'],
  ])('gives the output alone: %s', (_, text) => {
    expect(parseTags(text)).toEqual({ status: 'ok', answer: '42' });
  });

  test('keeps tags that the answer talks about', () => {
    expect(parseTags('<output>Use </output> to close it.</output>').answer).toBe('Use </output> to close it.');
    expect(parseTags('<output>Write <output>x</output> around x.</output>').answer).toBe(
      'Write <output>x</output> around x.',
    );
    expect(parseTags('<output>Open with <thinking>.</output>').answer).toBe('Open with <thinking>.');
    expect(parseTags('<output>a <b>bold</b> &lt;output&gt; <outputs></output>').answer).toBe(
      'a <b>bold</b> &lt;output&gt; <outputs>',
    );
  });

  test('keeps an output that was cut off, and says so', () => {
    expect(parseTags('<thinking>…</thinking><output>forty-')).toEqual({ status: 'unclosed_output', answer: 'forty-' });
    expect(parseTags('<output>forty-two</out')).toEqual({ status: 'unclosed_output', answer: 'forty-two</out' });
  });
});

describe('a text that kept the form only in part', () => {
  test.each([
    ['cut off inside thinking', '<thinking>the secret is'],
    ['cut off inside a reflection', '<thinking>a</thinking><reflection>the secret is'],
    ['cut off inside thinking after a mention of output', '<thinking>I shall write <output> then the secret'],
    ['cut off in thinking inside an empty output', '<output><thinking>the secret'],
    ['nothing but thinking', '<thinking>secret</thinking>\n'],
    ['thinking whose start is missing', 'the secret is</thinking>'],
    ['a reflection whose start is missing', 'the secret is</reflection>  '],
    ['two thoughts', '<thinking>secret</thinking><reflection>secret</reflection>'],
    ['thinking and an empty output', '<thinking>secret</thinking><output>  </output>'],
    ['thinking, an output placeholder, more thinking', '<thinking>secret <output></output> secret'],
  ])('has no answer: %s', (_, text) => {
    expect(parseTags(text)).toEqual({ status: 'missing_output', answer: '' });
  });

  test.each([
    ['no tags at all', '42', '42'],
    ['thinking, then bare text', '<thinking>secret</thinking>\n42', '42'],
    ['bare text, then thinking', '42\n<thinking>secret</thinking>', '42'],
    ['thinking whose start is missing, then bare text', 'secret</thinking> 42', '42'],
    ['thinking closed twice, then bare text', '<thinking>a</thinking> secret </thinking> 42', '42'],
    ['a stray closing output', '42</output>', '42'],
    ['unknown tags', '<answer>42</answer>', '<answer>42</answer>'],
  ])('gives what stands outside all tags: %s', (_, text, answer) => {
    expect(parseTags(text)).toEqual({ status: 'untagged', answer });
  });

  test.each(['', '   \n ', '<output></output>', '</output>'])('has nothing at all: %j', (text) => {
    expect(parseTags(text)).toEqual({ status: 'empty', answer: '' });
  });
});

/** Pieces of which tagged texts, good and bad, are made. */
const fragment = fc.constantFrom(
  '<thinking>',
  '</thinking>',
  '<reflection>',
  '</reflection>',
  '<output>',
  '</output>',
  '<Output >',
  '</THINKING  >',
  '<',
  '</',
  '>',
  '<out',
  '</thinking ',
  '<output         >',
  ' words ',
  '42',
  '\n',
);
const tagged = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(''));

function inChunks(text: string, cuts: readonly number[]) {
  const parser = new TagParser();
  const pieces = [];
  let from = 0;
  for (const to of [...cuts, text.length]) {
    pieces.push(...parser.feed(text.slice(from, to)));
    from = to;
  }
  return { result: parser.end(), pieces };
}

describe('streaming', () => {
  const examples = [
    '<thinking>a<reflection>b</reflection></thinking ><output>4<b>2</b></output>',
    'secret</thinking><OUTPUT  >Use </output> twice.</output> bye',
  ];
  test.each(examples)('gives the same for every way to cut %j in two or three', (text) => {
    const whole = parseTags(text);
    for (let i = 0; i <= text.length; i += 1)
      for (let j = i; j <= text.length; j += 1) expect(inChunks(text, [i, j]).result).toEqual(whole);
  });

  test('gives the same for any text cut anywhere', () => {
    holds(
      fc.property(tagged, fc.array(fc.nat(120)), (text, numbers) => {
        const cuts = numbers.map((number) => Math.min(number, text.length)).sort((a, b) => a - b);
        expect(inChunks(text, cuts).result).toEqual(parseTags(text));
        const letters = Array.from({ length: text.length }, (_, index) => index);
        expect(inChunks(text, letters).result).toEqual(parseTags(text));
      }),
      { numRuns: 500 },
    );
  });

  test('tells text as soon as it can be no tag, with the section it stands in', () => {
    const parser = new TagParser();
    expect(parser.feed('Hi <b>you</b> <think')).toEqual([{ section: 'outside', text: 'Hi <b>you</b> ' }]);
    expect(parser.feed('ing>so')).toEqual([{ section: 'thinking', text: 'so' }]);
    expect(parser.feed('<reflection>hm</reflection>')).toEqual([{ section: 'reflection', text: 'hm' }]);
    expect(parser.feed('</thinking><output>4')).toEqual([{ section: 'output', text: '4' }]);
    expect(parser.feed('2 < 43')).toEqual([{ section: 'output', text: '2 < 43' }]);
    expect(parser.feed('</output')).toEqual([]);
    expect(parser.feed(' >done')).toEqual([{ section: 'outside', text: 'done' }]);
    expect(parser.end()).toEqual({ status: 'ok', answer: '42 < 43' });
  });

  test('tells every letter that is no tag once and in order', () => {
    holds(
      fc.property(tagged, fc.array(fc.nat(120)), (text, numbers) => {
        const cuts = numbers.map((number) => Math.min(number, text.length)).sort((a, b) => a - b);
        const told = inChunks(text, cuts)
          .pieces.map((piece) => piece.text)
          .join('');
        const letters = text.replace(/<\/?(?:thinking|reflection|output)\s{0,8}>/gi, '');
        expect(letters.startsWith(told)).toBe(true);
      }),
    );
  });
});

describe('privacy', () => {
  const word = fc.constantFrom('plain', '42', ' ', 'b');
  const balanced = fc.letrec<{ thought: string; inside: string }>((tie) => ({
    thought: fc
      .tuple(fc.constantFrom('thinking', 'reflection'), fc.array(tie('inside'), { maxLength: 3 }))
      .map(([name, parts]) => `<${name}>SECRET${parts.join('')}SECRET</${name}>`),
    inside: fc.oneof(
      { maxDepth: 3 },
      word,
      tie('thought'),
      fc.constant('<output>SECRET</output>'),
      fc.constant('<output>'),
    ),
  })).thought;

  test('what stands in closed thinking is never in the answer, wherever the thinking stands', () => {
    const part = fc.oneof(
      balanced,
      word,
      fc.constantFrom('<output>', '</output>', '<output>yes</output>', '</thinking>'),
    );
    holds(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        expect(parseTags(parts.join('')).answer).not.toContain('SECRET');
      }),
      { numRuns: 2_000 },
    );
  });

  test('what stands before a thought that closes without having begun is not in the answer', () => {
    holds(
      fc.property(fc.array(word), fc.array(word), (before, after) => {
        const { answer } = parseTags(`${before.join('')}SECRET</thinking>${after.join('')}`);
        expect(answer).toBe(after.join('').trim());
      }),
    );
  });

  test('a text cut at any place inside its thinking has no answer', () => {
    const text = '<thinking>first <output> then <reflection>hm</reflection> and so on';
    for (let end = '<thinking>'.length; end <= text.length; end += 1)
      expect(parseTags(text.slice(0, end)).answer).toBe('');
  });

  test('an answer never starts or ends in white space, and is empty exactly when the status says so', () => {
    holds(
      fc.property(tagged, (text) => {
        const { status, answer } = parseTags(text);
        expect(answer).toBe(answer.trim());
        expect(answer === '').toBe(status === 'missing_output' || status === 'empty');
      }),
    );
  });
});

test.each([
  ['thoughts opened in an output', `<output>${'<thinking>'.repeat(50_000)}</output>`],
  ['thoughts opened for ever', '<thinking>'.repeat(50_000)],
  ['thoughts opened and closed', '<thinking></thinking>'.repeat(40_000)],
  ['outputs', '<output>'.repeat(50_000)],
  ['outputs closed', '</output>'.repeat(50_000)],
  ['both crossing', '<output><thinking></output>'.repeat(20_000)],
  ['brackets', '<'.repeat(500_000)],
])('reads a megabyte of %s without slowing down', (_, text) => {
  const started = processorMs();
  parseTags(text);
  expect(processorMs() - started).toBeLessThan(2_000);
});
