import { describe, expect, test } from 'vitest';
import { createContext } from '../../src/reflection/context.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { cutAtStop, mendedText, shown, visibleAnswer } from '../../src/reflection/visible.ts';
import { nonce, request, tools } from '../support/reflections.ts';
import { scriptedModel } from '../support/scripted-model.ts';

const context = (body: Partial<ReflectionBody> = {}) => createContext(request(body), tools(scriptedModel([])));

describe('a plain answer', () => {
  test.each([
    ['speaks of a tag', 'Use the <output> element. It is inline.'],
    ['shows a tag in use', 'Use <output>x</output> in a form, like so.'],
    ['begins with a tag that it speaks of', '<output>x</output> is an element for results.'],
    ['names the form', 'Reason in <thinking> and </thinking>, then answer in <output>.'],
    ['names a closing tag alone', 'First, </thinking> closes it. Then more.'],
    ['shows code', '```html\n<output>1</output>\n```\nThat is all.'],
    ['speaks of think blocks', 'Such models write <think> first and </think> later.'],
  ])('that %s stays as it was written', (_, said) => {
    expect(shown(context(), said)).toBe(said);
  });

  test.each([
    ['thinking first', '<thinking>secret</thinking>\nThe sky is blue.'],
    [
      'thinking and output',
      '\n<Thinking >secret <reflection>secret</reflection></thinking><output>The sky is blue.</output>',
    ],
    ['a reflection first', '<reflection>secret</reflection>The sky is blue.'],
    ['nothing but output', '<output>The sky is blue.</output>\n'],
    ['thinking whose start was in the template', 'secret\n</thinking>\n\nThe sky is blue.'],
    ['thinking without a start, and output', 'secret</thinking> <output>The sky is blue.</output>'],
    ['a think block', '<think>\nsecret </thinking>\n</think>\n\nThe sky is blue.'],
  ])('of a model that writes %s is what follows', (_, said) => {
    expect(shown(context(), said)).toBe('The sky is blue.');
  });

  test.each([
    '<thinking>secret',
    '<thinking>secret</thinking>',
    'secret\n</thinking>\n',
    '<think>secret',
    '<output></output>',
  ])('that is nothing but thinking (%j) is none', (said) => {
    expect(shown(context(), said)).toBeNull();
  });

  test('about the tags themselves keeps them', () => {
    const said = '<thinking>a</thinking>\n<output>b</output>';
    expect(shown(context({ input: 'Show me <thinking> and <output> in use.' }), said)).toBe(said);
    expect(shown(context({ input: 'What is <think>?' }), '<think>a</think> b')).toBe('<think>a</think> b');
  });

  test('asked for after a reasoned or tagged draft is read strictly', () => {
    for (const strategy of ['cot', 'tags'] as const) {
      expect(shown(context({ strategy }), 'secret</thinking>The sky is blue.')).toBe('The sky is blue.');
      expect(shown(context({ strategy }), 'The sky. <thinking>secret</thinking>')).toBe('The sky.');
    }
  });
});

describe('a mended text', () => {
  test('keeps tags that were there, and takes thinking off that was not', () => {
    const before = 'The sky is green, and so on.';
    expect(mendedText(context(), 'secret</thinking>The sky is blue.', before)).toBe('The sky is blue.');
    expect(mendedText(context(), '<output>The sky is blue.</output>', before)).toBe('The sky is blue.');
    expect(mendedText(context(), 'Use the <output> element, which is inline.', 'Use the output element.')).toBe(
      'Use the <output> element, which is inline.',
    );
    const tagged = 'Open <thinking> first, then <output>.';
    expect(mendedText(context(), tagged, `${tagged} So.`)).toBe(tagged);
    expect(mendedText(context(), '<thinking>secret', before)).toBe('');
  });

  test('holds no marker of its prompt', () => {
    expect(mendedText(context(), `[text ${nonce}]\nThe sky.\n[end of text ${nonce}]`, 'The sea.')).toBe('The sky.');
  });
});

test('a stop sequence ends the answer of a form where reasoning comes first', () => {
  const asked = context({ strategy: 'cot', stop: [';', 'END'] });
  expect(visibleAnswer(asked, 'one; two\n### Answer\nthree ; four END')).toBe('three');
  expect(cutAtStop(asked, 'three END four; five')).toBe('three');
  expect(cutAtStop(context(), 'three; four')).toBe('three; four');
});
