/** Reading committed sets of texts with the verdicts that a reader gives. */
import { readFileSync } from 'node:fs';

export interface Case {
  readonly situation: string;
  readonly text: string;
  readonly checks: readonly { readonly type: string }[];
  readonly expect: { readonly status?: readonly string[]; readonly measured?: unknown };
}

/** The lines of a file in `cases/`. */
export function readLines<Line>(name: string): Line[] {
  return readFileSync(new URL(`cases/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}
