import { describe, expect, test } from 'vitest';
import { examples, judge, pointedOut } from '../judge.ts';

const check = { type: 'arithmetic' };
const rows = (status: 'pass' | 'fail' | 'skipped', texts: readonly string[]) =>
  texts.map((text) => [status, check, text] as const);

describe('right calculations', () => {
  examples(
    rows('pass', [
      'Is 2 + 2 = 5? No, 2 + 2 = 4.',
      '12 × 3 = 36',
      'She has 16 eggs - 3 eggs - 4 eggs = 9 eggs.',
      '<<16-3-4=9>>9',
      'So 5 + 3 = **8**.',
      '1,000 + 500 = 1,500 and 1,00,000 - 1 = 99,999',
      '$5 × 3 = $15.00',
      '10/3 = 3.33, 20/3 = 6.66 and 20/3 = 6.67',
      '10 / 3 = 3',
      '20% of 50 = 10',
      '50 × 20% = 10',
      '100 - 20% = 80',
      '$50 + 8% tax = $54',
      '$20 - 15% = $17',
      '120 - 25% = 90',
      '$100 - 20% - 10% = $72',
      '$49.99 + 8% = $53.99',
      '$54 = $50 + 8%',
      '5/20 = 25% and 5 ÷ 20 × 100 = 25%',
      '50% + 20% = 70%',
      '(2 + 3) × 4 = 20, 2(3 + 4) = 14 and (3)(4) = 12',
      '2^10 = 1024, 2**3 = 8, 5² = 25, 2³ = 8 and 10^{-1} = 0.1',
      '\\frac{1}{2} \\times 10 = 5 and \\left(3 \\cdot 4\\right) \\div 2 = 6',
      '\\frac{50}{100} = 50\\%',
      '5 + 3 = 4 × 2 = 8',
      '8 = 5 + 3',
      'Total = 1 + 1 = 2',
      '3 hours × 60 = 180 minutes',
      '4 boxes × 6 apples/box = 24 apples',
      '3 x 4 = 12',
      '-3 + 5 = 2 and 4 − 6 = -2',
      '1/3 ≈ 0.333, 22/7 ≈ 3.14 and 1234 × 5678 ≈ 7,000,000',
      '.5 + .25 = 0.75',
      '5 + 3 = 8 - so she has eight',
      '3.33 × 3 = 9.99',
      '5km + 3km = 8km',
      'So \\(2 + 3 = 5\\) and \\[4 \\times 2 = 8\\]',
      '15% of 80 is 12 and 10 percent of 50 is 5.',
      '3 + 4 equals to 7',
      '7 plus 8 equals 15, 9 minus 4 is 5, 6 times 7 is equal to 42 and 8 divided by 2 is 4',
      '5 € + 3 € = 8 € and £5 + £3 = £8',
      '40*1.1 = 44 and 2.5 × 4 = 10',
      '22 divided by 7 is about 3.14',
      '\\frac{22}{7} \\approx 3.14',
      '2 + 2 = 4 and then **',
    ]),
  );
});

describe('wrong calculations', () => {
  examples(
    rows('fail', [
      '12 × 3 = 35',
      '5 + 3 = 8, then 8 * 2 = 17.',
      '$2.50 + $1.25 = $3.80',
      '20% of 50 = 12',
      '$50 + 8% tax = $56',
      '120 - 25% = 80',
      '100 + 20% of 50 = 120',
      'x = 5 + 3 = 9',
      '2 + 2 = 2 × 3',
      '10/3 = 3.5',
      '9 = 5 + 3',
      '1234 × 5678 ≈ 9,000,000',
      '\\frac{22}{7} \\approx 3.5',
      '1,000 + 500 = 1,600',
      '```\n2+2=4\n```\n3+3=7',
      'α: 16-3=12',
      'So \\(2 + 3 = 6\\).',
      '\\[4 \\times 2 = 9\\]',
      '15% of 80 is 15',
      '7 plus 8 equals 16',
      '15 percent of 80 is 15',
      '6 times 7 is equal to 44',
      '9 minus 4 is 6.',
      '5 € + 3 € = 9 €',
      '£5 + £3 = £9',
      '40*1.1 = 42',
      '12.5 * 8 = 101',
    ]),
  );

  test('say what a percentage of the number before it makes', () => {
    expect(judge('$50 + 8% = $56', check).message).toBe('Wrong calculation: "$50 + 8% = $56": $50 + 8% is 54.');
  });

  test('say what is right, and point out the first', () => {
    const text = 'We get 5 + 3 = 8. Then 8 * 2 = 17 and (1 + 1) * 2 = 5.';
    const result = judge(text, check);
    expect(result.measured).toEqual({ checked: 3, wrong: ['8 * 2 = 17', '(1 + 1) * 2 = 5'] });
    expect(result.message).toBe('Wrong calculations: "8 * 2 = 17": 8 * 2 is 16; "(1 + 1) * 2 = 5": (1 + 1) * 2 is 4.');
    expect(pointedOut(text, result)).toBe('8 * 2 = 17');
  });
});

