/** The playground: a form, a run as it happens, and what is known of the account. */
import type { ReflectionBody } from '../src/reflection/request.ts';
import { type KnownRun, knownOf, limitsView, recentView, usageView } from './account-views.ts';
import { Api, CallFailure } from './api.ts';
import { element, onPage } from './element.ts';
import { isOffered, type OfferedCheck, offeredChecks, snippets } from './request-form.ts';
import { answerSoFar, emptyRun, isOver, type RunView, withEvent } from './run-view.ts';
import { memory } from './tab-memory.ts';
import { type Language, languages, type Texts, usualLanguage } from './texts.ts';
import { changesView, checkChip, passesTable, quotedText, secondLook } from './views.ts';

const page = {
  form: onPage('ask', HTMLFormElement),
  key: onPage('key', HTMLInputElement),
  prompt: onPage('prompt', HTMLTextAreaElement),
  tier: onPage('tier', HTMLSelectElement),
  strategy: onPage('strategy', HTMLSelectElement),
  store: onPage('store', HTMLInputElement),
  checks: onPage('checks', HTMLElement),
  checkKind: onPage('check-kind', HTMLSelectElement),
  addCheck: onPage('add-check', HTMLButtonElement),
  run: onPage('run', HTMLButtonElement),
  cancel: onPage('cancel', HTMLButtonElement),
  language: onPage('language', HTMLButtonElement),
  failure: onPage('failure', HTMLElement),
  announcement: onPage('announcement', HTMLElement),
};

let language: Language = usualLanguage(memory.read('language'), navigator.language);
let run: RunView = emptyRun;
let following: AbortController | undefined;
let known: readonly KnownRun[] = [];
const texts = (): Texts => languages[language];

const api = new Api(
  () => page.key.value.trim(),
  (limits) => {
    if (limits.length > 0) onPage('limits', HTMLElement).replaceChildren(...limitsView(limits, texts()));
  },
);

function chosenBody(): ReflectionBody {
  const rows = [...page.checks.querySelectorAll<HTMLElement>('[data-check]')];
  const checks = rows.flatMap((row) => {
    const kind = row.dataset['check'] ?? '';
    return isOffered(kind) ? [offeredChecks[kind].toCheck(row.querySelector('input')?.value ?? '')] : [];
  });
  const tiers = ['fast', 'balanced', 'quality', 'max'] as const;
  const strategies = ['direct', 'cot', 'tags', 'checks', 'selective', 'vote', 'always'] as const;
  return {
    input: page.prompt.value,
    tier: tiers.find((name) => name === page.tier.value) ?? 'balanced',
    strategy: strategies.find((name) => name === page.strategy.value) ?? 'selective',
    ...(checks.length > 0 && { checks }),
    ...(page.store.checked && { store: true }),
  };
}

function addCheckRow(kind: OfferedCheck): void {
  const { label, usual } = offeredChecks[kind];
  const remove = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': `${texts().page.removeCheck}: ${label}` },
    '×',
  );
  const field = usual === null ? element('span') : element('input', { value: usual, 'aria-label': label });
  const row = element('div', { class: 'check-row', 'data-check': kind }, element('span', {}, label), field, remove);
  remove.addEventListener('click', () => {
    row.remove();
    page.addCheck.focus();
  });
  page.checks.append(row);
}

/** Works on a run until it is over or another one is chosen. */
async function show(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  following?.abort();
  const own = new AbortController();
  following = own;
  say('');
  page.run.disabled = true;
  page.cancel.hidden = false;
  try {
    await work(own.signal);
  } catch (error) {
    if (!own.signal.aborted) say(sentenceOf(error));
  } finally {
    if (following === own) {
      page.run.disabled = false;
      page.cancel.hidden = true;
      draw();
    }
  }
}

function sentenceOf(error: unknown): string {
  const { failure } = texts();
  if (!(error instanceof CallFailure)) return failure.failed;
  if (error.code === null) return failure.unreachable;
  if (error.code === 'invalid_api_key') return failure.invalid_api_key;
  const wait = error.retryAfterSeconds === null ? '' : ` ${failure.waits(error.retryAfterSeconds)}`;
  return `${error.message}${wait}`;
}

function say(sentence: string): void {
  page.failure.textContent = sentence;
}

/** A lost connection is taken up where it broke off, so often. */
const mostReconnections = 5;

async function follow(id: string, signal: AbortSignal): Promise<void> {
  for (let lost = 0; !isOver(run) && !signal.aborted; lost += 1) {
    try {
      await api.follow(id, run.lastEventId, take, signal);
    } catch (error) {
      const isLost = error instanceof TypeError || (error instanceof CallFailure && error.code === null);
      if (!isLost || lost >= mostReconnections) throw error;
    }
    if (isOver(run) || lost >= mostReconnections) return;
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** lost));
  }
}

function take(event: Parameters<typeof withEvent>[1]): void {
  const before = run.id;
  run = withEvent(run, event);
  if (before === null && run.id !== null) history.replaceState(null, '', `#${run.id}`);
  drawSoon();
}

async function start(): Promise<void> {
  const body = chosenBody();
  if (page.key.value.trim() === '') return refuse(texts().page.needsKey, page.key);
  if (page.prompt.value.trim() === '') return refuse(texts().page.empty, page.prompt);
  memory.keep('key', page.key.value.trim());
  run = emptyRun;
  draw();
  await show(async (signal) => {
    try {
      await api.start(body, take, signal);
    } catch (error) {
      if (run.id === null || signal.aborted) throw error;
    }
    if (run.id !== null && !isOver(run)) await follow(run.id, signal);
  });
  if (run.id !== null) remember({ id: run.id, asked: page.prompt.value });
}

