import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { examples, judge, pointedOut } from './judge.ts';

const count = (type: string, text: string, settings: object = {}) =>
  judge(text, { type, min: 0, ...settings }).measured;

describe('words', () => {
  examples([
    ['pass', { type: 'words', max: 3 }, 'one two three'],
    ['fail', { type: 'words', max: 2 }, 'one two three'],
    ['fail', { type: 'words', min: 4 }, 'one two three'],
    ['pass', { type: 'words', exactly: 3 }, 'one\r\ntwo\r\n\r\nthree\r\n'],
    ['pass', { type: 'words', exactly: 0 }, ''],
    ['fail', { type: 'words', min: 1 }, ' \n '],
    ['pass', { type: 'words', min: 2, max: 4 }, 'one two three'],
    ['skipped', { type: 'words', max: 3 }, '我们今天去公园散步。'],
    ['skipped', { type: 'words', max: 3 }, 'วันนี้อากาศดีมาก'],
  ]);

  test.each([
    ['a well-known, state-of-the-art idea', 4],
    ["don’t say it isn't", 4],
    ['pi is 3.14 and 1,000 is at 10:30', 8],
    ['**Bold** _words_ # and - signs * 2', 5],
    ['see https://example.com/a-b?c=d&e, please', 3],
    ['👍 fine 🎉', 1],
    ['❤️', 0],
    ['שלום עולם', 2],
    ['مرحبا بالعالم', 2],
    ['e\u0301te\u0301 naïve', 2],
    ['and/or', 2],
    ['wait—what', 2],
    ['snake_case R&D me@home', 3],
    ['Hello 世界 my dear friends of old', 7],
    ['می\u200cروم', 1],
    ['It ended.Then we left.', 5],
    ['He came.I left.', 4],
    ['그는 왔다.그리고 갔다.', 4],
    ['Use Node.js, ASP.NET, example.org, v1.2.3, e.g., U.S.A, System.Out.println and notes.txt', 10],
    ['See example.org/a?b=c#d now', 3],
    ['un**frigging**believable and H~2~O or 5*6', 6],
    ['~5 minutes ~~gone~~', 3],
  ])('counts the words of %j as a reader would: %d', (text, expected) => {
    expect(count('words', text)).toBe(expected);
  });

  test('says how many were written, how many are wanted, and which are too many', () => {
    const text = 'one two three four';
    const result = judge(text, { type: 'words', max: 2 });
    expect(result).toMatchObject({ message: 'You wrote 4 words; write at most 2.', measured: 4, expected: { max: 2 } });
    expect(pointedOut(text, result)).toBe('three four');
    expect(judge(text, { type: 'words', min: 5 }).span).toBeNull();
    expect(judge(text, { type: 'words', exactly: 5 }).message).toBe('You wrote 4 words; write exactly 5.');
    expect(judge(text, { type: 'words', min: 5, max: 7 }).message).toBe('You wrote 4 words; write 5 to 7.');
    expect(judge('one', { type: 'words', max: 1 }).message).toBe('There is 1 word, as wanted.');
  });

  test('counts one more when a word is added', () => {
    const prose = fc.string({ unit: fc.constantFrom(...'ab é1,.-\'’"*_#\n👍:/') });
    fc.assert(
      fc.property(prose, (text) => Number(count('words', `${text} word`)) === Number(count('words', text)) + 1),
    );
  });
});

