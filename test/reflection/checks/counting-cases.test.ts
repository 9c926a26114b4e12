import { expect, test } from 'vitest';
import { type Case, readLines } from './cases.ts';
import { judge } from './judge.ts';

test.each(readLines<Case>('counting.jsonl'))(
  '$situation: $checks.0.type on $text',
  ({ text, checks, expect: right }) => {
    for (const check of checks) {
      const { status, measured, message } = judge(text, check);
      if (right.status) expect(right.status, message).toContain(status);
      if (right.measured !== undefined && status !== 'skipped') expect(measured, message).toBe(right.measured);
    }
  },
);
