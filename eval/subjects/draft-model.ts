/** A model that says one text, whatever it is asked: a recorded draft, and the same draft again where the engine asks for a better one. */
import { rosterOf, singleModelCatalog } from '../../src/models/catalog.ts';
import type { Model, Roster } from '../../src/reflection/model.ts';

const name = 'recorded-draft';

export function draftModel(text: string): Model {
  return {
    async *ask() {
      yield { type: 'start', attempt: 1, model: name };
      if (text !== '') yield { type: 'delta', text };
      yield { type: 'finish', reason: 'stop', usage: null };
    },
  };
}

/** Of the small class, which writes and does not judge. It costs nothing and has room for everything. */
export const draftRoster: Roster = rosterOf(
  singleModelCatalog({ id: name, class: 'small', contextTokens: 1_000_000, price: { input: 0, output: 0 } }),
  'balanced',
  0,
);