describe('sentences', () => {
  test.each([
    ['One. Two! Three?', 3],
    ['Dr. Smith met Mrs. Jones at 3 p.m. on Oct. 5 near St. Paul.', 1],
    ['He works at Acme Inc. The pay is good.', 2],
    ['Pi is 3.14, e is 2.718. Both are irrational.', 2],
    ['J. R. R. Tolkien wrote it. I did not.', 2],
    ['You and I. We are friends.', 2],
    ['Wait... what? Well… no.', 2],
    ['Wait... What?', 2],
    ['"Really?" she asked. "Yes!" he said.', 2],
    ['He said "Stop." Then he left.', 2],
    ['this is all in lower case. so is this. done', 3],
    ['See e.g. the book, i.e. this one, vs. that one.', 1],
    ['The U.S. Army came. It left the U.S. The end.', 3],
    ['# A heading\n\nOne sentence here.\nIt wraps\nover lines.', 2],
    ['1. First step.\n2. Second step.', 2],
    ['1. First. 2. Second.', 2],
    ['```js\nconst a = 1. + 2.;\n```\nOne sentence.', 1],
    ['```markdown\nOne sentence. Two.\n```', 2],
    ['| a. | b. |\n|---|---|\nText.', 1],
    ['我去了。你呢？好！', 3],
    ['यह एक वाक्य है। यह दूसरा है।', 2],
    ['Go to example.com. Then stop!!', 2],
    ['I read Yahoo! every day. You watch Jeopardy! now and then.', 2],
    ['Wow! that is great. I love it! do you?', 4],
    ['i love Paris! it is great.', 2],
    ['I love Paris! It is great.', 2],
    ['Was it Paris? yes.', 2],
    ['no end mark', 1],
    ['', 0],
    ['... !!! ???', 0],
  ])('finds the sentences of %j: %d', (text, expected) => {
    expect(count('sentences', text)).toBe(expected);
  });

  test.each([
    ['He works at Acme Inc. Canada and is happy.', 1, 2],
    ['Reasons:\n- first one\n- second one. With two.\n* third', 2, 5],
    ['First line\r\n\r\nSecond block', 1, 2],
    ['The train left at 5 p.m. Marta missed it.', 1, 2],
    ['Buy these three things now:\n- milk\n- eggs', 1, 3],
    ['“你好。”他说。', 1, 2],
    ['Yahoo! is a company.', 1, 2],
    ['Step 1. Mix the flour.', 1, 2],
    ['Well... I guess so.', 1, 2],
    ['Chapter 1. The Beginning\n\nIt rained. We slept.', 2, 4],
  ])('leaves open what readers would see differently in %j: %d to %d', (text, least, most) => {
    expect(count('sentences', text)).toEqual({ least, most });
    expect(judge(text, { type: 'sentences', exactly: most }).status).toBe('skipped');
    expect(judge(text, { type: 'sentences', min: most + 1 })).toMatchObject({
      status: 'fail',
      message: `You wrote ${least} to ${most} sentences; write at least ${most + 1}.`,
    });
  });

  test('are not counted where a script does not mark their ends', () => {
    expect(judge('วันนี้อากาศดีมาก เราไปสวนกัน', { type: 'sentences', max: 1 }).status).toBe('skipped');
  });

  test('points out the sentences that are too many', () => {
    const text = 'One. Two.  Three is “last.” \n';
    expect(pointedOut(text, judge(text, { type: 'sentences', max: 1 }))).toBe('Two.  Three is “last.”');
  });

  test('looks far enough ahead over white space', () => {
    expect(count('sentences', `One.${' '.repeat(100)}Two`)).toBe(2);
  });
});

describe('paragraphs', () => {
  test.each([
    ['one\n\ntwo\n \nthree', 3],
    ['one\r\n\r\ntwo', 2],
    ['one\nstill one', 1],
    ['one\n\n***\n\ntwo\n\n---\n\n___\n\n* * *', 2],
    ['a\n\n```\ncode\n\nmore code\n```\n\nb', 3],
    ['\n\n', 0],
    ['', 0],
  ])('finds those of %j between blank lines: %d', (text, expected) => {
    expect(count('paragraphs', text)).toBe(expected);
  });

  test('divides at a separator instead where one is named', () => {
    expect(count('paragraphs', 'one\n\nstill one\n***\ntwo', { separator: '***' })).toBe(2);
    expect(count('paragraphs', '***one******', { separator: '***' })).toBe(1);
    expect(count('paragraphs', 'a ******\n***\nb ***c*** *** d', { separator: '***' })).toBe(2);
    expect(count('paragraphs', 'one|||two', { separator: '|||' })).toBe(2);
    expect(count('paragraphs', 'one ****** two', { separator: '******' })).toBe(2);
    expect(judge('one', { type: 'paragraphs', exactly: 2, separator: '***' }).message).toBe(
      'You wrote 1 paragraph; write exactly 2.',
    );
  });
});

test.each(['***', '---', '___', '~~', '==', '#', '-'])('%s divides on a line of its own alone', (separator) => {
  expect(count('paragraphs', `one ${separator} two`, { separator })).toBe(1);
  expect(count('paragraphs', `one ${separator}\n${separator} two`, { separator })).toBe(1);
  expect(count('paragraphs', `one\n ${separator} \ntwo`, { separator })).toBe(2);
});

test('lines count when they are not blank, whatever ends them', () => {
  expect(count('lines', 'a\r\nb\n\n  \nc\rd\n')).toBe(4);
  const text = 'a\n\nb\nc';
  expect(pointedOut(text, judge(text, { type: 'lines', max: 1 }))).toBe('b\nc');
});

describe('characters', () => {
  test('are code points, without the white space around the answer', () => {
    expect(count('characters', '  a😀b \n')).toBe(3);
    expect(count('characters', '')).toBe(0);
  });

  test('point out what is over the limit', () => {
    const text = ' ab😀cd ';
    expect(pointedOut(text, judge(text, { type: 'characters', max: 3 }))).toBe('cd');
    expect(judge(text, { type: 'characters', min: 9 }).span).toBeNull();
    expect(judge(text, { type: 'characters', exactly: 5 }).status).toBe('pass');
  });
});

describe('letter_count', () => {
  examples([
    ['pass', { type: 'letter_count', letter: 'a', exactly: 3 }, 'AaBa'],
    ['fail', { type: 'letter_count', letter: '#', min: 2 }, '# one'],
    ['pass', { type: 'letter_count', letter: '😀', min: 2 }, '😀x😀'],
    ['pass', { type: 'letter_count', letter: 'q', max: 0 }, ''],
  ]);

  test('says it as a request would', () => {
    expect(judge('aa', { type: 'letter_count', letter: 'A', max: 1 }).message).toBe(
      'You wrote 2 occurrences of "A"; write at most 1.',
    );
  });
});
