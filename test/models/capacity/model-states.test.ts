import { expect, test } from 'vitest';
import { ModelStates } from '../../../src/models/capacity/model-states.ts';

test('a model rests as long as was said, is about to be tried, and is then taken to be well', () => {
  const states = new ModelStates();
  states.report({ model: 'm', state: 'resting', forMs: 30_000 }, 0);
  expect([29_999, 30_000, 89_999, 90_000].map((now) => states.unhealthyModels(now)[0]?.status)).toEqual([
    'resting',
    'trying',
    'trying',
    undefined,
  ]);
});

test('the newest word counts', () => {
  const states = new ModelStates();
  states.report({ model: 'm', state: 'resting', forMs: 30_000 }, 0);
  states.report({ model: 'm', state: 'gone', forMs: 3_600_000 }, 1);
  expect(states.unhealthyModels(40_000)).toEqual([{ model: 'm', status: 'gone' }]);
  states.report({ model: 'm', state: 'ok', forMs: 0 }, 40_000);
  expect(states.unhealthyModels(40_001)).toEqual([]);
});

test('of very many models the one spoken of longest ago is forgotten', () => {
  const states = new ModelStates();
  for (let number = 0; number < 300; number += 1)
    states.report({ model: `m${number}`, state: 'gone', forMs: 1_000 }, 0);
  const models = states.unhealthyModels(1).map(({ model }) => model);
  expect(models).toHaveLength(256);
  expect([models[0], models.at(-1)]).toEqual(['m44', 'm299']);
});
