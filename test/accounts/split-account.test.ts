/** Whether an account could be split over several objects and still keep its limits to the letter: the model of docs/decisions/split-account.md. */
import { describe, expect, test } from 'vitest';
import { chances } from '../support/chances.ts';
import { Part, Root, type Shares } from './split-account.ts';

interface TrueRun {
  readonly run: string;
  readonly part: number;
  readonly admittedAt: number;
  readonly held: number;
  settledAt: number | null;
  used: number;
}

/** What every run that was admitted uses, whoever knows of it. */
function inUse(runs: readonly TrueRun[], at: number): Shares {
  const shares = { requests: 0, tokens: 0, runs: 0 };
  for (const { admittedAt, held, settledAt, used } of runs) {
    if (admittedAt > at - 60_000) shares.requests += 1;
    if (settledAt === null) shares.runs += 1;
    if (settledAt === null) shares.tokens += held;
    else if (settledAt > at - 60_000) shares.tokens += used;
  }
  return shares;
}

interface Tally {
  over: number;
  losses: number;
  admitted: number;
  /** The mean share of the scarcest limit that is really in use when somebody is refused. */
  usedWhenRefused: number;
}

/** Ten minutes of an account whose callers want about twice what its limits let them have. */
function runAccount(seed: number, parts: number, lossesAMinute: number): Tally {
  const chance = chances(seed);
  const limits: Shares = { requests: 600, tokens: 100_000, runs: 60 };
  const spare: Shares = {
    requests: Math.ceil(limits.requests / 16 / parts),
    tokens: Math.ceil(limits.tokens / 16 / parts),
    runs: Math.ceil(limits.runs / 16 / parts),
  };
  const root = new Root(limits);
  const objects = Array.from({ length: parts }, (_, index) => new Part(`part ${index}`, root, spare));
  let runs: TrueRun[] = [];
  const tally: Tally = { over: 0, losses: 0, admitted: 0, usedWhenRefused: 0 };
  let refused = 0;
  for (let at = 60_000; at < 660_000; at += Math.floor(chance() * 100)) {
    runs = runs.filter(({ settledAt }) => settledAt === null || settledAt > at - 60_000);
    const index = Math.floor(chance() * parts);
    const open = runs.filter((run) => run.settledAt === null);
    const ended = open[Math.floor(chance() * open.length * 2.2)];
    if (ended) {
      Object.assign(ended, { settledAt: at, used: Math.floor(ended.held * chance()) });
      objects[ended.part]?.settle(ended.run, ended.used);
    }
    if (chance() < (lossesAMinute * 50) / 60_000) {
      tally.losses += 1;
      root.lose(`part ${index}`, at);
      objects[index] = new Part(`part ${index}`, root, spare);
      // Its runs are gone, and may have used all that they held.
      for (const run of runs)
        if (run.part === index && run.settledAt === null) Object.assign(run, { settledAt: at, used: run.held });
    }
    if (chance() < 0.01) objects[index]?.rest(at);
    const held = 50 + Math.floor(chance() * 350);
    const run = `run at ${at} ${tally.admitted}`;
    if (objects[index]?.admit(run, held, at)) {
      tally.admitted += 1;
      runs.push({ run, part: index, admittedAt: at, held, settledAt: null, used: 0 });
      const now = inUse(runs, at);
      if (now.requests > limits.requests || now.tokens > limits.tokens || now.runs > limits.runs) tally.over += 1;
    } else {
      refused += 1;
      const now = inUse(runs, at);
      tally.usedWhenRefused += Math.max(
        now.requests / limits.requests,
        now.tokens / limits.tokens,
        now.runs / limits.runs,
      );
    }
  }
  tally.usedWhenRefused /= Math.max(1, refused);
  return tally;
}

describe.each([1, 2, 4, 8, 16])('an account in %d parts', (parts) => {
  test('never has more in use than its limits, though parts are lost', () => {
    const tallies = Array.from({ length: 10 }, (_, seed) => runAccount(seed + 1, parts, 2));
    expect(tallies.map(({ over }) => over)).toEqual(tallies.map(() => 0));
    expect(tallies.reduce((total, { losses }) => total + losses, 0)).toBeGreaterThan(50);
  });

  test('reaches most of its limits, where no part is lost', () => {
    const tallies = Array.from({ length: 10 }, (_, seed) => runAccount(seed + 1, parts, 0));
    const used = tallies.reduce((total, { usedWhenRefused }) => total + usedWhenRefused, 0) / tallies.length;
    console.log(
      parts,
      used.toFixed(3),
      tallies.reduce((t, l) => t + l.admitted, 0),
    );
    expect(used).toBeGreaterThan(0.8);
  });
});
