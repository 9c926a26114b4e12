/** A provider that does what it is told, one act an attempt, in virtual time. */
import { type Clock, sleep } from '../../src/models/attempt.ts';
import { faultOf } from '../../src/models/faults.ts';
import type { Provider } from '../../src/models/provider.ts';
import type { TokenUsage, ToolCall } from '../../src/reflection/model.ts';

export type Act =
  /** Calls tools and says nothing. */
  | { readonly type: 'call'; readonly toolCalls: readonly ToolCall[]; readonly usage: TokenUsage }
  | { readonly type: 'answer'; readonly texts: readonly string[]; readonly everyMs?: number }
  /** Says the texts and then fails with a Workers AI code. */
  | {
      readonly type: 'fail';
      readonly code: number;
      readonly texts?: readonly string[];
      readonly retryAfterSeconds?: number;
    }
  /** Says the texts and then nothing more; hears its signal only when it is not deaf. */
  | { readonly type: 'hang'; readonly texts?: readonly string[]; readonly deaf?: boolean }
  /** Ends without a finish. */
  | { readonly type: 'vanish' };

export const answer = { type: 'answer', texts: ['It is 42.'] } as const satisfies Act;
export const busy = { type: 'fail', code: 3040 } as const satisfies Act;

export interface ScriptedProvider extends Provider {
  /** The models that were asked, in order. */
  readonly asked: readonly string[];
  /** How many attempts saw their signal aborted before their end. */
  aborted(): number;
}

/** The acts of each model in order; the last one is repeated. */
export function scriptedProvider(clock: Clock, acts: Readonly<Record<string, readonly Act[]>>): ScriptedProvider {
  const asked: string[] = [];
  let aborted = 0;
  return {
    asked,
    aborted: () => aborted,
    async *stream(model, _call, signal) {
      const turn = asked.filter((id) => id === model.id).length;
      asked.push(model.id);
      const act = acts[model.id]?.[turn] ?? acts[model.id]?.at(-1);
      if (!act) throw new Error(`${model.id} was not expected to be asked.`);
      let over = false;
      signal.addEventListener('abort', () => {
        if (!over) aborted += 1;
      });
      for (const text of act.type === 'vanish' || act.type === 'call' ? [] : (act.texts ?? [])) {
        if (act.type === 'answer' && act.everyMs) await sleep(act.everyMs, signal, clock.after);
        signal.throwIfAborted();
        yield { type: 'delta', text };
      }
      if (act.type === 'hang') {
        await new Promise((_, reject) => {
          if (!act.deaf) signal.addEventListener('abort', () => reject(signal.reason));
        });
      }
      over = true;
      if (act.type === 'fail')
        throw faultOf({ error: new Error(`${act.code}: text`), retryAfterSeconds: act.retryAfterSeconds });
      if (act.type === 'call')
        yield { type: 'finish', reason: 'tool_calls', usage: act.usage, toolCalls: act.toolCalls };
      if (act.type === 'answer') yield { type: 'finish', reason: 'stop', usage: null };
    },
  };
}