function refuse(sentence: string, field: HTMLElement): void {
  say(sentence);
  field.focus();
}

function remember(one: KnownRun): void {
  known = [one, ...known.filter(({ id }) => id !== one.id)].slice(0, 20);
  memory.keep('runs', JSON.stringify(known));
  onPage('recent', HTMLElement).replaceChildren(...recentView(known, texts()));
}

async function openLinked(): Promise<void> {
  const id = location.hash.slice(1);
  if (!/^refl_[\w-]+$/.test(id) || id === run.id) return;
  if (page.key.value.trim() === '') return refuse(texts().page.needsKey, page.key);
  run = { ...emptyRun, id };
  draw();
  await show((signal) => follow(id, signal));
}

let isDrawing = false;
function drawSoon(): void {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    draw();
  });
}

const toneOf = { queued: '', running: '', completed: 'is-good', failed: 'is-bad', cancelled: '' } as const;

function draw(): void {
  const words = texts();
  const { record, status, id } = run;
  const isIdle = id === null;
  const badge = element(
    'span',
    { class: `badge ${toneOf[status]} ${isOver(run) ? '' : 'is-running'}` },
    words.status[status],
  );
  onPage('status', HTMLElement).replaceChildren(...(isIdle ? [] : [badge]));
  const decision = record?.decision ? words.decision[record.decision] : '';
  onPage('decision', HTMLElement).textContent = decision;
  page.announcement.textContent = isIdle ? '' : `${words.status[status]}. ${decision}`;
  const answer = answerSoFar(run);
  onPage('answer', HTMLElement).replaceChildren(
    answer === '' ? element('p', { class: 'hint' }, words.page.none) : answer,
  );
  const checks = record?.checks ?? [];
  onPage('answer-checks', HTMLElement).replaceChildren(...checks.map((check) => checkChip(check, words)));
  onPage('permalink', HTMLElement).replaceChildren(
    ...(isIdle ? [] : [element('a', { href: `#${id}` }, words.page.link)]),
  );
  if (record?.error) say(record.error.message);

  const issues = run.critiques.filter(({ subject }) => subject === 'draft').flatMap(({ critique }) => critique.issues);
  const draft = run.texts['draft'] ?? '';
  section(
    'draft',
    draft !== '' && (run.changes.length > 0 || issues.length > 0 || !isOver(run)),
    quotedText(draft, issues),
  );
  onPage('draft-checks', HTMLElement).replaceChildren(
    ...(run.checks['draft'] ?? []).map((check) => checkChip(check, words)),
  );
  section('second', run.gate !== null, secondLook(run, words));
  section('revision', run.changes.length > 0, changesView(run, words));
  section('passes', run.passes.length > 0, [passesTable(run, words)]);
}

function section(name: string, isShown: boolean, content: readonly (Node | string)[]): void {
  onPage(`${name}-panel`, HTMLElement).hidden = !isShown;
  onPage(name, HTMLElement).replaceChildren(...content);
}

function speak(): void {
  document.documentElement.lang = language;
  for (const each of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const { text } = each.dataset;
    const words: Readonly<Record<string, string>> = texts().page;
    if (text !== undefined) each.textContent = words[text] ?? each.textContent;
  }
  page.language.textContent = texts().page.language;
  page.language.lang = language === 'en' ? 'ko' : 'en';
  onPage('recent', HTMLElement).replaceChildren(...recentView(known, texts()));
  draw();
}

page.checkKind.append(
  ...Object.entries(offeredChecks).map(([kind, { label }]) => element('option', { value: kind }, label)),
);
page.key.value = memory.read('key') ?? '';
known = JSON.parse(memory.read('runs') ?? '[]');
// A table that is wider than a phone is scrolled by keys, too.
onPage('passes', HTMLElement).tabIndex = 0;
page.addCheck.addEventListener('click', () => {
  if (isOffered(page.checkKind.value)) addCheckRow(page.checkKind.value);
});
page.form.addEventListener('submit', (event) => {
  event.preventDefault();
  void start();
});
page.prompt.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) page.form.requestSubmit();
});
page.cancel.addEventListener('click', () => {
  if (run.id !== null) api.cancel(run.id).catch((error: unknown) => say(sentenceOf(error)));
});
page.language.addEventListener('click', () => {
  language = language === 'en' ? 'ko' : 'en';
  memory.keep('language', language);
  speak();
});
onPage('load-recent', HTMLButtonElement).addEventListener('click', () => {
  api.stored().then(
    (stored) => {
      const own = new Set(known.map(({ id }) => id));
      known = [...known, ...stored.map(knownOf).filter(({ id }) => !own.has(id))];
      onPage('recent', HTMLElement).replaceChildren(...recentView(known, texts()));
    },
    (error: unknown) => say(sentenceOf(error)),
  );
});
onPage('load-usage', HTMLButtonElement).addEventListener('click', () => {
  api.usage().then(
    (usage) => onPage('usage', HTMLElement).replaceChildren(...usageView(usage, texts())),
    (error: unknown) => say(sentenceOf(error)),
  );
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
  button.addEventListener('click', async () => {
    const { copy = 'curl' } = button.dataset;
    const make = copy === 'JavaScript' || copy === 'Python' ? snippets[copy] : snippets.curl;
    await navigator.clipboard.writeText(make(location.origin, chosenBody()));
    page.announcement.textContent = texts().page.copied;
  });
}
addEventListener('hashchange', () => void openLinked());
speak();
void openLinked();
