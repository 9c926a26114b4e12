import { describe, expect, test } from 'vitest';
import { examples, judge, pointedOut } from './judge.ts';

describe('bullets', () => {
  const list = '- one\n* two\r\n  + three\n• four\n1. five\n2) six';
  examples([
    ['pass', { type: 'bullets', exactly: 4 }, list],
    ['pass', { type: 'bullets', exactly: 2, style: 'numbered' }, list],
    ['pass', { type: 'bullets', exactly: 6, style: 'any' }, list],
    ['pass', { type: 'bullets', exactly: 1 }, '- **bold** item\n\n---\n* * *\n- - -\n**bold**\n-5 degrees'],
    ['pass', { type: 'bullets', exactly: 0 }, '```\n- code\n```'],
    ['fail', { type: 'bullets', min: 1 }, ''],
    ['pass', { type: 'bullets', exactly: 8 }, '• a\n– b\n– c\n● d\n◦ e\n▪ f\n‣ g\n· h'],
    ['pass', { type: 'bullets', exactly: 3 }, '> - a\n> - b\n>> * c'],
    ['pass', { type: 'bullets', exactly: 3, style: 'numbered' }, '1) a\n(2) b\n> 3. c'],
    ['pass', { type: 'bullets', exactly: 0 }, 'All the best\n– Anna'],
  ]);
});

describe('sections', () => {
  examples([
    ['pass', { type: 'sections', min: 2 }, 'Section 1\ntext\n## **section 2**: text'],
    ['pass', { type: 'sections', exactly: 1, marker: 'DAY', case_sensitive: true }, 'DAY 1\nDay 2\nOn DAY 3'],
    ['pass', { type: 'sections', exactly: 2, marker: 'Part' }, 'Part I\nPart IV\nParticle'],
    ['fail', { type: 'sections', min: 1 }, 'see Section 1 for more'],
    ['fail', { type: 'sections', min: 1 }, ''],
  ]);
});

describe('title', () => {
  examples([
    ['pass', { type: 'title' }, 'text\n<<On Rivers>>\ntext'],
    ['pass', { type: 'title' }, '<< On Rivers >>\ntext'],
    ['pass', { type: 'title' }, 'We call it <<On Rivers>> here.'],
    ['fail', { type: 'title' }, 'Write cout << x >> y; to try.'],
    ['fail', { type: 'title' }, 'cout<<x>>y'],
    ['fail', { type: 'title' }, 'So <<16-3=13>>13 and 1 << 3 >> 1, `<<a>>`'],
    ['fail', { type: 'title' }, '```cpp\nstd::cout << name >> x;\n```'],
    ['fail', { type: 'title' }, 'vector<vector<int>> v; cout << v[0] << endl; cin >> x;'],
    ['fail', { type: 'title' }, '<< >>'],
    ['fail', { type: 'title' }, '<<two\nlines>>'],
    ['fail', { type: 'title' }, ''],
  ]);
});

describe('highlights', () => {
  examples([
    ['pass', { type: 'highlights', exactly: 3 }, '*one* **two** ***three***'],
    ['pass', { type: 'highlights', exactly: 0 }, '* item\n* item 2 * 3 * 4\n** **\n****'],
    ['pass', { type: 'highlights', exactly: 1 }, '* item with *one*'],
    ['fail', { type: 'highlights', min: 1 }, '*open\nclosed*'],
    ['pass', { type: 'highlights', exactly: 0 }, '2*3*4 and x*y*z, `a *b* c`\n```\n*code*\n```'],
    ['pass', { type: 'highlights', exactly: 1 }, 'un*frigging*believable'],
  ]);
});

describe('placeholders', () => {
  examples([
    ['pass', { type: 'placeholders', exactly: 2 }, 'Dear [name], at [street and number]'],
    ['pass', { type: 'placeholders', exactly: 0 }, '- [ ] open\n- [x] done\n[link](https://a.b) []'],
    ['fail', { type: 'placeholders', min: 1 }, '[two\nlines]'],
    [
      'pass',
      { type: 'placeholders', exactly: 0 },
      '`[a]`, row[0], [0, 1], [2 + 3] * 4, \\[x\\], a note[^1]\n```\n[code]\n```',
    ],
    ['pass', { type: 'placeholders', exactly: 1 }, 'Dear [placeholder 3],'],
  ]);
});

