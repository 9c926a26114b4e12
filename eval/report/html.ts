/** A report as one page that needs nothing else: tables, and plots drawn as SVG. Pure. */
import { type Circumstances, factsOf } from './markdown.ts';
import type { ArmSummary, BenchmarkSummary } from './summary.ts';
import { percent, type Table, tablesOf } from './tables.ts';

export function htmlReport(summaries: readonly BenchmarkSummary[], circumstances: Circumstances): string {
  const facts = factsOf(circumstances).map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`);
  const sections = summaries.map((summary) => {
    const tables = tablesOf(summary).map(tableOf).join('\n');
    return `<section><h2>${escaped(summary.benchmark)}</h2>${scorePlot(summary.arms)}${flipPlot(summary.arms)}${tables}</section>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Evaluation</title>
<style>${style}</style>
<h1>Evaluation</h1>
<dl>${facts.join('')}</dl>
${sections.join('\n')}
</html>
`;
}

const style = `
:root { color-scheme: light dark; --line: #8884; --good: #2a8f5a; --bad: #c0453b; --plain: #5b7fb5; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: max-content auto; gap: 0 1rem; } dd { margin: 0; }
svg { width: 100%; height: auto; } text { fill: currentColor; font-size: 13px; }
`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function tableOf({ title, note, columns, rows }: Table): string {
  const head = columns.map((name) => `<th>${escaped(name)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n');
  const told = note === '' ? '' : `<p>${escaped(note)}</p>`;
  return `<h3>${escaped(title)}</h3>${told}<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const plot = { left: 180, width: 560, row: 30 } as const;

function frame(title: string, rows: number, content: string): string {
  const height = plot.row * (rows + 1);
  const width = plot.left + plot.width + 100;
  return `<figure><figcaption>${escaped(title)}</figcaption><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">${content}</svg></figure>`;
}

/** The share that each arm has right, with its interval. */
function scorePlot(arms: readonly ArmSummary[]): string {
  const at = (share: number): number => plot.left + plot.width * share;
  const rows = arms.map(({ arm, share }, index) => {
    const y = plot.row * (index + 0.5);
    return `<text x="0" y="${y + 5}">${escaped(arm)}</text>
<line x1="${at(share.low)}" x2="${at(share.high)}" y1="${y}" y2="${y}" stroke="var(--plain)" stroke-width="2"/>
<circle cx="${at(share.value)}" cy="${y}" r="5" fill="var(--plain)"/>
<text x="${at(1) + 10}" y="${y + 5}">${percent(share.value)}</text>`;
  });
  const axis = `<line x1="${at(0)}" x2="${at(1)}" y1="${plot.row * arms.length}" y2="${plot.row * arms.length}" stroke="var(--line)"/>
<text x="${at(0)}" y="${plot.row * arms.length + 18}">0 %</text><text x="${at(1) - 36}" y="${plot.row * arms.length + 18}">100 %</text>`;
  return frame('Correct, with an interval of 95 %', arms.length, rows.join('') + axis);
}

/** Fixed to the right, broken to the left. */
function flipPlot(arms: readonly ArmSummary[]): string {
  const compared = arms.flatMap(({ arm, against }) => (against ? [{ arm, ...against }] : []));
  if (compared.length === 0) return '';
  const most = Math.max(1, ...compared.flatMap(({ fixed, broken }) => [fixed, broken]));
  const middle = plot.left + plot.width / 2;
  const long = (count: number): number => (plot.width / 2) * (count / most);
  const rows = compared.map(({ arm, fixed, broken }, index) => {
    const y = plot.row * (index + 0.5);
    return `<text x="0" y="${y + 5}">${escaped(arm)}</text>
<rect x="${middle}" y="${y - 8}" width="${long(fixed)}" height="16" fill="var(--good)"/>
<rect x="${middle - long(broken)}" y="${y - 8}" width="${long(broken)}" height="16" fill="var(--bad)"/>
<text x="${middle + long(fixed) + 6}" y="${y + 5}">${fixed}</text><text x="${middle - long(broken) - 24}" y="${y + 5}">${broken}</text>`;
  });
  return frame('Broken (left) and fixed (right) against the baseline', compared.length, rows.join(''));
}
