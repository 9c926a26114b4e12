/** What a log says about each pass: its attempts, the text of each, and how it ended. */
import type { EngineEvent, ReflectionEvent } from '../reflection/events.ts';
import { applyDelta } from '../reflection/fold.ts';
import type { PassRole } from '../reflection/model.ts';

type PassStarted = Extract<ReflectionEvent, { type: 'pass.started' }>;
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
  readonly role: PassRole;
  readonly round: number;
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
        passes.set(event.pass, {
          pass: event.pass,
          role: event.role,
          round: event.round,
          attempts: [begun(event)],
          ending: null,
        });
        break;
      case 'pass.retried': {
        const pass = passes.get(event.pass);
        const lost = pass?.attempts.at(-1);
        if (lost) lost.lost = event;
        pass?.attempts.push(begun(event));
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
      case 'pass.failed': {
        const pass = passes.get(event.pass);
        if (pass) pass.ending = event;
        break;
      }
    }
  }
  return passes;
}

/**
 * A delta that adds nothing to the pass that was under way last; undefined where none was. So a number that may have been shown is neither used twice
 * nor missing; what stood under it belongs to an attempt that is void.
 */
export function emptyDelta(log: Iterable<ReflectionEvent>): Extract<EngineEvent, { type: 'pass.delta' }> | undefined {
  const open = [...storedPasses(log).values()].findLast((pass) => pass.ending === null);
  const attempt = open?.attempts.at(-1);
  if (!open || !attempt) return undefined;
  return { type: 'pass.delta', pass: open.pass, attempt: attempt.attempt, offset: attempt.text.length, text: '' };
}

function begun({ attempt, model, at }: PassStarted | PassRetried): StoredAttempt {
  return { attempt, model, startedAt: Date.parse(at), text: '', firstDeltaAt: null, lost: null };
}
