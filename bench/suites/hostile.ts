/** The dearest bodies that a caller can send, served and refused, each alone: what they cost the Worker in processor time. */
import { setTimeout as pause } from 'node:timers/promises';
import { expectStatus } from '../client.ts';
import { plainMock } from '../mock-settings.ts';
import { treeUse } from '../processes.ts';
import type { HostileCase } from '../results.ts';
import type { OurTarget } from '../targets/ours.ts';
import { type Bench, scaled } from './bench.ts';

interface Served {
  readonly name: string;
  readonly answer: string;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Refused {
  readonly name: string;
  readonly body: string;
}

const many = <Item>(count: number, item: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => item(index));

/** About as long as the longest answer that a model may write. */
const longest = 40_000;
const repeated = (text: string): string => text.repeat(Math.ceil(longest / text.length)).slice(0, longest);

const prose = repeated('The quick brown fox jumps over the lazy dog near the river bank. ');
const figures = repeated('In 2021 the plant made 4,312 tons, 12% more than the 3,850 tons of 2020. ');
const list = JSON.stringify(many(2_000, (index) => ({ id: index, name: `item ${index}` })));

const served: readonly Served[] = [
  { name: 'no check at all', answer: prose, body: {} },
  {
    name: '32 large patterns',
    answer: prose,
    body: { checks: many(32, (index) => ({ type: 'regex', pattern: `(?:[a-z]+ ?){1,${20 + index}}zebra` })) },
  },
  {
    name: '32 patterns of Unicode classes',
    answer: prose,
    body: { checks: many(32, (index) => ({ type: 'regex', pattern: `(?:\\p{Lu}|\\p{Ll}| )*${index}\\p{Nd}` })) },
  },
  {
    name: '32 schemas with patterns',
    answer: list,
    body: {
      checks: many(32, (index) => ({
        type: 'json_schema',
        schema: { items: { properties: { name: { pattern: `^(?:i|it|item)+ [0-9]{1,${index + 3}}$` } } } },
      })),
    },
  },
  {
    name: '32 schemas of unique items',
    answer: list,
    body: { checks: many(32, () => ({ type: 'json_schema', schema: { uniqueItems: true } })) },
  },
  {
    name: '32 sources full of figures',
    answer: figures,
    body: { sources: many(32, (index) => ({ id: `s${index}`, text: figures.slice(0, 8_000) })) },
  },
  {
    name: 'an answer full of sums',
    answer: repeated('12 * 13 = 156, and 7 plus 8 equals 15; 15% of 80 is 12. '),
    body: { checks: many(32, () => ({ type: 'arithmetic' })) },
  },
  {
    name: 'an answer full of abbreviations',
    answer: repeated('Dr. Lee of St. Mary et al. [3] met Mr. B. at 5 p.m. in No. 3. '),
    body: { checks: many(32, (index) => ({ type: 'sentences', max: index + 1 })) },
  },
  {
    name: '32 choices of a hundred each',
    answer: repeated('It may be option 7, though not option 12, or perhaps option 40. '),
    body: { checks: many(32, () => ({ type: 'choice', choices: many(100, (index) => `option ${index}`) })) },
  },
  {
    name: '32 lists of forbidden words',
    answer: prose,
    body: {
      checks: many(32, (index) => ({ type: 'forbidden_words', words: many(100, (at) => `word${index}x${at}`) })),
    },
  },
];

const json = (body: object): string => JSON.stringify({ input: 'x', ...body });
const circular = { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' };

const refused: readonly Refused[] = [
  {
    name: 'refused: 32 patterns that multiply',
    body: json({ checks: many(32, () => ({ type: 'regex', pattern: '(?:(?:a{30}){30}){30}' })) }),
  },
  {
    name: 'refused: 32 patterns of Unicode classes that multiply',
    body: json({ checks: many(32, () => ({ type: 'regex', pattern: '(?i)[\\p{L}\\p{N}]{900}'.repeat(20) })) }),
  },
  {
    name: 'refused: 32 schemas that never end',
    body: json({ checks: many(32, () => ({ type: 'json_schema', schema: circular })) }),
  },
  {
    name: 'refused: 32 schemas of 30 kB',
    body: json({
      checks: many(32, () => ({ type: 'json_schema', schema: { enum: many(3_000, (index) => `v${index}`), type: 1 } })),
    }),
  },
  { name: 'refused: 80,000 unknown fields', body: json(Object.fromEntries(many(80_000, (index) => [`f${index}`, 1]))) },
  {
    name: 'refused: a megabyte of metadata',
    body: json({ metadata: Object.fromEntries(many(50_000, (index) => [`key${index}`, 'value'])) }),
  },
  { name: 'refused: 40,000 messages', body: JSON.stringify({ messages: many(40_000, () => ({ role: 'bad' })) }) },
  { name: 'refused: 30,000 checks', body: json({ checks: many(30_000, () => ({ type: 'no such check' })) }) },
  { name: 'refused: brackets within brackets', body: `${'['.repeat(400_000)}${']'.repeat(400_000)}` },
];

export async function measureHostile(bench: Bench): Promise<HostileCase[]> {
  const ours = await bench.startOurs();
  try {
    const rows: HostileCase[] = [];
    for (const each of served) rows.push(await serve(bench, ours, each));
    for (const each of refused) rows.push(await refuse(bench, ours, each));
    return rows;
  } finally {
    await ours.stop();
  }
}

async function serve(bench: Bench, ours: OurTarget, { name, answer, body }: Served): Promise<HostileCase> {
  await bench.upstream.behave({ ...plainMock, rules: [{ when: [], answer }] });
  const budget = { max_calls: 1 };
  const question = ours.ask({
    input: 'Answer at length.',
    strategy: 'checks',
    max_output_tokens: 8_192,
    budget,
    cache: { mode: 'no-store' },
    ...body,
  });
  const ask = async () => expectStatus(await bench.client.ask(question), 200, name);
  return measured(bench, ours, { name, served: true, bodyBytes: question.body.length }, ask);
}

async function refuse(bench: Bench, ours: OurTarget, { name, body }: Refused): Promise<HostileCase> {
  const question = { ...ours.ask({}), body };
  const ask = async () => expectStatus(await bench.client.ask(question), 400, name);
  return measured(bench, ours, { name, served: false, bodyBytes: body.length }, ask);
}

async function measured(
  bench: Bench,
  { program }: OurTarget,
  facts: Pick<HostileCase, 'name' | 'served' | 'bodyBytes'>,
  ask: () => Promise<unknown>,
): Promise<HostileCase> {
  if (!program) throw new Error('The Worker is no program of ours.');
  // The first one loads and compiles what all others use.
  await ask();
  await pause(300);
  const requests = scaled(bench, 10, 3);
  const { cpuMs: before } = treeUse(program.pid);
  for (let asked = 0; asked < requests; asked += 1) await ask();
  // What follows the answer belongs to it.
  await pause(300);
  const { cpuMs: after } = treeUse(program.pid);
  const cpuMsPerRequest = (after - before) / requests;
  bench.say(`  ${facts.name}: ${cpuMsPerRequest.toFixed(1)} ms`);
  return { ...facts, requests, cpuMsPerRequest };
}
