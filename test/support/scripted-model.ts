/**
 * A model that says what a test wrote for it: by pass id, by role, or one answer after another. It keeps every call that it was asked, and its
 * clock, where it has one, stands still unless an answer takes time.
 */
import { AppError, type ErrorCode } from '../../src/errors.ts';
import {
  Cancelled,
  type Model,
  type ModelCall,
  type ModelChunk,
  type PassRole,
  type TokenUsage,
  type ToolCall,
} from '../../src/reflection/model.ts';

/** An attempt that the provider lost before the one that answered. */
export interface LostAttempt {
  readonly code: ErrorCode | 'interrupted';
  readonly text?: string;
  readonly model?: string;
}

export interface Said {
  readonly text?: string;
  /** How the text is cut; left out, in pieces of `chunkSize`. */
  readonly chunks?: readonly string[];
  /** `none`: the stream ends without its last chunk. */
  readonly finish?: 'stop' | 'length' | 'none';
  readonly usage?: TokenUsage | null;
  /** What it calls beside its text. */
  readonly toolCalls?: readonly ToolCall[];
  readonly model?: string;
  readonly lost?: readonly LostAttempt[];
  /** Thrown after the text, where a provider breaks off. */
  readonly breaks?: Error;
  /** Virtual milliseconds before each piece of text, and once before the end. */
  readonly delay?: number;
}

export type Reply = string | Said | Error | ((call: ModelCall) => Reply);

/** Replies by pass id, by role, or for whatever has none of its own; a list is used up one by one, its last one again and again. */
export type Script = Partial<Record<PassRole | 'otherwise' | (string & {}), Reply | readonly Reply[]>>;

export interface VirtualClock {
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
}

export function virtualClock(start = 0): VirtualClock {
  let time = start;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}

export interface ScriptedModel extends Model {
  /** Every call, in the order they came. */
  readonly asked: readonly ModelCall[];
  /** How many calls were left before their end, or ended by it. */
  readonly ended: () => number;
}

export interface ScriptedOptions {
  readonly clock?: VirtualClock;
  readonly chunkSize?: number;
  /** The chunk, counted over all calls from 0, at which the run is cancelled: it and every later one throws `Cancelled`. */
  readonly cancelAt?: number;
}

/** `scriptedModel(['first', 'second'])`, or `scriptedModel({ draft: '…', critique: ['rubbish', '{…}'], 'confirm-r1-i2': … })`. */
export function scriptedModel(script: readonly Reply[] | Script, options: ScriptedOptions = {}): ScriptedModel {
  const asked: ModelCall[] = [];
  const used = new Map<string, number>();
  const { clock, chunkSize = 7, cancelAt = Number.POSITIVE_INFINITY } = options;
  let chunks = 0;
  let ended = 0;

  const nextOf = (name: string, replies: Reply | readonly Reply[]): Reply => {
    if (!isList(replies)) return replies;
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    const reply = replies[Math.min(count, replies.length - 1)];
    if (reply === undefined) throw new Error(`The script's list for ${name} is empty.`);
    return reply;
  };
  const replyTo = (call: ModelCall): Reply => {
    if (isScript(script)) {
      for (const name of [call.pass, call.role, 'otherwise']) {
        const replies = script[name];
        if (replies !== undefined) return nextOf(name, replies);
      }
    } else {
      const reply = script[asked.length - 1];
      if (reply !== undefined) return reply;
    }
    throw new Error(`The script has no answer for ${call.pass} (${call.role}).`);
  };
  const settle = (reply: Reply, call: ModelCall): Said | Error => {
    if (typeof reply === 'function') return settle(reply(call), call);
    return typeof reply === 'string' ? { text: reply } : reply;
  };

  async function* speak(call: ModelCall, said: Said): AsyncGenerator<ModelChunk> {
    const wait = () => {
      if (!clock || said.delay === undefined) return;
      const left = call.deadlineAt - clock.now();
      clock.advance(Math.min(said.delay, Math.max(0, left)));
      if (said.delay >= left) throw new AppError('deadline', 'The deadline passed.');
    };
    let attempt = 1;
    for (const lost of said.lost ?? []) {
      yield { type: 'start', attempt, model: lost.model ?? `test/${call.seat}` };
      for (const text of cut(lost.text ?? '', chunkSize)) yield { type: 'delta', text };
      yield { type: 'lost', attempt, code: lost.code, message: 'The attempt was lost.' };
      attempt += 1;
    }
    if (said.lost && said.breaks && said.text === undefined) throw said.breaks;
    yield { type: 'start', attempt, model: said.model ?? `test/${call.seat}` };
    for (const text of said.chunks ?? cut(said.text ?? '', chunkSize)) {
      wait();
      yield { type: 'delta', text };
    }
    wait();
    if (said.breaks) throw said.breaks;
    if (said.finish === 'none') return;
    const { toolCalls, usage = null, finish = toolCalls ? 'tool_calls' : 'stop' } = said;
    yield { type: 'finish', reason: finish, usage, ...(toolCalls && { toolCalls }) };
  }

  return {
    asked,
    ended: () => ended,
    async *ask(call) {
      asked.push(call);
      try {
        if (chunks >= cancelAt) throw new Cancelled();
        const said = settle(replyTo(call), call);
        if (said instanceof Error) throw said;
        for await (const chunk of speak(call, said)) {
          // As over a network, so that calls made at the same time take turns.
          await Promise.resolve();
          if (chunks >= cancelAt) throw new Cancelled();
          chunks += 1;
          yield chunk;
        }
      } finally {
        ended += 1;
      }
    },
  };
}

function cut(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

function isList(replies: Reply | readonly Reply[]): replies is readonly Reply[] {
  return Array.isArray(replies);
}

function isScript(script: readonly Reply[] | Script): script is Script {
  return !Array.isArray(script);
}
