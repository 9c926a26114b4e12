import { describe, expect, test } from 'vitest';
import type { AccountId, Scope } from '../../src/accounts/accounts.ts';
import { feedbackAnswer, feedbackRoutes } from '../../src/http/routes/feedback.ts';
import type { Feedback } from '../../src/runs/runs.ts';
import { expectProblem } from './api.ts';
import { caller, routeApp, startOfTest, statusOf, stranger } from './route-app.ts';

function makeFeedbackApi(scope: Scope = 'reflect', calling = caller) {
  const kept: Feedback[] = [];
  const rate = async (account: AccountId, id: string, feedback: Feedback): Promise<boolean> => {
    if (account !== caller.account || id !== 'refl_1') return false;
    kept.push(feedback);
    return true;
  };
  const feedback = async (account: AccountId, id: string): Promise<Feedback | null | undefined> =>
    account === caller.account && id === 'refl_1' ? (kept.at(-1) ?? null) : undefined;
  const routes = feedbackRoutes({ accounts: statusOf(scope), runs: { rate, feedback }, now: () => startOfTest + 999 });
  const { send } = routeApp((app) => app.route('/', routes), calling);
  const path = (id: string) => `/v1/reflections/${id}/feedback`;
  return {
    kept,
    rate: (body: unknown, id = 'refl_1') => send('POST', path(id), body),
    read: (id = 'refl_1') => send('GET', path(id)),
  };
}

describe('feedback', () => {
  test.each([
    [{ rating: 'up' }, { rating: 'up', comment: null, preferred_output: null }],
    [
      { rating: 'down', comment: null, preferred_output: null },
      { rating: 'down', comment: null, preferred_output: null },
    ],
    [
      { rating: 'down', comment: '', preferred_output: 'Lima.' },
      { rating: 'down', comment: '', preferred_output: 'Lima.' },
    ],
    [
      { rating: 'up', comment: 'c'.repeat(2_000), preferred_output: 'o'.repeat(64_000) },
      { rating: 'up', comment: 'c'.repeat(2_000), preferred_output: 'o'.repeat(64_000) },
    ],
  ])('is kept and answered', async (body, feedback) => {
    const { kept, rate } = makeFeedbackApi();
    const response = await rate(body);
    expect(response.status).toBe(200);
    const told = { ...feedback, created_at: startOfTest / 1_000 };
    expect(feedbackAnswer.parse(await response.json())).toEqual({
      object: 'feedback',
      reflection_id: 'refl_1',
      ...told,
    });
    expect(kept).toEqual([told]);
  });

  test.each([
    [{}, 'rating'],
    [{ rating: null }, 'rating'],
    [{ rating: 1 }, 'rating'],
    [{ rating: 'Up' }, 'rating'],
    [{ rating: 'up', comment: 'c'.repeat(2_001) }, 'comment'],
    [{ rating: 'up', comment: ['good'] }, 'comment'],
    [{ rating: 'up', preferred_output: 'o'.repeat(64_001) }, 'preferred_output'],
    [{ rating: 'up', score: null }, 'score'],
    ['"up"', ''],
    ['', ''],
  ])('is refused for %j', async (body, field) => {
    const { kept, rate } = makeFeedbackApi();
    const { errors } = await expectProblem(await rate(body), 'invalid_request');
    expect(errors?.map((error) => error.field)).toEqual([field]);
    expect(kept).toEqual([]);
  });

  test('finds no run that is not there, or another account’s', async () => {
    await expectProblem(await makeFeedbackApi().rate({ rating: 'up' }, 'refl_2'), 'not_found');
    await expectProblem(await makeFeedbackApi('reflect', stranger).rate({ rating: 'up' }), 'not_found');
  });

  test('repeats no more than eighty letters of an unknown id', async () => {
    const { detail } = await expectProblem(
      await makeFeedbackApi().rate({ rating: 'up' }, 'x'.repeat(500)),
      'not_found',
    );
    expect(detail).toContain(`"${'x'.repeat(80)}"`);
  });

  test('is for keys that may change something', async () => {
    const { kept, rate } = makeFeedbackApi('read');
    await expectProblem(await rate({ rating: 'up' }), 'missing_scope');
    expect(kept).toEqual([]);
  });
});

describe('feedback that was given', () => {
  test('is read as it was answered', async () => {
    const given = makeFeedbackApi();
    const answered = await (await given.rate({ rating: 'down', comment: 'No.', preferred_output: 'Yes.' })).json();
    const reading = makeFeedbackApi('read');
    reading.kept.push(...given.kept);
    const response = await reading.read();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(answered);
  });

  test('is not found where nobody gave any, and where there is no such run', async () => {
    await expectProblem(await makeFeedbackApi('read').read(), 'not_found');
    await expectProblem(await makeFeedbackApi('read').read('refl_2'), 'not_found');
    await expectProblem(await makeFeedbackApi('read', stranger).read(), 'not_found');
    await expectProblem(await makeFeedbackApi('reflect').read(), 'missing_scope');
  });
});