describe('postscript', () => {
  examples([
    ['pass', { type: 'postscript' }, 'Text.\n\nP.S. Bring a coat.'],
    ['pass', { type: 'postscript' }, 'Text.\n**p. s.:** bring a coat'],
    ['pass', { type: 'postscript' }, 'Text. PS I love you'],
    ['pass', { type: 'postscript', marker: 'P.P.S' }, 'P.S. one\nP.P.S. two'],
    ['fail', { type: 'postscript' }, 'P.P.S. two'],
    ['fail', { type: 'postscript' }, 'Text.\nP.S.'],
    ['fail', { type: 'postscript' }, 'Psalms are old.'],
    ['fail', { type: 'postscript' }, 'the p.s. in the middle'],
    ['fail', { type: 'postscript' }, ''],
  ]);
});

describe('paragraph_starts_with', () => {
  const second = { type: 'paragraph_starts_with', paragraph: 2, word: 'However' };
  examples([
    ['pass', second, 'One.\n\n"However, two.'],
    ['pass', second, 'One.\n\n**however** two.'],
    ['fail', second, 'One.\n\nHoweverly two.'],
    ['fail', second, 'However.'],
    ['pass', { ...second, separator: '***' }, 'One.\n***\nHowever'],
    ['pass', { ...second, word: 'In the end' }, 'One.\n\nIn  the end it was.'],
  ]);

  test('tells which word stands there instead', () => {
    const text = 'One.\n\nBut two.';
    const result = judge(text, second);
    expect(result.message).toBe('Paragraph 2 begins with "but"; begin it with "However".');
    expect(pointedOut(text, result)).toBe('But two.');
    expect(judge('One.', second).message).toContain('There is 1 paragraph;');
  });
});

describe('two_responses', () => {
  examples([
    ['pass', { type: 'two_responses' }, 'one\n******\ntwo'],
    ['fail', { type: 'two_responses' }, 'same ****** same'],
    ['fail', { type: 'two_responses' }, 'one ****** two ****** three'],
    ['fail', { type: 'two_responses' }, 'one'],
    ['pass', { type: 'two_responses' }, 'one ****** two'],
    ['pass', { type: 'two_responses', separator: '---' }, 'one\n---\ntwo'],
    ['fail', { type: 'two_responses', separator: '---' }, 'one --- two'],
  ]);
});

describe('repeats_prompt', () => {
  examples(
    [
      ['pass', { type: 'repeats_prompt' }, 'write  a poem about “it”. Roses are red.'],
      ['fail', { type: 'repeats_prompt' }, 'Roses are red.'],
      ['pass', { type: 'repeats_prompt', prompt: 'Go on' }, 'go on then'],
      ['fail', { type: 'repeats_prompt', prompt: 'Go on' }, ''],
    ],
    { question: 'Write a poem about "it".', sources: [] },
  );
});

