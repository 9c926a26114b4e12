/** Reflections that take every road through the engine, for tests of what must hold on all of them. */
import { AppError } from '../../src/errors.ts';
import type { ReflectionTools } from '../../src/reflection/context.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { confirmed, critiqueText, editText, preferA, preferB, smallRoster } from './reflections.ts';
import type { Script } from './scripted-model.ts';

export interface Scenario {
  readonly body: Partial<ReflectionBody>;
  readonly script: Script;
  readonly tools?: Partial<Omit<ReflectionTools, 'model'>>;
}

const busy = new AppError('upstream_busy', 'The model is out of capacity.');
/** A draft that the gate looks at again: it hedges and contradicts itself. */
export const doubtful = 'I think the sky may be wrong: possibly green. Wait, it is green.';
const doubts = critiqueText('revise', [{ quote: 'it is green' }]);
const question = 'What is the total of 17 and 25, if each of 3 must then count twice, unless 4 or 5?';

export const scenarios = {
  returned: { body: {}, script: { draft: 'A plain answer.' } },
  checked: { body: { checks: [{ type: 'words', max: 9 }] }, script: { draft: 'A plain answer.' } },
  direct: {
    body: { strategy: 'direct' },
    script: { draft: { text: 'A plain answer.', lost: [{ code: 'upstream_busy', text: 'A pl' }] } },
  },
  reasoned: { body: { strategy: 'cot' }, script: { draft: 'One and one.\n### Answer\n2' } },
  tagged: { body: { strategy: 'tags' }, script: { draft: '<thinking>1 + 1</thinking><output>2</output>' } },
  extracted: { body: { strategy: 'tags' }, script: { draft: '<thinking>1 + 1</thinking>', extraction: '2' } },
  continued: {
    body: { strategy: 'direct' },
    script: { draft: { text: 'A plain', finish: 'length' }, continuation: ' answer.' },
  },
  repaired: {
    body: { checks: [{ type: 'words', max: 4 }] },
    script: {
      draft: 'This plain answer is far too long.',
      repair: ['Still far too long, this answer.', 'A plain answer.'],
    },
  },
  unrepaired: {
    body: { checks: [{ type: 'words', max: 4 }], strategy: 'checks' },
    script: { draft: 'This plain answer is far too long.', repair: 'This one too is very much too long.' },
  },
  revised: {
    body: {},
    script: {
      draft: doubtful,
      critique: doubts,
      confirm: confirmed,
      revision: editText(['it is green', 'it is blue']),
      judge: [preferB, preferA],
    },
  },
  refused: {
    body: {},
    script: {
      draft: doubtful,
      critique: doubts,
      confirm: confirmed,
      revision: editText(['it is green', 'it is blue']),
      judge: preferB,
    },
  },
  passed: { body: {}, script: { draft: doubtful, critique: critiqueText('pass') } },
  unreadable: { body: {}, script: { draft: doubtful, critique: ['Nice.', 'Very nice.'] } },
  degraded: { body: {}, script: { draft: doubtful, critique: busy } },
  always: {
    body: { strategy: 'always', max_rounds: 2 },
    script: {
      draft: 'A plain answer.',
      critique: critiqueText('pass'),
      revision: ['A much nicer answer.', 'Quite another, nicest answer.'],
    },
  },
  voted: {
    body: { input: question, strategy: 'vote' },
    script: {
      draft: 'The answer is 42.',
      'vote-2': 'The answer is 41.',
      'vote-3': 'The answer is 40.',
      vote: 'The answer is 41.',
    },
  },
  split: {
    body: { input: question },
    script: {
      draft: 'The answer is 42.',
      'vote-2': 'The answer is 41.',
      'vote-3': busy,
      vote: 'None.',
      critique: critiqueText('unsure'),
    },
  },
  escalated: {
    body: { tier: 'fast' },
    script: { draft: doubtful, 'draft-escalated': 'The sky is blue.' },
    tools: { roster: smallRoster },
  },
  exhausted: { body: { budget: { max_calls: 1 } }, script: { draft: doubtful } },
  failed: { body: {}, script: { draft: busy } },
} as const satisfies Record<string, Scenario>;
