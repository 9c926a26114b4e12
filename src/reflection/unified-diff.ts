/** The unified diff that `include: ["diff"]` asks for. Few requests do, so this is loaded for them by `included-diff.ts`. */
import { createTwoFilesPatch, formatPatch } from 'diff/lib/patch/create.js';

// Comparing costs the square of the difference. Beyond this many lines the texts are reported as one replacement.
const mostDifferentLines = 500;

/** A unified diff from `draft` to `output`; empty when they are the same. */
export function unifiedDiff(draft: string, output: string): string {
  if (draft === output) return '';
  const options = { context: 2, maxEditLength: mostDifferentLines };
  return (
    createTwoFilesPatch('draft', 'output', draft, output, undefined, undefined, options) ?? rewriteDiff(draft, output)
  );
}

/** A diff that takes every line away and puts every new one in. */
function rewriteDiff(draft: string, output: string): string {
  const lines = (text: string, sign: '-' | '+') => {
    const all = text.split('\n').map((line) => sign + line);
    return text.endsWith('\n') ? all.slice(0, -1) : [...all, '\\ No newline at end of file'];
  };
  const [removed, added] = [lines(draft, '-'), lines(output, '+')];
  const count = (all: readonly string[]) => all.filter((line) => !line.startsWith('\\')).length;
  const sizes = { oldStart: 1, oldLines: count(removed), newStart: 1, newLines: count(added) };
  const names = { oldFileName: 'draft', newFileName: 'output', oldHeader: undefined, newHeader: undefined };
  return formatPatch({ ...names, hunks: [{ ...sizes, lines: [...removed, ...added] }] });
}
