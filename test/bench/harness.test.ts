import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStamps, ruleFor, stampedWord } from '../../bench/mock-settings.ts';
import { isWhole, parseOptions, suiteNames } from '../../bench/options.ts';
import { forgedFrom } from '../../bench/targets/ours.ts';
import { workerdConfig } from '../../bench/workerd-config.ts';

test('a plain run is whole and long; a quick one or a part of one is not whole', () => {
  expect(parseOptions([])).toMatchObject({ rounds: 1500, suites: suiteNames, seed: 1 });
  expect(isWhole(parseOptions([]))).toBe(true);
  expect(isWhole(parseOptions(['--quick']))).toBe(false);
  expect(isWhole(parseOptions(['--only', 'streams', '--only', 'latency']))).toBe(false);
  expect(parseOptions(['--only', 'streams', '--only', 'latency']).suites).toEqual(['latency', 'streams']);
});

test('what is not understood is named', () => {
  expect(() => parseOptions(['--only', 'speed'])).toThrow('--only speed');
  expect(() => parseOptions(['--rounds', 'many'])).toThrow('--rounds many');
});

test('stamps are read wherever the text is cut', () => {
  const text = [0, 1, 2, 3].map((index) => stampedWord(index, 1_000_000 + index)).join('');
  for (let cut = 0; cut <= text.length; cut += 1) {
    const first = readStamps(`{"text":"${text.slice(0, cut)}`);
    const second = readStamps(first.rest + text.slice(cut));
    const found = [...first.stamps, ...second.stamps];
    expect(found.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(found.map(({ writtenAt }) => writtenAt)).toEqual([1_000_000, 1_000_001, 1_000_002, 1_000_003]);
  }
});

test('the first rule whose texts all stand in the body, in their order, answers', () => {
  const rules = [
    { when: ['judge', 'x', 'y'], answer: 'first' },
    { when: ['judge'], answer: 'second' },
    { when: [], answer: 'last' },
  ];
  expect(ruleFor('judge: x before y', rules)?.answer).toBe('first');
  expect(ruleFor('judge: y before x', rules)?.answer).toBe('second');
  expect(ruleFor('draft', rules)?.answer).toBe('last');
  expect(ruleFor('draft', [])).toBeUndefined();
});

test('a forged key differs from its key in one letter and keeps its form', () => {
  const letters = fc.stringMatching(/^er_live_[A-Za-z0-9_-]{96}$/);
  fc.assert(
    fc.property(letters, (key) => {
      const forged = forgedFrom(key);
      expect(forged).toMatch(/^er_live_[A-Za-z0-9_-]{96}$/);
      expect([...forged].filter((letter, place) => letter !== key[place])).toHaveLength(1);
    }),
  );
});

test('every class of an object has storage, and every binding stands once', () => {
  const config = workerdConfig({
    port: 1234,
    modules: [{ name: 'index.js', file: 'index.js' }],
    kvModules: [{ name: 'kv.js', file: 'kv.js' }],
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['a_flag'],
    objects: [
      { binding: 'RUNS', className: 'Run' },
      { binding: 'ACCOUNTS', className: 'Account' },
    ],
    kvBindings: ['CACHE'],
    variables: { NAME: 'a "quoted" value' },
    storageFolder: '/storage',
  });
  expect(config).toContain('(className = "Run", uniqueKey = "bench-Run", enableSql = true)');
  expect(config).toContain('(name = "ACCOUNTS", durableObjectNamespace = "Account")');
  expect(config).toContain('(name = "CACHE", kvNamespace = "kv")');
  expect(config).toContain('text = "a \\"quoted\\" value"');
  expect(config).toContain('compatibilityFlags = ["a_flag"]');
});
