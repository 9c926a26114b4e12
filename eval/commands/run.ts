/** `eval`: measures arms on benchmarks, and writes the report. */
import type { Session } from '../../local/session.ts';
import { type Arm, baseline } from '../arms.ts';
import { benchmarkNamed } from '../benchmarks/benchmarks.ts';
import { commitNow } from '../commit.ts';
import { measure, type Plan } from '../measure.ts';
import { ProgressLine } from '../progress-line.ts';
import { htmlReport } from '../report/html.ts';
import { type Circumstances, markdownReport } from '../report/markdown.ts';
import { summarise } from '../report/summary.ts';
import { RunFolder } from '../run-folder.ts';
import { type Half, halfOf, sampled } from '../sample.ts';
import { openSubject, type SubjectChoice } from '../subjects/open-subject.ts';

export interface RunOptions {
  readonly benchmarks: readonly string[];
  readonly arms: readonly Arm[];
  readonly limit: number | undefined;
  readonly half: Half;
  readonly seed: number;
  readonly subject: SubjectChoice;
  readonly concurrency: number;
  readonly maxOutputTokens: number | undefined;
  readonly mostUsd: number;
  readonly folder: string;
  /** The command line, for the report. */
  readonly command: string;
}

/** Model calls that an answer usually takes. */
const usualCalls = { direct: 1, cot: 1, tags: 1, checks: 1.5, selective: 2.5, vote: 4, always: 3 } as const;

export async function run(options: RunOptions, session: Session, say: (line: string) => void): Promise<void> {
  const folder = new RunFolder(options.folder);
  await folder.open();
  const plans = await plansOf(options, session, say);
  const answers = plans.reduce((sum, { items, arms }) => sum + items.length * arms.length, 0);
  const calls = plans.reduce(
    (sum, { items, arms }) =>
      sum + items.length * arms.reduce((all, { strategy, samples }) => all + samples * usualCalls[strategy], 0),
    0,
  );
  say(`${answers} answers, about ${Math.round(calls)} model calls; records in ${folder.path}.`);
  const subject = await openSubject(options.subject, { session, callsPath: folder.calls, say });
  const line = new ProgressLine(say);
  try {
    const records = await measure(plans, {
      subject,
      path: folder.records,
      concurrency: options.concurrency,
      signal: session.signal,
      mostUsd: options.mostUsd,
      onProgress: (done, all) => line.update(done, all),
      say,
    });
    const circumstances: Circumstances = {
      madeAt: new Date().toISOString(),
      commit: commitNow(),
      node: process.version,
      subject: subject.name,
      seed: options.seed,
      command: options.command,
    };
    const summaries = summarise(records, baseline);
    await folder.write('report.md', markdownReport(summaries, circumstances));
    await folder.write('report.html', htmlReport(summaries, circumstances));
    say(`Reports: ${folder.path}/report.md and report.html.`);
  } finally {
    await folder.pack();
    await subject.stop();
  }
}

async function plansOf(
  { benchmarks, arms, limit, half, seed, maxOutputTokens }: RunOptions,
  { signal }: Session,
  say: (line: string) => void,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const name of benchmarks) {
    const all = await benchmarkNamed(name).load({ signal, say, fetch: (url, init) => fetch(url, init) });
    const items = sampled(halfOf(all, half), limit, seed);
    plans.push({ benchmark: name, items, arms, seed, keepsText: name !== 'gpqa', maxOutputTokens });
  }
  return plans;
}
