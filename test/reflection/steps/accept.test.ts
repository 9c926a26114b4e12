import { describe, expect, test } from 'vitest';
import { createContext } from '../../../src/reflection/context.ts';
import { locate } from '../../../src/reflection/quote.ts';
import { accept, type Comparison } from '../../../src/reflection/steps/accept.ts';
import { drain, issue, request, roster, tools } from '../../support/reflections.ts';
import { scriptedModel } from '../../support/scripted-model.ts';

const long = `${'A sentence that is fine as it stands. '.repeat(60)}One is red. Two is red.`;
const first = long.replace('One is red', 'One is blue');

/** Holds `after` against `before`, where nobody may judge besides the rules. */
async function compared(before: string, after: string, part: Partial<Comparison> = {}, truncated = false) {
  const context = createContext(request(), tools(scriptedModel([]), { roster: roster({ empty: ['judge'] }) }));
  const text = (subject: string, words: string) => ({ subject, text: words, checks: [], truncated: false });
  const issues = [issue({ quote: 'Two is red', span: locate('Two is red', before) })];
  const comparison = {
    before: text('b', before),
    after: { ...text('a', after), truncated },
    issues,
    witnesses: [],
    seen: [long, before],
    ...part,
  };
  return drain(accept(context, comparison, 2));
}

describe('a revision in a later round', () => {
  test('is taken for a second small correction of a long text', async () => {
    const { events, result } = await compared(first, first.replace('Two is red', 'Two is blue'));
    expect(result).toBe('accepted');
    expect(events).toMatchObject([{ type: 'revision.accepted', round: 2, subject: 'a', base: 'b' }]);
  });

  test.each([
    ['back to the first text', long],
    ['back to the first text, in other white space', long.replaceAll('. ', '.\n')],
  ])('is refused where it goes %s', async (_, after) => {
    const { events, result } = await compared(first, after);
    expect(result).toBe('refused');
    expect(events).toMatchObject([{ type: 'revision.rejected', reasons: ['the revision returns to an earlier text'] }]);
  });

  test('is refused where it was cut off', async () => {
    const { events } = await compared(first, first.replace('Two is red', 'Two is blue'), {}, true);
    expect(events).toMatchObject([{ type: 'revision.rejected', reasons: ['the revision was cut off'] }]);
  });
});
