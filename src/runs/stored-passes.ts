/** What a log says about each pass: its attempts, the text of each, and how it ended. */
import type { ReflectionEvent } from '../reflection/events.ts';
import { applyDelta } from '../reflection/reflection.ts';

type PassRetried = Extract<ReflectionEvent, { type: 'pass.retried' }>;
type PassEnding = Extract<ReflectionEvent, { type: 'pass.completed' | 'pass.failed' }>;

export interface StoredAttempt {
  readonly attempt: number;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  text: string;
  firstDeltaAt: number | null;
  /** Set when the attempt was lost and another followed. */
  lost: PassRetried | null;
}

export interface StoredPass {
  readonly pass: string;
  readonly attempts: StoredAttempt[];
  /** Null when the pass was under way where the log breaks off. */
  ending: PassEnding | null;
}

/** The passes of a log by id, in the order in which they began. */
export function storedPasses(log: Iterable<ReflectionEvent>): ReadonlyMap<string, StoredPass> {
  const passes = new Map<string, StoredPass>();
  for (const event of log) {
    switch (event.type) {
      case 'pass.started':
        begin(passes, event, event.at);
        break;
      case 'pass.retried': {
        const lost = passes.get(event.pass)?.attempts.at(-1);
        if (lost) lost.lost = event;
        begin(passes, event, event.at);
        break;
      }
      case 'pass.delta': {
        const attempt = passes.get(event.pass)?.attempts.find(({ attempt }) => attempt === event.attempt);
        if (!attempt) break;
        attempt.text = applyDelta(attempt.text, event);
        attempt.firstDeltaAt ??= Date.parse(event.at);
        break;
      }
      case 'pass.completed':
      case 'pass.failed':
        stored(passes, event.pass).ending = event;
        break;
    }
  }
  return passes;
}

function begin(
  passes: Map<string, StoredPass>,
  { pass, attempt, model }: { readonly pass: string; readonly attempt: number; readonly model: string },
  at: string,
): void {
  const begun = { attempt, model, startedAt: Date.parse(at), text: '', firstDeltaAt: null, lost: null };
  stored(passes, pass).attempts.push(begun);
}

function stored(passes: Map<string, StoredPass>, pass: string): StoredPass {
  const known = passes.get(pass);
  if (known) return known;
  const fresh: StoredPass = { pass, attempts: [], ending: null };
  passes.set(pass, fresh);
  return fresh;
}
