/** The parts of a run as elements. */
import { diffWordsWithSpace } from 'diff';
import type { CheckResult } from '../src/reflection/checks/check.ts';
import type { Issue } from '../src/reflection/record.ts';
import { element, svgElement } from './element.ts';
import type { PassView, RunView } from './run-view.ts';
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

export function secondLook(run: RunView, texts: Texts): readonly HTMLElement[] {
  const { gate, critiques, confirmed, votes } = run;
  const parts: HTMLElement[] = [];
  if (gate) {
    const meter = element('meter', {
      class: 'meter',
      min: '0',
      max: '1',
      value: String(gate.score),
      'aria-label': texts.page.risk,
    });
    const score = element('span', { class: 'hint' }, `${texts.page.risk} ${gate.score.toFixed(2)}`);
    parts.push(element('div', { class: 'gate' }, element('strong', {}, texts.gate[gate.action]), meter, score));
    if (gate.reasons.length > 0) parts.push(reasonList(gate.reasons));
    const signals = gate.signals.filter(({ value }) => value > 0);
    if (signals.length > 0) {
      const chips = signals.map(({ name, value }) => element('span', { class: 'chip' }, `${name} ${value.toFixed(2)}`));
      parts.push(element('div', { class: 'chips' }, ...chips));
    }
  }
  if (votes.length > 0) {
    const rows = votes.map(({ answer, votes: count }) => element('li', {}, `${answer} × ${count}`));
    parts.push(element('ul', {}, ...rows));
  }
  for (const { critique } of critiques) {
    parts.push(element('h3', {}, texts.verdict[critique.verdict]));
    for (const issue of critique.issues) parts.push(issueView(issue, confirmed));
  }
  return parts;
}

function issueView(issue: Issue, confirmed: readonly Issue[]): HTMLElement {
  const state =
    confirmed.find(({ id, quote }) => id === issue.id && quote === issue.quote)?.confirmed ?? issue.confirmed;
  const tone = { verified: 'is-bad', refuted: 'is-good', unverified: '' }[state];
  return element(
    'div',
    { class: 'issue' },
    element('p', {}, element('mark', {}, issue.quote)),
    element('p', {}, issue.problem),
    element('p', {}, element('span', { class: `chip ${tone}` }, `${issue.kind} · ${issue.severity} · ${state}`)),
  );
}

/** Each change of the draft as a comparison of words, and whether it was taken. */
export function changesView({ changes, verdicts, texts: said }: RunView, texts: Texts): readonly HTMLElement[] {
  return changes.map(({ subject, base, by, kinds }) => {
    const verdict = verdicts.find((each) => each.subject === subject || said[each.subject] === said[subject]);
    const badge = verdict
      ? element(
          'span',
          { class: `badge ${verdict.accepted ? 'is-good' : 'is-bad'}` },
          verdict.accepted ? texts.page.accepted : texts.page.rejected,
        )
      : null;
    const names = by === 'code' ? kinds.join(', ') : '';
    return element(
      'article',
      {},
      element('h3', {}, `${texts.by[by]}${names === '' ? '' : `: ${names}`} `, badge),
      element('div', { class: 'text' }, ...comparison(said[base] ?? '', said[subject] ?? '', texts)),
      verdict && verdict.reasons.length > 0 && reasonList(verdict.reasons),
    );
  });
}

function reasonList(reasons: readonly string[]): HTMLElement {
  return element('ul', { class: 'reasons hint' }, ...reasons.map((reason) => element('li', {}, reason)));
}

/** A comparison of longer texts would hold up the page. */
const longestCompared = 20_000;

function comparison(before: string, after: string, texts: Texts): readonly (Node | string)[] {
  if (before.length + after.length > longestCompared) return [after];
  return diffWordsWithSpace(before, after).map(({ value, added, removed }) => {
    if (added) return element('ins', { 'aria-label': texts.page.added }, value);
    return removed ? element('del', { 'aria-label': texts.page.removed }, value) : value;
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
      element('td', { class: 'number' }, usage ? `${Math.round(usage.latency_ms)} ms` : '…'),
      element('td', { class: 'number' }, usage ? `${usage.output_tokens}${usage.estimated ? ' ≈' : ''}` : ''),
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
        element('td', { class: 'number' }, `${Math.round(record.timing.total_ms)} ms`),
        element('td', { class: 'number' }, String(record.usage.output_tokens)),
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

function endOf({ startedAt, usage }: PassView): number {
  return usage ? startedAt + usage.latency_ms : Date.now();
}

export function money(usd: number): string {
  return usd === 0 ? '$0' : `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}

/** A bar from one share of its width on, of another share. */
export function bar(start: number, length: number): SVGElement {
  const width = 160;
  const from = Math.min(width - 2, Math.max(0, start * width));
  return svgElement(
    'svg',
    { width: String(width), height: '8', viewBox: `0 0 ${width} 8`, 'aria-hidden': 'true' },
    svgElement('rect', { class: 'bar-ground', width: String(width), height: '8', rx: '4' }),
    svgElement('rect', {
      class: 'bar-fill',
      x: from.toFixed(1),
      width: Math.max(2, Math.min(width - from, length * width)).toFixed(1),
      height: '8',
      rx: '4',
    }),
  );
}
