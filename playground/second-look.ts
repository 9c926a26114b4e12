/** The gate's decision, the votes and the critiques. */
import type { GateSignal, Issue } from '../src/reflection/record.ts';
import type { weights } from '../src/reflection/rules/gate.ts';
import { element } from './element.ts';
import type { RunView } from './run-view.ts';
import type { Texts } from './texts.ts';
import { bar, reasonList } from './views.ts';

/** The decision, the risk with the part that each signal has in it, and the reasons in the service's own words. */
export function gateView({ gate }: RunView, texts: Texts): readonly HTMLElement[] {
  if (!gate) return [];
  const score = gate.score.toFixed(2);
  const parts: HTMLElement[] = [
    element(
      'div',
      { class: 'gate' },
      element('strong', {}, texts.gate[gate.action]),
      element(
        'span',
        { class: 'risk' },
        bar(0, gate.score),
        element('span', { class: 'hint' }, `${texts.page.risk} ${score}`),
      ),
    ),
  ];
  const signals = gate.signals.filter(({ value }) => value > 0);
  if (signals.length > 0)
    parts.push(element('ul', { class: 'signals' }, ...signals.map((one) => signalRow(one, texts))));
  if (gate.reasons.length > 0 && !isOnlySignals(gate.reasons, signals)) parts.push(reasonList(gate.reasons));
  return parts;
}

function signalRow({ name, value, weight }: GateSignal, texts: Texts): HTMLElement {
  const part = value * weight;
  return element(
    'li',
    {},
    element('span', {}, isSignal(name, texts) ? texts.signal[name] : name),
    bar(0, Math.min(1, Math.abs(part)), part < 0 ? 'bar-good' : 'bar-fill'),
    element('span', { class: 'number' }, `${part < 0 ? '−' : '+'}${Math.abs(part).toFixed(2)}`),
  );
}

function isSignal(name: string, texts: Texts): name is keyof typeof weights {
  return Object.hasOwn(texts.signal, name);
}

/** Such reasons only name the signals, which stand there already. */
function isOnlySignals(reasons: readonly string[], signals: readonly GateSignal[]): boolean {
  return reasons.every((reason) => signals.some(({ name, value }) => reason === `${name} ${value}`));
}

export function secondLook({ critiques, confirmed, votes }: RunView, texts: Texts): readonly HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (votes.length > 0) {
    const all = votes.reduce((sum, each) => sum + each.votes, 0);
    const rows = votes.map(({ answer, votes: count }) =>
      element(
        'li',
        {},
        element('span', {}, answer),
        bar(0, count / all),
        element('span', { class: 'number' }, `${count} ${texts.page.votes}`),
      ),
    );
    parts.push(element('ul', { class: 'signals' }, ...rows));
  }
  for (const { critique } of critiques) {
    parts.push(element('h3', {}, texts.verdict[critique.verdict]));
    for (const issue of critique.issues) parts.push(issueView(issue, confirmed, texts));
  }
  return parts;
}

function issueView(issue: Issue, confirmed: readonly Issue[], texts: Texts): HTMLElement {
  const state =
    confirmed.find(({ id, quote }) => id === issue.id && quote === issue.quote)?.confirmed ?? issue.confirmed;
  const tone = { verified: 'is-bad', refuted: 'is-good', unverified: '' }[state];
  const kind = `${texts.issue[issue.kind]} · ${texts.severity[issue.severity]}`;
  return element(
    'div',
    { class: 'issue' },
    issue.quote === '' ? null : element('p', {}, element('mark', {}, issue.quote)),
    element('p', {}, issue.problem),
    element(
      'p',
      { class: 'chips' },
      element('span', { class: 'chip' }, kind),
      element('span', { class: `chip ${tone}` }, texts.confirmed[state]),
    ),
  );
}
