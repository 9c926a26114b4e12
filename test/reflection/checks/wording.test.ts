import { describe, expect, test } from 'vitest';
import { examples, judge, pointedOut } from './judge.ts';

describe('keywords', () => {
  const both = { type: 'keywords', keywords: ['red fox', 'BEAR'] };
  examples([
    ['pass', both, 'A Red\nFox met bears.'],
    ['fail', both, 'A red fox.'],
    ['fail', { ...both, whole_word: true }, 'A red fox met bears.'],
    ['fail', { ...both, case_sensitive: true }, 'A red fox met a bear.'],
    ['pass', { ...both, mode: 'any' }, 'A bear.'],
    ['fail', { ...both, mode: 'any' }, ''],
    ['pass', { type: 'keywords', keywords: ["don't (ever) 1+1=$2.*[x]?"] }, 'I don’t (ever) 1+1=$2.*[x]? end'],
    ['pass', { type: 'keywords', keywords: ['世界'], whole_word: true }, '你好世界！'],
  ]);

  test('name what is missing', () => {
    expect(judge('a bear', both)).toMatchObject({ message: expect.stringContaining('"red fox"'), measured: ['BEAR'] });
    expect(judge('x', { ...both, mode: 'any' }).message).toBe('Use at least one of "red fox", "BEAR".');
  });
});

describe('forbidden_words', () => {
  const none = { type: 'forbidden_words', words: ['cat', 'ice cream'] };
  examples([
    ['pass', none, 'The category of ice and cream.'],
    ['fail', none, 'The CAT.'],
    ['fail', { ...none, whole_word: false }, 'The category.'],
    ['pass', none, ''],
    ['pass', none, 'cat\u0301'],
    ['fail', { type: 'forbidden_words', words: ['환불'] }, '환불은 어렵습니다.'],
    ['fail', { type: 'forbidden_words', words: ['환불'] }, '내일 환불해 드립니다.'],
    ['fail', { type: 'forbidden_words', words: ['돈'] }, '돈은 없다.'],
    ['pass', { type: 'forbidden_words', words: ['사과'] }, '사과문을 보냅니다.'],
    ['fail', { type: 'forbidden_words', words: ['مبلغ'] }, 'ندفع المبلغ غدا.'],
    ['fail', { type: 'forbidden_words', words: ['مبلغ'] }, 'وبالمبلغ كله'],
    ['fail', { type: 'forbidden_words', words: ['מחיר'] }, 'והמחיר עלה.'],
    ['fail', { type: 'forbidden_words', words: ['返金'] }, '本日返金できます。'],
    ['fail', { type: 'forbidden_words', words: ['退款'] }, '我们可以退款。'],
    ['pass', { type: 'forbidden_words', words: ['—'] }, 'a well-known – fact'],
    ['fail', { type: 'forbidden_words', words: ['well-known'] }, 'a **well**–known fact'],
  ]);

  test.each([
    ['I like **Ice** Cream.', 'ice cream', 'Ice** Cream'],
    ['Ein Cafe\u0301 hier', 'café', 'Cafe\u0301'],
    ['say “no” and *go*', 'and go', 'and *go'],
    ['e\u0301 e\u0301 **the *end***', 'the end', 'the *end'],
    ['환불은 어렵습니다', '환불', '환불'],
    ['2 * 3 * cat', 'cat', 'cat'],
  ])('point into the text as it was written: %j', (text, word, expected) => {
    expect(pointedOut(text, judge(text, { type: 'forbidden_words', words: [word] }))).toBe(expected);
  });

  test('point out the first that is used', () => {
    const text = 'I like Ice  Cream.';
    const result = judge(text, none);
    expect(result).toMatchObject({ message: 'Do not use "ice cream".', measured: ['ice cream'] });
    expect(pointedOut(text, result)).toBe('Ice  Cream');
  });
});

describe('keyword_count', () => {
  examples([
    ['pass', { type: 'keyword_count', keyword: 'sea', exactly: 2 }, 'Sea and seaside'],
    ['fail', { type: 'keyword_count', keyword: 'sea', exactly: 2, whole_word: true }, 'Sea and seaside'],
    ['fail', { type: 'keyword_count', keyword: 'aa', min: 2 }, 'aaa'],
  ]);

  test('points out what is too much', () => {
    expect(judge('sea sea sea', { type: 'keyword_count', keyword: 'sea', max: 1 })).toMatchObject({
      span: [4, 11],
      message: 'You wrote 3 occurrences of "sea"; write at most 1.',
    });
  });
});