describe('calculations that may be meant otherwise', () => {
  examples(
    rows('skipped', [
      '',
      'No sums here = none.',
      '2x + 3 = 7, 3 a + 2 = 8 and 2 m + 3 = 9',
      'x + 3 = 8',
      '5! = 120 and 3 × 2! = 7',
      '2 + 2 = 5 is wrong',
      'If 2 + 2 = 5, then pigs fly.',
      'In binary, 1 + 1 = 10',
      '5 + 3 = 8 × 2 = 16'.replace('8 × 2', '8 × 3').replace('16', '24 apples + x'),
      '2 hours + 30 minutes = 150 minutes',
      '2 dozen + 2 = 5',
      '1 dozen = 12 eggs',
      'pages 3-5 = 3 pages',
      '1.2.3 + 1 = 3',
      '10:30 + 2 = 12:30',
      '3,5 + 1,5 = 6',
      '1.000 + 500 = 1500',
      '7 / 2 = 3 remainder 1',
      '17 mod 5 = 3',
      'half of 10 + 4 = 10',
      'sin 30 + 1 = 2',
      '3.33 × 3 = 10',
      '0.3 × 30 = 10',
      'A range of 3-5 is 4 on average.',
      '24/7 is 7 days a week',
      'Chapter 3 is 20 pages long, and 5 is 2 more than 3.',
      '10% of 50 people is 3 more than planned',
      '7 × 0.5 = 3',
      '5 / 0 = 1',
      '10^400 = 5',
      '5 == 3 + 1',
      '5 + 3 != 9, 5 + 3 >= 9 and 5 + 3 => 9',
      '```js\nx = 5 + 3 = 9\n```',
      `${'('.repeat(100)}1 + 1${')'.repeat(100)} = 3`,
      '(1 + 2 = 4',
      '\\frac{1} + 2 = 4',
      '\\sqrt{16} + 1 = 6',
      '1 2 + 3 = 9',
      '1/3 ≈ 0.35',
      '2 = 3',
      '5 + = 6',
      '7 ÷ 2 = 4',
      '6 ÷ 2(1+2) = 1',
      '6/2(1+2) = 7',
      '10/(5)(2) = 1',
      'Drop 8 degrees = 2 - 8',
      'his 25 classmates + his 1 teacher + 1 himself = 27',
      'Is 2 + 2 = 5?',
      'Does 2 + 2 = 5 hold in general?',
      '2 + 2 = 5 ist falsch.',
      '„2 + 2 = 5“ stimmt nicht.',
      '2 + 2 = 5 es incorrecto.',
      '2 + 2 = 5, c’est faux.',
      '2 + 2 = 5는 틀렸습니다.',
      '2 + 2 = 5 は間違いです。',
      '2 + 2 = 5 是错的。',
    ]),
  );

  test('leave the others to be judged', () => {
    expect(judge('2x + 3 = 7. Also 2 + 2 = 4.', check)).toMatchObject({
      status: 'pass',
      measured: { checked: 1, wrong: [] },
    });
    expect(judge('5 + 3 = 8 × 2 = 16', check)).toMatchObject({ status: 'pass', measured: { checked: 1 } });
  });
});
