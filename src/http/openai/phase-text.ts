/** What a reflection does, in words, for clients that show reasoning: a line for each step. Pure. */
import type { ReflectionEvent } from '../../reflection/events.ts';
import type { PassRole } from '../../reflection/model.ts';

const passes = {
  draft: 'Draft:',
  continuation: 'The draft was cut off and is continued.',
  critique: 'A critic reads the draft.',
  confirm: 'An objection is checked without the draft.',
  revision: 'The draft is revised.',
  repair: 'The draft is mended.',
  judge: 'A judge compares both texts.',
  vote: 'Another sample is drawn.',
} as const satisfies Record<PassRole, string>;

/** The line for a step; undefined for what is not told. */
export function phaseText(event: ReflectionEvent): string | undefined {
  switch (event.type) {
    case 'pass.started':
      return passes[event.role];
    case 'pass.retried':
      return 'The model was lost, and is asked again.';
    case 'pass.failed':
      return `The pass ${event.pass} could not be had.`;
    case 'check.completed':
      return `Check ${event.check.type}: ${event.check.status}. ${event.check.message}`;
    case 'gate.decided':
      return line(`Gate: ${event.gate.action}, risk ${event.gate.score.toFixed(2)}.`, event.gate.reasons);
    case 'vote.completed':
      return event.winner === null ? 'The samples do not agree.' : `The majority answers: ${event.winner}`;
    case 'critique.completed': {
      const { verdict, issues } = event.critique;
      return [`The critic says: ${verdict}.`, ...issues.map(({ quote, problem }) => `“${quote}”: ${problem}`)].join(
        '\n',
      );
    }
    case 'confirm.completed':
      return `“${event.issue.quote}”: ${event.issue.confirmed}.`;
    case 'edit.applied':
      return event.by === 'code' ? `Mended by code: ${event.edits.map(({ kind }) => kind).join(', ')}.` : undefined;
    case 'revision.accepted':
      return line('The new text is taken:', event.reasons);
    case 'revision.rejected':
      return line('The new text is refused:', event.reasons);
    default:
      return undefined;
  }
}

function line(what: string, reasons: readonly string[]): string {
  return reasons.length === 0 ? what : `${what} ${reasons.join('; ')}`;
}
