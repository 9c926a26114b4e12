/** A report in Markdown. Pure. */
import type { BenchmarkSummary } from './summary.ts';
import { type Table, tablesOf } from './tables.ts';

export interface Circumstances {
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly commit: string;
  readonly node: string;
  readonly subject: string;
  readonly seed: number;
  /** What makes the same records again. */
  readonly command: string;
}

export function markdownReport(summaries: readonly BenchmarkSummary[], circumstances: Circumstances): string {
  const sections = summaries.map(
    (summary) => `## ${summary.benchmark}\n\n${tablesOf(summary).map(markdownTable).join('\n\n')}`,
  );
  return page('Evaluation', factsOf(circumstances), sections);
}

/** A report of tables alone. */
export function markdownPage(title: string, facts: readonly Fact[], tables: readonly Table[]): string {
  return page(title, facts, tables.map(markdownTable));
}

/** A name and its value. */
export type Fact = readonly [name: string, value: string];

function page(title: string, facts: readonly Fact[], sections: readonly string[]): string {
  const told = facts.map(([name, value]) => `- ${name}: ${value}`).join('\n');
  return `# ${title}\n\n${told}\n\n${sections.join('\n\n')}\n`;
}

export function factsOf({ madeAt, commit, node, subject, seed, command }: Circumstances): Fact[] {
  return [
    ['made', madeAt],
    ['what answered', subject],
    ['commit', commit],
    ['Node', node],
    ['seed', String(seed)],
    ['again', `\`${command}\``],
  ];
}

function markdownTable({ title, note, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const body = [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
  return [`### ${title}`, note, body].filter((part) => part !== '').join('\n\n');
}
