/** The raw figures of a run, as they are kept in `bench/results/`. */
import type { Counted } from './counted.ts';

export interface Results {
  readonly environment: Environment;
  readonly footprint?: Footprint;
  readonly latency?: readonly LatencyRun[];
  readonly streams?: readonly StreamRun[];
  readonly frontier?: Frontier;
  readonly resources?: readonly Resources[];
  readonly counts?: readonly CountedCase[];
  readonly strategies?: readonly StrategyCase[];
  readonly hostile?: readonly HostileCase[];
  readonly channels?: readonly Acknowledgement[];
}

/** From a question to the word that it was taken, in milliseconds. */
export interface Acknowledgement {
  readonly name: string;
  readonly ms: readonly number[];
}

/** What one body costs the Worker. */
export interface HostileCase {
  readonly name: string;
  readonly served: boolean;
  readonly bodyBytes: number;
  readonly requests: number;
  readonly cpuMsPerRequest: number;
}

export interface Environment {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly commit: string;
  readonly node: string;
  readonly workerd: string;
  readonly processor: string;
  readonly cores: number;
  /** One-minute load averages: above the number of cores, figures are not to be trusted. */
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly seed: number;
  readonly seconds: number;
}

export interface Footprint {
  /** What every request needs, and what is loaded when first needed, compressed. */
  readonly hotGzipBytes: number;
  readonly coldGzipBytes: number;
  readonly startMs: Readonly<Record<string, readonly number[]>>;
}

/** Milliseconds by round; the lists of one run belong together, round by round. */
export interface LatencyRun {
  /** How long the model takes before it answers. */
  readonly delayMs: number;
  readonly arms: Readonly<Record<string, readonly number[]>>;
  /** `Server-Timing` by arm and stage. */
  readonly stages: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

export interface StreamRun {
  readonly concurrency: number;
  readonly words: number;
  readonly gapMs: number;
  readonly targets: Readonly<Record<string, StreamFigures>>;
}

export interface StreamFigures {
  readonly streams: number;
  readonly failed: number;
  /** Words that never came, or came out of order. */
  readonly lostFrames: number;
  /** To the first word, a stream each; null for a failed stream. */
  readonly firstTokenMs: readonly (number | null)[];
  /** From the upstream's write to the client's read, for each word. */
  readonly travelMs: readonly number[];
}

export interface Frontier {
  readonly boundsMs: readonly number[];
  readonly steps: readonly FrontierStep[];
}

export interface FrontierStep {
  readonly target: string;
  readonly rate: number;
  readonly asked: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Resources {
  readonly target: string;
  readonly requests: number;
  /** So many at a time. */
  readonly concurrency: number;
  readonly requestsPerSecond: number;
  readonly cpuMsPerRequest: number;
  readonly residentBefore: number;
  readonly residentMost: number;
  readonly residentAfter: number;
}

export interface CountedCase {
  readonly name: string;
  readonly requests: readonly Counted[];
  /** Milliseconds from the request's arrival, by step. */
  readonly steps: Readonly<Record<string, readonly number[]>>;
}

export interface StrategyCase {
  readonly strategy: string;
  readonly situation: string;
  readonly calls: number;
  readonly roles: readonly string[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly decision: string;
}
