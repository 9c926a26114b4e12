/**
 * Reading a critic's reply. The JSON is read leniently, but an issue counts only when its quote stands in the draft, because critics also invent faults.
 * The critic decides nothing else: neither the wording, nor the score, nor when to stop.
 */
import * as z from 'zod/mini';
import { readObject } from './model-json.ts';
import { locate } from './quote.ts';
import { type CriticVerdict, type Critique, criticVerdicts, type Issue, issueKinds, severities } from './record.ts';

/** More claims mean more invented ones. */
const mostIssues = 3;
/** Each quote is searched in the whole draft, so only the first claims of a long list are read. */
const mostClaims = 12;

/** The shape the critic is asked for; also given to models that support a schema. Lengths are bounded because a small model may never end a string. */
export const critiqueSchema = {
  type: 'object',
  properties: {
    independent_answer: { type: 'string', maxLength: 60 },
    verdict: { type: 'string', enum: criticVerdicts },
    issues: {
      type: 'array',
      maxItems: mostIssues,
      items: {
        type: 'object',
        properties: {
          quote: { type: 'string', maxLength: 200 },
          kind: { type: 'string', enum: issueKinds },
          severity: { type: 'string', enum: severities },
          problem: { type: 'string', maxLength: 200 },
          question: { type: 'string', maxLength: 120 },
        },
        required: ['quote', 'kind', 'severity', 'problem'],
      },
    },
  },
  required: ['verdict', 'issues'],
} as const satisfies Readonly<Record<string, unknown>>;

const saidIssue = z.object({
  quote: z.catch(z.string(), ''),
  kind: z.catch(z.enum(issueKinds), 'unmet_requirement'),
  severity: z.catch(z.enum(severities), 'minor'),
  problem: z.catch(z.string(), ''),
  question: z.catch(z.string(), ''),
});

const saidCritique = z.object({
  verdict: z.pipe(
    z.pipe(
      z.string(),
      z.transform((word: string) => word.trim().toLowerCase()),
    ),
    z.enum(criticVerdicts),
  ),
  issues: z.catch(z.optional(z.array(z.unknown())), []),
  independent_answer: z.catch(z.optional(z.union([z.string(), z.number()])), undefined),
});

// Examples from the prompt that the critic repeats: `<exact words>`, `...`, `the quote`, `string`.
const placeholder = /^(?:<[^>]*>|\[[^\]]*\]|\.{3}|…|string|quote|the quote|n\/?a|none)$/i;

/**
 * The critique that a critic wrote, or null when it cannot be read. `truncated` where the reply reached its length: one whose issues may have been lost
 * is no pass.
 */
export function parseCritique(said: string, draft: string, request: string, truncated = false): Critique | null {
  const found = readObject(said, saidCritique, (each) => each.verdict, draft);
  if (!found) return null;
  const { value: read, ending } = found;
  const issues = (read.issues ?? [])
    .slice(0, mostClaims)
    .map((issue) => validIssue(issue, draft, request))
    .filter((issue) => issue !== null)
    .slice(0, mostIssues)
    .map((issue, index) => ({ ...issue, id: `i${index + 1}` }));
  const answer = read.independent_answer;
  const verdict = soundVerdict(read.verdict, issues);
  const isCut = ending === 'cut' || (ending === 'unclosed' && read.issues === undefined);
  const lostIssues = isCut || (truncated && read.verdict !== 'pass');
  if (lostIssues && (verdict === 'pass' || issues.length === 0)) return null;
  return {
    verdict,
    issues,
    independent_answer: answer === undefined ? null : String(answer),
  };
}

/** `revise` with no valid issue is a pass. A pass that names a blocker contradicts itself, so it is `unsure`. */
function soundVerdict(verdict: CriticVerdict, issues: readonly Omit<Issue, 'id'>[]): CriticVerdict {
  if (verdict === 'revise' && issues.length === 0) return 'pass';
  if (verdict === 'pass' && issues.some((issue) => issue.severity === 'blocker')) return 'unsure';
  return verdict;
}

function validIssue(said: unknown, draft: string, request: string): Omit<Issue, 'id'> | null {
  const parsed = saidIssue.safeParse(said);
  if (!parsed.success) return null;
  const { quote, kind, severity, problem, question } = parsed.data;
  if (severity === 'nit' || problem.trim() === '' || placeholder.test(problem.trim())) return null;
  if (quote.trim() === '' || placeholder.test(quote.trim())) return null;
  const details = {
    kind,
    severity,
    problem: problem.slice(0, 500),
    question: question.slice(0, 300),
    confirmed: 'unverified',
  } as const;
  if (kind === 'omission')
    return locate(quote, request) && { ...details, quote: quote.trim().slice(0, 500), span: null };
  const span = locate(quote, draft);
  return span && { ...details, quote: draft.slice(...span), span };
}

/** Issues worth acting on: a minor one never starts a rewrite. */
export function actionable(critique: Critique): readonly Issue[] {
  return critique.issues.filter((issue) => issue.severity === 'blocker' || issue.severity === 'major');
}
