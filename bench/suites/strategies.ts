/** Calls and tokens a reflection costs by strategy, where the model's answers are given: what each path costs, not how often it is taken. */
import { expectStatus } from '../client.ts';
import { type MockRule, plainMock } from '../mock-settings.ts';
import type { StrategyCase } from '../results.ts';
import type { Bench } from './bench.ts';

const rightDraft = 'A ripe apple can be red, green or yellow.';
const wrongDraft =
  'I think the function below is right, though I am not sure: it might be off at the edges.\n\n```js\nconst last = (list) => list[list.length];\n```';
const mended = 'Red, green or yellow.';

const judged = 'Two candidates answer the same request';

/** Answers by the first words of each role's prompt; whatever is left is a draft. */
const critic = { silent: '{"verdict": "pass", "issues": []}', finding: criticism() } as const;
const rules = (draft: string, critique: string): readonly MockRule[] => [
  { when: ['You review a submission'], answer: critique },
  { when: ['You answer one question about one statement'], answer: '{"answer": "undefined", "statement": "wrong"}' },
  { when: [judged, '[candidate A', 'list.length - 1', '[candidate B'], answer: '{"better": "A"}' },
  { when: [judged], answer: '{"better": "B"}' },
  {
    when: ['You correct a text'],
    answer: '<<<<<<< SEARCH\nlist[list.length]\n=======\nlist[list.length - 1]\n>>>>>>> REPLACE',
  },
  { when: ['You mend a text'], answer: mended },
  { when: ['### Answer'], answer: `The question is plain.\n### Answer\n${draft}` },
  { when: ['<output>'], answer: `<thinking>The question is plain.</thinking><output>${draft}</output>` },
  { when: [], answer: draft },
];

function criticism(): string {
  return JSON.stringify({
    verdict: 'revise',
    issues: [
      {
        quote: 'list[list.length]',
        kind: 'code_error',
        severity: 'blocker',
        problem: 'It reads one place behind the last one.',
        question: 'What does list[list.length] give?',
      },
    ],
  });
}

const open = { input: 'Name three colours that a ripe apple can have.' };
const closed = { input: 'What is 17 * 23? Answer with the number only.' };
const code = { input: 'Write a JavaScript function that gives the last item of a list.' };
const short = { ...open, checks: [{ type: 'words', max: 5 }] };

interface Situation {
  readonly name: string;
  readonly strategies: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
  readonly rules: readonly MockRule[];
}

const situations: readonly Situation[] = [
  {
    name: 'a plain question, a good draft',
    strategies: ['direct', 'cot', 'tags', 'checks', 'selective', 'always'],
    body: open,
    rules: rules(rightDraft, critic.silent),
  },
  {
    name: 'a draft that fails a check',
    strategies: ['direct', 'checks', 'selective'],
    body: short,
    rules: rules(rightDraft, critic.silent),
  },
  {
    name: 'a closed question',
    strategies: ['direct', 'selective', 'vote'],
    body: closed,
    rules: rules('391', critic.silent),
  },
  {
    name: 'a doubtful draft that the critic passes',
    strategies: ['selective', 'always'],
    body: code,
    rules: rules(wrongDraft, critic.silent),
  },
  {
    name: 'a doubtful draft with a mistake that is confirmed',
    strategies: ['selective', 'always'],
    body: code,
    rules: rules(wrongDraft, critic.finding),
  },
];

interface StrategyRecord {
  readonly decision: string | null;
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly passes: readonly { readonly role: string }[];
  };
}

export async function measureStrategies(bench: Bench): Promise<StrategyCase[]> {
  const { client, upstream } = bench;
  const ours = await bench.startOurs();
  try {
    const cases: StrategyCase[] = [];
    for (const { name, strategies, body, rules } of situations) {
      for (const strategy of strategies) {
        await upstream.behave({ ...plainMock, rules });
        const question = ours.ask({ ...body, strategy, cache: { mode: 'no-store' } });
        const answer = expectStatus(await client.ask(question), 200, `${strategy} on ${name}`);
        const { decision, usage }: StrategyRecord = JSON.parse(answer.text);
        const { calls } = await upstream.calls();
        const roles = usage.passes.map(({ role }) => role);
        if (roles.length !== calls) throw new Error(`${strategy}: ${roles.length} passes told, ${calls} calls made.`);
        const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
        cases.push({
          strategy,
          situation: name,
          calls,
          roles,
          inputTokens,
          outputTokens,
          decision: decision ?? 'none',
        });
      }
    }
    return cases;
  } finally {
    await ours.stop();
  }
}
