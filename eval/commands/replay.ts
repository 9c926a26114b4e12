/** `eval replay`: recorded drafts through the engine, without a model, so that what code alone does is measured. */
import type { Arm } from '../arms.ts';
import { commitNow } from '../commit.ts';
import { ProgressLine } from '../progress-line.ts';
import { readDrafts } from '../replay/recorded-drafts.ts';
import { replay } from '../replay/replay.ts';
import { markdownPage } from '../report/markdown.ts';
import { replayTables } from '../report/replay-tables.ts';
import { RunFolder } from '../run-folder.ts';

export interface ReplayOptions {
  /** JSONL, gzipped or not. */
  readonly file: string;
  readonly arms: readonly Arm[];
  readonly folder: string;
  /** The command line, for the report. */
  readonly command: string;
}

/** The report in Markdown, which is also written into the folder. Throws an Error that names the line that cannot be read. */
export async function replayFile(
  { file, arms, folder, command }: ReplayOptions,
  say: (line: string) => void,
): Promise<string> {
  const drafts = await readDrafts(file);
  const beganAt = performance.now();
  const line = new ProgressLine(say);
  const result = await replay(drafts, arms, (done, all) => line.update(done, all));
  const seconds = ((performance.now() - beganAt) / 1_000).toFixed(1);
  const report = markdownPage(
    'Replay of recorded drafts',
    [
      ['made', new Date().toISOString()],
      ['drafts', `${drafts.length} of ${file}, in ${seconds} s`],
      ['commit', commitNow()],
      ['Node', process.version],
      ['again', `\`${command}\``],
    ],
    replayTables(result),
  );
  const kept = new RunFolder(folder);
  await kept.open();
  await kept.write('replay.md', report);
  await kept.write('replay.jsonl', result.replayed.map((each) => `${JSON.stringify(each)}\n`).join(''));
  say(`Replayed in ${seconds} s. Report: ${kept.path}/replay.md; draft by draft: replay.jsonl.`);
  return report;
}
