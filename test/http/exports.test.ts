import { beforeAll, describe, expect, test } from 'vitest';
import type { AccountId, RunPage } from '../../src/accounts/accounts.ts';
import { AppError } from '../../src/errors.ts';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import { exportRoutes } from '../../src/http/routes/exports.ts';
import { isRecord } from '../../src/reflection/is-record.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { promptsRemembered } from '../../src/training/seen-prompts.ts';
import type { Engine } from '../support/account-objects.ts';
import { check } from '../support/reflections.ts';
import { type Scenario, scenarios } from '../support/scenarios.ts';
import { storedRecord } from '../support/stored-records.ts';
import { expectProblem, makeApi } from './api.ts';
import { caller, routeApp, statusOf, stranger } from './route-app.ts';
import { scriptedEngine } from './scripted-engine.ts';

/** Gives a row of each kind. */
const recased: Scenario = {
  body: { checks: [{ type: 'lowercase' }], infer_checks: false },
  script: { draft: 'A Plain Answer.' },
};

let good: Reflection;
let unverified: Reflection;
beforeAll(async () => {
  [good, unverified] = await Promise.all([storedRecord(recased), storedRecord(scenarios.returned)]);
});

/** Answers as the scripted engine does, and a check passes. */
const checkedEngine: Engine = async function* (request, signal) {
  for await (const event of scriptedEngine(request, signal)) {
    if (event.type === 'gate.decided') yield { type: 'check.completed', subject: 'draft', check: check('c1', 'pass') };
    yield event;
  }
};

/** A record that asks this; the prompt alone tells two of them apart. */
function asking(id: string, input: string, record = good): Reflection {
  return { ...record, id, ...(record.request ? { request: { ...record.request, input } } : {}) };
}

/** An account with these stored runs, the newest first; undefined for one that has expired. */
function makeExportApi(stored: readonly (readonly [id: string, record: Reflection | undefined])[], calling = caller) {
  let calls = 0;
  const records = new Map(stored);
  const ids = [...records.keys()];
  const accounts = {
    ...statusOf('export'),
    stored: async (account: AccountId, after: string | null, limit: number): Promise<RunPage> => {
      calls += 1;
      const own = account === caller.account ? ids : [];
      if (after !== null && !own.includes(after)) throw new AppError('not_found', 'There is no such reflection.');
      const rest = after === null ? own : own.slice(own.indexOf(after) + 1);
      return { runs: rest.slice(0, limit), hasMore: rest.length > limit };
    },
  };
  const read = async (account: AccountId, id: string): Promise<Reflection | undefined> => {
    calls += 1;
    return account === caller.account ? records.get(id) : undefined;
  };
  const routes = exportRoutes({ accounts, runs: { read } });
  const { send } = routeApp((app) => app.route('/', routes), calling);
  const get = (path: string) => send('GET', `/v1/exports/${path}`);
  return {
    get,
    calls: () => calls,
    /** The pages of so many reflections, each got from the `link` of the one before. */
    pages: async (kind: string, limit: number): Promise<string[]> => {
      const pages: string[] = [];
      let next: string | undefined = `/v1/exports/${kind}?limit=${limit}`;
      while (next !== undefined) {
        const response: Response = await send('GET', next);
        expect(response.status).toBe(200);
        pages.push(await response.text());
        const link = response.headers.get('link');
        const after = response.headers.get('x-next-after');
        next = link === null ? undefined : /^<([^>]+)>; rel="next"$/.exec(link)?.[1];
        if (after !== null) expect(next).toBe(`/v1/exports/${kind}?limit=${limit}&after=${after}`);
        expect(next === undefined).toBe(after === null);
      }
      return pages;
    },
  };
}

function rowsOf(text: string): unknown[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line): unknown => JSON.parse(line));
}

function idsOf(text: string): unknown[] {
  return rowsOf(text).map((row) => isRecord(row) && isRecord(row['provenance']) && row['provenance']['reflection_id']);
}