describe('code_fence', () => {
  const fenced = (language: string, code: string) => `Text.\n\`\`\`${language}\n${code}\n\`\`\`\nMore.`;
  examples([
    ['pass', { type: 'code_fence' }, fenced('json', '{"a": [1, 2]}')],
    ['fail', { type: 'code_fence' }, fenced('json', '{"a": [1, 2,]}')],
    ['fail', { type: 'code_fence' }, 'Text.\n```js\nlet a = 1;'],
    ['skipped', { type: 'code_fence' }, 'No code.'],
    ['skipped', { type: 'code_fence' }, ''],
    ['skipped', { type: 'code_fence' }, fenced('', 'a ( b')],
    ['skipped', { type: 'code_fence' }, fenced('rust', 'fn a() {')],
    ['fail', { type: 'code_fence', language: 'python' }, fenced('js', 'f()')],
    ['pass', { type: 'code_fence', language: 'python' }, fenced('py', 'f()')],
    ['pass', { type: 'code_fence', language: 'sh' }, fenced('bash', 'ls')],
    ['pass', { type: 'code_fence', language: 'yaml' }, fenced('yml', 'a: 1')],
    ['pass', { type: 'code_fence', language: 'cpp' }, fenced('c++', 'f();')],
    ['fail', { type: 'code_fence', language: 'c' }, fenced('c++', 'f();')],
    ['pass', { type: 'code_fence', language: 'Rust' }, fenced('rust', 'fn a() {')],
    ['pass', { type: 'code_fence' }, fenced('python', 'def f(a):\n  """( doc"""\n  return [a, "(", \'\\\')\'] # )')],
    ['fail', { type: 'code_fence' }, fenced('py', 'print((1 + 2)')],
    ['fail', { type: 'code_fence' }, fenced('js', 'function f() {\n  return [1, 2);\n}')],
    ['pass', { type: 'code_fence' }, fenced('ts', 'const f = (...a: string[]) => `x`.length; // (')],
    ['skipped', { type: 'code_fence' }, fenced('js', 'const r = /[(]/; f(')],
    ['skipped', { type: 'code_fence' }, fenced('js', 'const t = `a $' + '{f("(")} b`; f(')],
    ['pass', { type: 'code_fence' }, fenced('js', 'const t = `a ( b`;')],
    ['skipped', { type: 'code_fence' }, fenced('js', 'f(a, ...\n')],
    ['skipped', { type: 'code_fence' }, fenced('js', 'const a = "unclosed\n f(')],
    ['skipped', { type: 'code_fence' }, fenced('python', 'a = """unclosed (')],
    ['skipped', { type: 'code_fence' }, fenced('python', 'a = "unclosed (')],
    ['pass', { type: 'code_fence' }, fenced('java', "class A { /* ( */ char c = '\"'; }")],
    ['skipped', { type: 'code_fence' }, fenced('c', 'int a; /* open (')],
    ['fail', { type: 'code_fence' }, fenced('go', 'func f() {')],
    ['pass', { type: 'code_fence' }, fenced('go', 'var s = `(`')],
    ['pass', { type: 'code_fence' }, '~~~~json\n{"a": "~~~"}\n~~~~'],
    ['skipped', { type: 'code_fence' }, '```inline``` and ``` more ```'],
    ['pass', { type: 'code_fence' }, '1. Step\r\n   ```json\r\n   {}\r\n   ```\r\n'],
  ]);

  test('points out where the JSON breaks, or the block where the engine does not say', () => {
    const text = fenced('json', '{"a": 1,}');
    expect(pointedOut(text, judge(text, { type: 'code_fence' }))).toBe('}');
    const bare = fenced('json', 'abc');
    expect(pointedOut(bare, judge(bare, { type: 'code_fence' }))).toBe('```json\nabc\n```');
    const open = fenced('py', 'f(');
    expect(pointedOut(open, judge(open, { type: 'code_fence' }))).toBe('(');
  });
});

describe('choice', () => {
  const letters = { type: 'choice', choices: ['A', 'B', 'C'] };
  const words = { type: 'choice', choices: ['yes', 'no', 'no idea'] };
  examples([
    ['pass', letters, 'B'],
    ['pass', letters, ' **(B)**. '],
    ['pass', letters, '\\boxed{B}'],
    ['pass', letters, 'Because of a reason.\n\nAnswer: B'],
    ['pass', letters, 'A is wrong. The answer is **C**, not A.'],
    ['pass', letters, 'It is a hard one. I choose B.'],
    ['fail', letters, 'Either A or B'],
    ['pass', letters, 'A is right because it fits.'],
    ['fail', letters, 'D'],
    ['fail', letters, ''],
    ['pass', words, 'Yes!'],
    ['pass', words, 'I have no idea'],
    ['fail', words, 'There is nobody'],
    ['fail', { ...words, whole: true }, 'My answer: yes'],
    ['fail', { ...words, whole: true }, '"Yes."'],
    ['fail', { ...words, whole: true }, 'Yes'],
    ['pass', { ...words, whole: true }, 'yes'],
    ['skipped', letters, 'It is probably B.'],
    ['fail', letters, 'It is not B.'],
    ['fail', words, 'No, no. No idea.'],
  ]);

  test('tells which one was chosen', () => {
    expect(judge('Hm. No idea.', words)).toMatchObject({ status: 'pass', measured: 'no idea' });
    expect(judge('x\ny', words)).toMatchObject({ measured: 'y', span: [2, 3] });
    expect(judge('', words)).toMatchObject({ measured: '', span: null });
  });
});
