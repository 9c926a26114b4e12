/** The parts of a run as elements. */
import { diffWordsWithSpace } from 'diff';
import type { CheckResult } from '../src/reflection/checks/check.ts';
import type { Issue } from '../src/reflection/record.ts';
import { element, svgElement } from './element.ts';
import { type PassView, type RunView, textOf, type Verdict } from './run-view.ts';
import type { Texts } from './texts.ts';

const tones = { pass: 'is-good', fail: 'is-bad', skipped: '' } as const;

export function checkChip({ type, status, message }: CheckResult, texts: Texts): HTMLElement {
  const mark = { pass: '✓', fail: '✗', skipped: '–' }[status];
  return element(
    'span',
    { class: `chip ${tones[status]}`, title: message },
    element('span', { 'aria-hidden': 'true' }, mark),
    `${type} `,
    element('span', { class: 'unseen' }, `${texts.check[status]}: ${message}`),
  );
}

/** What the failed ones found, in the service's own words. */
export function failedChecks(checks: readonly CheckResult[]): readonly HTMLElement[] {
  return checks.filter(({ status }) => status === 'fail').map(({ message }) => element('li', { lang: 'en' }, message));
}

/** The text with the quotes of issues marked where they stand. */
export function quotedText(text: string, issues: readonly Issue[]): readonly (Node | string)[] {
  const spans = issues
    .flatMap(({ span, problem }) => (span ? [{ start: span[0], end: span[1], problem }] : []))
    .toSorted((one, other) => one.start - other.start);
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const { start, end, problem } of spans) {
    if (start < at || end > text.length) continue;
    parts.push(text.slice(at, start), element('mark', { title: problem }, text.slice(start, end)));
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** Each change of the draft as a comparison of words, and whether it was taken; then the texts that were no change but written anew. */
export function changesView(run: RunView, texts: Texts): readonly HTMLElement[] {
  const isOf = (verdict: Verdict, subject: string) =>
    verdict.subject === subject || textOf(run, verdict.subject) === textOf(run, subject);
  const changed = run.changes.map(({ subject, base, by, kinds }) => {
    const names = by === 'code' ? kinds.join(', ') : '';
    const title = `${texts.by[by]}${names === '' ? '' : `: ${names}`}`;
    const verdict = run.verdicts.find((each) => isOf(each, subject));
    return changeView(title, comparison(textOf(run, base), textOf(run, subject), texts), verdict, texts);
  });
  const written = run.verdicts
    .filter((verdict) => !run.changes.some(({ subject }) => isOf(verdict, subject)))
    .map((verdict) => {
      const text = textOf(run, verdict.subject);
      const shown = text === '' ? [] : comparison(textOf(run, verdict.base), text, texts);
      return changeView(
        verdict.subject === 'draft-escalated' ? texts.by.escalation : texts.by.revision,
        shown,
        verdict,
        texts,
      );
    });
  return [...changed, ...written];
}

function changeView(
  title: string,
  text: readonly (Node | string)[],
  verdict: Verdict | undefined,
  texts: Texts,
): HTMLElement {
  const { accepted, rejected } = texts.page;
  const badge =
    verdict &&
    element(
      'span',
      { class: `badge ${verdict.accepted ? 'is-good' : 'is-bad'}` },
      verdict.accepted ? accepted : rejected,
    );
  return element(
    'article',
    {},
    element('h3', {}, `${title} `, badge),
    text.length > 0 && element('div', { class: 'text' }, ...text),
    verdict && verdict.reasons.length > 0 && reasonList(verdict.reasons),
  );
}

export function reasonList(reasons: readonly string[]): HTMLElement {
  return element('ul', { class: 'reasons hint', lang: 'en' }, ...reasons.map((reason) => element('li', {}, reason)));
}

/** A comparison of longer texts would hold up the page. */
const longestCompared = 20_000;

function comparison(before: string, after: string, texts: Texts): readonly (Node | string)[] {
  if (before.length + after.length > longestCompared) return [after];
  return diffWordsWithSpace(before, after).map(({ value, added, removed }) => {
    if (added) return element('ins', { 'data-said': texts.page.added }, value);
    return removed ? element('del', { 'data-said': texts.page.removed }, value) : value;
  });
}

/** The passes as a table, each with its place in time. */
export function passesTable({ passes, startedAt, record }: RunView, texts: Texts): HTMLElement {
  const from = startedAt ?? 0;
  const until = Math.max(1, ...passes.map((pass) => endOf(pass) - from));
  const head = [texts.page.pass, texts.page.model, texts.page.time, texts.page.output, texts.page.cost];
  const rows = passes.map((pass) => {
    const { role, model, usage, failed } = pass;
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${texts.role[role]}${failed ? ' ✗' : ''}`),
      element('td', {}, model),
      element('td', { class: 'line' }, bar((pass.startedAt - from) / until, (endOf(pass) - pass.startedAt) / until)),
      element('td', { class: 'number' }, usage ? `${texts.number(Math.round(usage.latency_ms))} ms` : '…'),
      element('td', { class: 'number' }, usage ? tokens(usage, texts) : ''),
      element('td', { class: 'number' }, usage ? money(usage.cost_usd) : ''),
    );
  });
  const [pass = '', model = '', ...others] = head;
  const columns = [element('th', { scope: 'col' }, pass), element('th', { scope: 'col' }, model)];
  const numbers = others.map((name, index) =>
    element(
      'th',
      { scope: 'col', class: index === 0 ? undefined : 'number', colspan: index === 0 ? '2' : undefined },
      name,
    ),
  );
  const sum =
    record &&
    element(
      'tfoot',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'row', colspan: '3' }, '='),
        element('td', { class: 'number' }, `${texts.number(Math.round(record.timing.total_ms))} ms`),
        element('td', { class: 'number' }, tokens(record.usage, texts)),
        element('td', { class: 'number' }, money(record.usage.cost_usd)),
      ),
    );
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...columns, ...numbers)),
    element('tbody', {}, ...rows),
    sum,
  );
}

function tokens(usage: { input_tokens: number; output_tokens: number; estimated?: boolean }, texts: Texts): string {
  const about = usage.estimated ? '≈ ' : '';
  return `${about}${texts.number(usage.input_tokens)} → ${texts.number(usage.output_tokens)}`;
}

function endOf({ startedAt, usage }: PassView): number {
  return usage ? startedAt + usage.latency_ms : Date.now();
}

export function money(usd: number): string {
  return usd === 0 ? '$0' : `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}

/** A bar from one share of its width on, of another share. */
export function bar(start: number, length: number, tone = 'bar-fill'): SVGElement {
  const width = 160;
  const from = Math.min(width - 2, Math.max(0, start * width));
  return svgElement(
    'svg',
    { width: String(width), height: '8', viewBox: `0 0 ${width} 8`, 'aria-hidden': 'true' },
    svgElement('rect', { class: 'bar-ground', width: String(width), height: '8', rx: '4' }),
    svgElement('rect', {
      class: tone,
      x: from.toFixed(1),
      width: Math.max(2, Math.min(width - from, length * width)).toFixed(1),
      height: '8',
      rx: '4',
    }),
  );
}
