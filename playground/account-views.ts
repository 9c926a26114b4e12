/** What the page shows of the account: usage by day, what is left of its limits, and its runs. */
import type { Reflection } from '../src/reflection/record.ts';
import type { Limit, Usage } from './api.ts';
import { element, svgElement } from './element.ts';
import type { Texts } from './texts.ts';
import { bar, money } from './views.ts';

const chart = { width: 300, height: 64, gap: 2, days: 30 } as const;

export function usageView({ days, totals }: Usage, texts: Texts): readonly HTMLElement[] {
  const shown = days.toSorted((one, other) => (one.day < other.day ? -1 : 1)).slice(-chart.days);
  const most = Math.max(1, ...shown.map(({ runs }) => runs));
  const width = chart.width / chart.days;
  const bars = shown.map(({ day, runs }, index) => {
    const height = Math.max(2, (runs / most) * chart.height);
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = `${day}: ${runs}`;
    return svgElement(
      'rect',
      {
        class: 'bar-fill',
        x: String(index * width),
        y: String(chart.height - height),
        width: String(width - chart.gap),
        height: String(height),
        rx: '1.5',
      },
      title,
    );
  });
  const summary = `${totals.runs} ${texts.page.runs} · ${totals.total_tokens} ${texts.page.tokens} · ${money(totals.cost_usd)}`;
  const box = element('div', {});
  box.append(
    svgElement(
      'svg',
      {
        role: 'img',
        'aria-label': summary,
        viewBox: `0 0 ${chart.width} ${chart.height}`,
        width: '100%',
        height: String(chart.height),
        preserveAspectRatio: 'none',
      },
      ...bars,
    ),
  );
  return [element('p', {}, summary), box];
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
        element('span', { class: 'hint' }, `${remaining} / ${size} ${names[name]}`),
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
