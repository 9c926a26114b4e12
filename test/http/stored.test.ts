import { describe, expect, test } from 'vitest';
import type { AccountId, RunPage } from '../../src/accounts/accounts.ts';
import { AppError } from '../../src/errors.ts';
import { reflectionPage, storedRoutes } from '../../src/http/routes/stored.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { expectProblem } from './api.ts';
import { caller, routeApp, startOfTest, statusOf, stranger } from './route-app.ts';

function recordOf(id: string): Reflection {
  const recorder = new Recorder(id, () => startOfTest);
  recorder.queued([], {});
  return recorder.record;
}

/** An account with so many stored runs, the newest first, of which some are gone. */
function makeStoredApi(ids: readonly string[], gone: readonly string[] = [], calling = caller) {
  const reading: string[] = [];
  let mostAtOnce = 0;
  const stored = async (account: AccountId, after: string | null, limit: number): Promise<RunPage> => {
    const own = account === caller.account ? ids : [];
    if (after !== null && !own.includes(after)) throw new AppError('not_found', 'There is no such reflection.');
    const rest = after === null ? own : own.slice(own.indexOf(after) + 1);
    return { runs: rest.slice(0, limit), hasMore: rest.length > limit };
  };
  const read = async (account: AccountId, id: string): Promise<Reflection | undefined> => {
    reading.push(id);
    mostAtOnce = Math.max(mostAtOnce, reading.length);
    await Promise.resolve();
    reading.splice(reading.indexOf(id), 1);
    return account !== caller.account || gone.includes(id) ? undefined : recordOf(id);
  };
  const routes = storedRoutes({ accounts: { ...statusOf('read'), stored }, runs: { read } });
  const { send } = routeApp((app) => app.route('/', routes), calling);
  return {
    get: (query = '') => send('GET', `/v1/reflections${query}`),
    page: async (query = '') => reflectionPage.parse(await (await send('GET', `/v1/reflections${query}`)).json()),
    mostReadAtOnce: () => mostAtOnce,
  };
}

const ids = Array.from({ length: 25 }, (_, index) => `refl_${25 - index}`);

describe('stored reflections', () => {
  test('are listed as whole records, twenty to a page, read together', async () => {
    const { page, mostReadAtOnce } = makeStoredApi(ids);
    const first = await page();
    expect(first.data).toEqual(ids.slice(0, 20).map(recordOf));
    expect(first).toMatchObject({ object: 'list', first_id: ids[0], last_id: ids[19], has_more: true });
    expect(mostReadAtOnce()).toBe(20);
  });

  test('are all met once, page after page', async () => {
    const { page } = makeStoredApi(ids);
    const met: string[] = [];
    let query = '?limit=7';
    for (;;) {
      const { data, last_id, has_more } = await page(query);
      met.push(...data.map(({ id }) => id));
      if (!has_more) break;
      query = `?limit=7&after=${last_id}`;
    }
    expect(met).toEqual(ids);
  });

  test('that are gone are left out, and the next page is found all the same', async () => {
    const { page } = makeStoredApi(ids, [ids[1] ?? '', ids[2] ?? '', ids[3] ?? '']);
    expect((await page('?limit=2')).data.map(({ id }) => id)).toEqual([ids[0]]);
    const second = await page(`?limit=2&after=${ids[1]}`);
    expect(second).toMatchObject({ data: [], first_id: ids[2], last_id: ids[3], has_more: true });
  });

  test('are an empty list where there are none', async () => {
    const list = { object: 'list', data: [], first_id: null, last_id: null, has_more: false };
    expect(await (await makeStoredApi([]).get()).json()).toEqual(list);
    expect(await (await makeStoredApi(ids, [], stranger).get()).json()).toEqual(list);
  });

  test('of another account are no place to go on after', async () => {
    await expectProblem(await makeStoredApi(ids, [], stranger).get(`?after=${ids[0]}`), 'not_found');
    await expectProblem(await makeStoredApi(ids).get('?after=refl_26'), 'not_found');
  });

  test.each(['limit=0', 'limit=101', 'limit=ten', 'limit=1&limit=2'])('are refused for ?%s', async (query) => {
    const { errors } = await expectProblem(await makeStoredApi(ids).get(`?${query}`), 'invalid_request');
    expect(errors?.map(({ field }) => field)).toEqual(['limit']);
  });

  test('are for keys that may read', async () => {
    const accounts = { ...statusOf('reflect', 'export'), stored: () => Promise.reject(new Error('not to be asked')) };
    const routes = storedRoutes({ accounts, runs: { read: async () => undefined } });
    const { send } = routeApp((app) => app.route('/', routes));
    await expectProblem(await send('GET', '/v1/reflections'), 'missing_scope');
  });
});
