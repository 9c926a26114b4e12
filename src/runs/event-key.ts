/** What makes two events of one run the same event, told again by a resumed engine; and the filter that keeps the log from holding it twice. */
import type { EngineEvent, ReflectionEvent } from '../reflection/events.ts';

/**
 * The place of an event in its run, whatever its number and time. Deltas have none: they are joined differently in every execution.
 * Equal for an engine's event and for the log's event that was made of it.
 */
export function eventKey(event: EngineEvent | ReflectionEvent): string {
  switch (event.type) {
    case 'run.queued':
    case 'run.started':
    case 'gate.decided':
    case 'vote.completed':
    case 'run.completed':
    case 'run.failed':
    case 'run.cancelled':
      return event.type;
    case 'pass.started':
    case 'pass.delta':
    case 'pass.retried':
    case 'pass.completed':
    case 'pass.failed':
      return join(event.type, event.pass, event.attempt);
    case 'check.completed':
      return join(event.type, event.subject, event.check.id);
    case 'critique.completed':
    case 'revision.accepted':
    case 'revision.rejected':
      return join(event.type, event.round, event.subject);
    case 'confirm.completed':
      return join(event.type, event.round, event.issue.id);
    case 'edit.applied':
      return join(event.type, event.subject);
  }
}

function join(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

/**
 * Knows what a log told already. A key told twice there is told twice here too, so two checks of one name stay two.
 * Deltas of any attempt that the log has seen begin are told: a finished attempt's are all stored, and an interrupted one is never gone on with.
 */
export class ToldEvents {
  readonly #left = new Map<string, number>();
  readonly #attempts = new Set<string>();

  constructor(log: Iterable<ReflectionEvent>) {
    for (const event of log) {
      if (event.type === 'pass.delta') continue;
      const key = eventKey(event);
      this.#left.set(key, (this.#left.get(key) ?? 0) + 1);
      if (event.type === 'pass.started' || event.type === 'pass.retried') {
        this.#attempts.add(join(event.pass, event.attempt));
      }
    }
  }

  /** Whether the log holds this event. Each stored event answers for one. */
  take(event: EngineEvent): boolean {
    if (this.#left.size === 0) return false;
    if (event.type === 'pass.delta') return this.#attempts.has(join(event.pass, event.attempt));
    const key = eventKey(event);
    const left = this.#left.get(key) ?? 0;
    if (left === 0) return false;
    this.#left.set(key, left - 1);
    return true;
  }
}