describe('letter case', () => {
  examples([
    ['pass', { type: 'lowercase' }, 'all lower, ünïcode ß 123'],
    ['fail', { type: 'lowercase' }, 'all Lower'],
    ['pass', { type: 'uppercase' }, 'ALL UPPER, ÜÑÏ 123'],
    ['fail', { type: 'uppercase' }, 'STRASSE ß'],
    ['fail', { type: 'lowercase' }, 'ǅ'],
    ['skipped', { type: 'lowercase' }, ''],
    ['skipped', { type: 'uppercase' }, '123 你好 שלום'],
    ['pass', { type: 'capital_words', exactly: 2 }, 'NASA sent I-95 data'],
    ['fail', { type: 'capital_words', max: 0 }, 'a BIG one'],
    ['pass', { type: 'capital_words', max: 0 }, 'Title 123'],
  ]);

  test('points out the first wrong letter with the rest of its word', () => {
    const text = '😀 quite wrOng, RIGHT';
    expect(pointedOut(text, judge(text, { type: 'lowercase' }))).toBe('Ong,');
    expect(judge(text, { type: 'lowercase' }).measured).toBe(6);
  });
});

describe('edges', () => {
  examples([
    ['pass', { type: 'starts_with', phrase: 'Dear "reader"' }, '  dear  “Reader”, hello'],
    ['fail', { type: 'starts_with', phrase: 'Dear' }, 'My dear'],
    ['fail', { type: 'starts_with', phrase: 'Dear', case_sensitive: true }, 'dear me'],
    ['pass', { type: 'starts_with', phrase: 'It’s “so”', case_sensitive: true }, 'It\'s "so" good'],
    ['fail', { type: 'starts_with', phrase: 'Dear' }, ''],
    ['pass', { type: 'starts_with', phrase: 'It' }, "It's so"],
    ['pass', { type: 'starts_with', phrase: '안녕' }, '안녕하세요'],
    ['pass', { type: 'ends_with', phrase: 'the end.' }, 'This is The End.\n'],
    ['pass', { type: 'ends_with', phrase: 'The end.' }, '"This is **the end.**"'],
    ['fail', { type: 'ends_with', phrase: 'The end' }, 'The end.'],
    ['fail', { type: 'ends_with', phrase: 'The end.', case_sensitive: true }, 'the end.'],
    ['fail', { type: 'ends_with', phrase: 'The end.' }, ''],
    ['fail', { type: 'ends_with', phrase: 'end' }, 'Have a nice weekend'],
    ['fail', { type: 'ends_with', phrase: '12' }, 'It is 112'],
    ['pass', { type: 'ends_with', phrase: 'end' }, 'This is the **end**'],
    ['pass', { type: 'ends_with', phrase: '니다' }, '감사합니다'],
    ['pass', { type: 'ends_with', phrase: '谢谢' }, '好的谢谢'],
    ['pass', { type: 'ends_with', phrase: '...' }, 'And so on...'],
    ['pass', { type: 'quoted' }, ' "All of it." \n'],
    ['fail', { type: 'quoted' }, '“Curly”'],
    ['fail', { type: 'quoted' }, '"'],
    ['fail', { type: 'quoted' }, ''],
    ['pass', { type: 'forbidden_characters', characters: [','] }, 'no comma here; none'],
    ['fail', { type: 'forbidden_characters', characters: [',', '😀'] }, 'hi 😀'],
  ]);

  test('point out what stands where the phrase should', () => {
    expect(pointedOut('  hello world', judge('  hello world', { type: 'starts_with', phrase: 'howdy' }))).toBe('hello');
    expect(pointedOut('hello world ', judge('hello world ', { type: 'ends_with', phrase: 'earth' }))).toBe('world');
  });

  test('tell which characters are used, how often and where first', () => {
    const result = judge('a, b! c,', { type: 'forbidden_characters', characters: [',', '!', '?'] });
    expect(result).toMatchObject({
      span: [1, 2],
      measured: 3,
      message: 'You used ",", "!" 3 times; write the answer without.',
    });
    expect(judge('a,', { type: 'forbidden_characters', characters: [','] }).message).toContain('once');
  });
});
