/** Revisions that were damaged on their way to the accept gate, and sound ones that look a little like them. */
import { expect, test } from 'vitest';
import { acceptRevision } from '../../../src/reflection/rules/accept-rules.ts';
import { about, draft, input, london, mending } from '../../support/acceptance.ts';

const reasonsOf = (before: string, after: string) =>
  acceptRevision(input(before, after, { needsEvidence: false })).reasons;

test.each(['<html>', ' \n<HTML lang="en">', '<head>', '<body class="error">', '<!doctype  html>'])(
  'an answer that begins with %j came from no model',
  (tag) => {
    expect(reasonsOf(draft, `${tag}${london}`)).toEqual(['the revision is an HTML page']);
  },
);

test.each(['<header>', '<p>', 'About <html> ', '<!doctype svg>'])('one that begins with %j may be text', (tag) => {
  expect(reasonsOf(draft, `${tag}${london} It is.`)).toEqual(['it loses no check']);
});

test('tabs, line ends and signs that the draft held already are no damage', () => {
  expect(reasonsOf(draft, `${london}\tIndeed.\r\n`)).toEqual(['it loses no check']);
  expect(reasonsOf(`${draft}\ufffd`, `${london}\ufffd And more.`)).toEqual(['it loses no check']);
  expect(reasonsOf(draft, `${london}\u0007 And more.`)).toEqual(['the revision holds control characters']);
});

test.each([
  ['[1815, 1833', 'the revision is no JSON any more'],
  ['Years: [1815, 1834]', 'the revision is no JSON any more'],
  ['\n [1815, 1834]', 'it loses no check'],
])('a list as JSON that becomes %j is told: %s', (after, reason) => {
  expect(reasonsOf(' [1815, 1833]', after)).toEqual([reason]);
});

const cut = 'the revision stops in the middle of a sentence';
const long = 'The old bridge carries many cars across the river, and engineers repaint its cables every year.';

test.each([
  ['a word', 'The old bridge carries many cars across the river, and engineers'],
  ['half a word', 'The old bridge carries many cars across the river, and engin'],
  ['a comma', 'The old bridge carries many cars across the river, \n'],
])('a copy that stops after %s was cut off', (_, after) => {
  expect(acceptRevision(mending(long, after, { type: 'words' })).reasons).toContain(cut);
});

test.each([
  ['with other words', 'The old bridge carries many cars, and engineers repaint its steel cables every summer'],
  ['where the draft ends, without its full stop', long.slice(0, -1)],
  ['with a full stop', 'The old bridge carries many cars across the river, and engineers repaint its cables.'],
])('one that ends %s was not', (_, after) => {
  expect(acceptRevision(mending(long, after, { type: 'words' }))).toMatchObject({ accepted: true });
});

test('a corrected place costs no other number, whatever stands round it', () => {
  const before = 'It was in Paris. The hall holds 1,155 guests, 3 doors and v2.5 lamps (12).';
  const asked = (after: string) => acceptRevision(input(before, after, { issues: [about('in Paris', {}, before)] }));
  const mended = before.replace('Paris', 'Lyon');
  expect(asked(mended).accepted).toBe(true);
  expect(asked(mended.replace('3 doors', 'doors')).reasons).toContain('the revision loses 3');
  expect(asked(mended.replace(' (12)', '')).reasons).toContain('the revision loses 12');
  expect(asked(mended.replace('1,155 guests, 3 doors', 'guests, doors').replace(' (12)', '')).reasons).toContain(
    'the revision loses 1,155, 3, 12',
  );
});