describe('an export', () => {
  test.each([
    ['sft', 'messages'],
    ['dpo', 'chosen'],
    ['reflection-tuning', 'text'],
  ])('of the kind %s is JSON Lines, a row a verified reflection', async (kind, member) => {
    const { get } = makeExportApi([
      ['refl_3', asking('refl_3', 'Three?')],
      ['refl_2', asking('refl_2', 'Two?', unverified)],
      ['refl_1', asking('refl_1', 'One?')],
    ]);
    const response = await get(kind);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const text = await response.text();
    expect(idsOf(text)).toEqual(['refl_3', 'refl_1']);
    expect(text.endsWith('}\n')).toBe(true);
    for (const row of rowsOf(text)) expect(row).toHaveProperty(member);
    expect([response.headers.has('link'), response.headers.has('x-next-after')]).toEqual([false, false]);
  });

  test('calls for a page what the list of stored reflections calls for it', async () => {
    const { get, calls } = makeExportApi(
      Array.from({ length: 25 }, (_, index) => [`refl_${index}`, asking(`refl_${index}`, `${index}?`)] as const),
    );
    await get('sft?limit=20');
    expect(calls()).toBe(1 + 20);
  });

  test.each(['sft', 'dpo', 'reflection-tuning'])(
    'of the kind %s has the same rows in pages of any size',
    async (kind) => {
      const stored = Array.from({ length: 60 }, (_, index) => {
        const id = `refl_${60 - index}`;
        // Repeated prompts, unverified reflections, expired ones, and unverified ones of a prompt that is verified elsewhere.
        const record = asking(id, `Question ${(index * 7) % 23}?`, index % 5 === 1 ? unverified : good);
        return [id, index % 11 === 3 ? undefined : record] as const;
      });
      const api = makeExportApi(stored);
      const [whole = ''] = await api.pages(kind, 100);
      expect(rowsOf(whole).length).toBe(23);
      for (const limit of [1, 2, 7, 20, 59, 60]) {
        const pages = await api.pages(kind, limit);
        expect(pages.length).toBe(Math.ceil(60 / limit));
        expect(pages.join('')).toBe(whole);
      }
    },
  );

  test('takes the newest reflection of a prompt that gives a row', async () => {
    const { pages } = makeExportApi([
      ['refl_4', asking('refl_4', 'Same?', unverified)],
      ['refl_3', asking('refl_3', 'Same?')],
      ['refl_2', asking('refl_2', 'Another?')],
      ['refl_1', asking('refl_1', 'Same?')],
    ]);
    expect((await pages('sft', 1)).flatMap(idsOf)).toEqual(['refl_3', 'refl_2']);
  });

  test.each([
    [promptsRemembered - 1, 1],
    [promptsRemembered, 2],
  ])('with %i other prompts in between has a repeated one %i times', async (between, times) => {
    const inputs = ['Same?', ...Array.from({ length: between }, (_, index) => `Other ${index}?`), 'Same?'];
    const { pages } = makeExportApi(
      inputs.map((input, index) => [`refl_${index}`, asking(`refl_${index}`, input)] as const),
    );
    expect((await pages('sft', 100)).flatMap(idsOf).length).toBe(between + times);
  });

  test('goes on after a run’s id too', async () => {
    const { get } = makeExportApi([
      ['refl_2', asking('refl_2', 'Two?')],
      ['refl_1', asking('refl_1', 'One?')],
    ]);
    expect(idsOf(await (await get('sft?after=refl_2')).text())).toEqual(['refl_1']);
  });

  test('is empty where there is nothing', async () => {
    const stored = [['refl_1', good]] as const;
    for (const api of [makeExportApi([]), makeExportApi(stored, stranger)]) {
      const response = await api.get('dpo');
      expect([response.status, await response.text(), response.headers.has('link')]).toEqual([200, '', false]);
    }
    await expectProblem(await makeExportApi(stored, stranger).get('dpo?after=refl_1'), 'not_found');
  });

  test.each(['SFT', 'rlhf', 'toString', '__proto__', 'sft.jsonl'])('of the kind %s is not there', async (kind) => {
    await expectProblem(await makeExportApi([]).get(kind), 'not_found');
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['after=refl_1.0123', 'after'],
    ['after=refl_1.0123456789AB', 'after'],
    [`after=refl_1.${'0123456789ab'.repeat(promptsRemembered + 1)}`, 'after'],
    ['after=refl_1&after=refl_1', 'after'],
  ])('is refused for ?%s', async (query, field) => {
    const { errors } = await expectProblem(
      await makeExportApi([['refl_1', good]]).get(`sft?${query}`),
      'invalid_request',
    );
    expect(errors?.map((error) => error.field)).toEqual([field]);
  });

  test('is for keys that may export', async () => {
    const accounts = { ...statusOf('reflect', 'read'), stored: () => Promise.reject(new Error('not to be asked')) };
    const routes = exportRoutes({ accounts, runs: { read: async () => undefined } });
    const { send } = routeApp((app) => app.route('/', routes));
    for (const kind of ['sft', 'rlhf']) await expectProblem(await send('GET', `/v1/exports/${kind}`), 'missing_scope');
  });

  test('is part of the application, and holds nothing that was not to be stored', async () => {
    const api = makeApi({ engine: checkedEngine });
    const stored = reflectionRecord.parse(
      await (await api.post('/v1/reflections', { input: 'One?', store: true })).json(),
    );
    await api.post('/v1/reflections', { input: 'Two?' });
    const response = await api.get('/v1/exports/sft');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    expect(rowsOf(await response.text())).toMatchObject([
      {
        messages: [
          { role: 'user', content: 'One?' },
          { role: 'assistant', content: 'The answer is 42.' },
        ],
        provenance: { reflection_id: stored.id, model: 'test/small' },
      },
    ]);
    expect((await api.send('POST', '/v1/exports/sft')).headers.get('allow')).toBe('GET, HEAD');
  });
});
