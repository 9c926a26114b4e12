/** What the page shows of the account: usage by day, what is left of its limits, and its runs. */
import type { Reflection } from '../src/reflection/record.ts';
import type { Limit, Usage } from './api.ts';
import { element, svgElement } from './element.ts';
import type { Texts } from './texts.ts';
import { bar, money } from './views.ts';

const chart = { width: 300, height: 56, gap: 2 } as const;
const dayMs = 86_400_000;

/** A bar for each day that was asked about; days without a run have none in the answer. */
export function usageView({ from, to, days, totals }: Usage, texts: Texts): readonly HTMLElement[] {
  const runsOf = new Map(days.map(({ day, runs }) => [day, runs]));
  const all = daysBetween(from, to);
  const most = Math.max(1, ...runsOf.values());
  const width = chart.width / all.length;
  const bars = all.map((day, index) => {
    const runs = runsOf.get(day) ?? 0;
    const height = runs === 0 ? 2 : Math.max(4, (runs / most) * chart.height);
    const title = svgElement('title');
    title.textContent = `${day}: ${runs}`;
    const place = { x: index * width, y: chart.height - height, width: width - chart.gap, height };
    const shape = Object.fromEntries(Object.entries(place).map(([key, value]) => [key, value.toFixed(2)]));
    return svgElement('rect', { class: runs === 0 ? 'bar-none' : 'bar-fill', rx: '1.5', ...shape }, title);
  });
  const summary = `${texts.runs(totals.runs)} · ${texts.number(totals.total_tokens)} ${texts.page.tokens} · ${money(totals.cost_usd)}`;
  const viewBox = `0 0 ${chart.width} ${chart.height}`;
  const drawing = svgElement(
    'svg',
    { role: 'img', 'aria-label': summary, class: 'chart', viewBox, preserveAspectRatio: 'none' },
    ...bars,
  );
  const ends = [from, to].map((day) => element('span', {}, day));
  return [element('p', {}, summary), element('div', {}, drawing), element('p', { class: 'ends hint' }, ...ends)];
}

function daysBetween(from: string, to: string): readonly string[] {
  const first = Date.parse(from);
  const count = Math.max(1, Math.round((Date.parse(to) - first) / dayMs) + 1);
  return Array.from({ length: count }, (_, index) => new Date(first + index * dayMs).toISOString().slice(0, 10));
}

export function limitsView(limits: readonly Limit[], texts: Texts): readonly HTMLElement[] {
  if (limits.length === 0) return [];
  const names = { requests: texts.page.runs, tokens: texts.page.tokens };
  return [
    element('p', { class: 'hint' }, texts.page.limits),
    ...limits.map(({ name, size, remaining }) => {
      const row = element('div', { class: 'gate' });
      row.append(
        bar(0, size === 0 ? 0 : remaining / size),
        element('span', { class: 'hint' }, `${texts.number(remaining)} / ${texts.number(size)} ${names[name]}`),
      );
      return row;
    }),
  ];
}

/** A run that this page may open again. */
export interface KnownRun {
  readonly id: string;
  readonly asked: string;
}

export function knownOf({ id, request, output }: Reflection): KnownRun {
  return { id, asked: request?.input ?? output };
}

/** `open` is the run that is shown. */
export function recentView(runs: readonly KnownRun[], open: string | null, texts: Texts): readonly HTMLElement[] {
  if (runs.length === 0) return [element('li', { class: 'hint' }, texts.page.none)];
  return runs.map(({ id, asked }) =>
    element(
      'li',
      {},
      element('a', { href: `#${id}`, 'aria-current': id === open ? 'true' : undefined }, asked.slice(0, 120) || id),
    ),
  );
}
