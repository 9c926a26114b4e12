/** The playground: a form, a run as it happens, and what is known of the account. */
import type { ReflectionBody } from '../src/reflection/request.ts';
import { strategyNames } from '../src/reflection/strategies.ts';
import { type KnownRun, knownOf, limitsView, recentView, usageView } from './account-views.ts';
import { Api, CallFailure } from './api.ts';
import { CheckRows } from './check-rows.ts';
import { element, onPage } from './element.ts';
import { type Told, toldOf, toldOfRun } from './failure.ts';
import { type Language, languages, usualLanguage } from './languages.ts';
import { snippets, tiers } from './request-form.ts';
import { drawRun } from './run-page.ts';
import { emptyRun, isOver, type RunView, withEvent } from './run-view.ts';
import { memory } from './tab-memory.ts';
import type { Texts } from './texts.ts';

const page = {
  form: onPage('ask', HTMLFormElement),
  key: onPage('key', HTMLInputElement),
  prompt: onPage('prompt', HTMLTextAreaElement),
  strategy: onPage('strategy', HTMLSelectElement),
  store: onPage('store', HTMLInputElement),
  run: onPage('run', HTMLButtonElement),
  cancel: onPage('cancel', HTMLButtonElement),
  language: onPage('language', HTMLButtonElement),
  failure: onPage('failure', HTMLElement),
  connection: onPage('connection', HTMLElement),
  recent: onPage('recent', HTMLElement),
};

let language: Language = usualLanguage(memory.read('language'), navigator.language);
let run: RunView = emptyRun;
let following: AbortController | undefined;
/** What this tab asked, newest first, and what the account has stored. */
let known: readonly KnownRun[] = JSON.parse(memory.read('runs') ?? '[]');
const texts = (): Texts => languages[language];
const checks = new CheckRows(texts());

const api = new Api(
  () => page.key.value.trim(),
  (limits) => {
    if (limits.length > 0) onPage('limits', HTMLElement).replaceChildren(...limitsView(limits, texts()));
  },
);

function chosenBody(): ReflectionBody {
  const tier = document.querySelector<HTMLInputElement>('input[name="tier"]:checked')?.value;
  const { declared } = checks;
  return {
    input: page.prompt.value,
    tier: tiers.find((name) => name === tier) ?? 'balanced',
    strategy: strategyNames.find((name) => name === page.strategy.value) ?? 'selective',
    ...(declared.length > 0 && { checks: declared }),
    ...(page.store.checked && { store: true }),
  };
}

function tell({ advice, details }: Told): void {
  page.failure.replaceChildren(
    ...(advice === '' ? [] : [element('span', {}, advice)]),
    ...details.filter((each) => each !== '').map((each) => element('span', { class: 'detail', lang: 'en' }, each)),
  );
}

function say(advice: string): void {
  tell({ advice, details: [] });
}

function refuse(sentence: string, field: HTMLElement): void {
  say(sentence);
  field.setAttribute('aria-invalid', 'true');
  field.focus();
}

/** A button that is disabled would lose the keyboard's place. */
function setRunning(isRunning: boolean): void {
  page.run.setAttribute('aria-disabled', String(isRunning));
  // The cancel button goes away: whoever pressed it is at the run button again.
  if (!isRunning && document.activeElement === page.cancel) page.run.focus();
  page.cancel.hidden = !isRunning;
}

/** Works on a run until it is over or another one is chosen. */
async function show(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  following?.abort();
  const own = new AbortController();
  following = own;
  say('');
  setRunning(true);
  const clock = setInterval(drawSoon, 200);
  try {
    await work(own.signal);
  } catch (error) {
    if (!own.signal.aborted) tell(toldOf(error, texts()));
  } finally {
    clearInterval(clock);
    if (following === own) {
      setRunning(false);
      page.connection.textContent = '';
      draw();
      loadAccount();
    }
  }
}

/** Waits before each new try, in milliseconds, of a connection that was lost. One that brought an event begins them anew. */
const waits = [250, 1_000, 3_000, 8_000, 15_000];

async function follow(id: string, signal: AbortSignal): Promise<void> {
  let tries = 0;
  while (!isOver(run) && !signal.aborted) {
    const before = run.lastEventId;
    try {
      await api.follow(id, before, take, signal);
    } catch (error) {
      const isLost = error instanceof CallFailure && error.code === null;
      if (!isLost) throw error;
    }
    if (isOver(run)) return;
    if (run.lastEventId > before) tries = 0;
    const wait = waits[tries];
    if (wait === undefined) throw new CallFailure('', null);
    tries += 1;
    page.connection.textContent = texts().page.reconnecting;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function take(event: Parameters<typeof withEvent>[1]): void {
  const before = run.id;
  run = withEvent(run, event);
  if (page.connection.textContent !== '') page.connection.textContent = '';
  if (before === null && run.id !== null) {
    history.replaceState(null, '', `#${run.id}`);
    remember({ id: run.id, asked: page.prompt.value });
  }
  drawSoon();
}

async function start(): Promise<void> {
  if (page.run.getAttribute('aria-disabled') === 'true') return;
  for (const field of [page.key, page.prompt]) field.removeAttribute('aria-invalid');
  const words = texts().page;
  if (page.key.value.trim() === '') return refuse(words.needsKey, page.key);
  if (page.prompt.value.trim() === '') return refuse(words.empty, page.prompt);
  const { unfit } = checks;
  if (unfit) return refuse(words[unfit.text], unfit.field);
  memory.keep('key', page.key.value.trim());
  run = emptyRun;
  await show(async (signal) => {
    try {
      await api.start({ ...chosenBody(), include: ['draft'] }, take, signal);
    } catch (error) {
      if (run.id === null || signal.aborted) throw error;
    }
    if (run.id !== null && !isOver(run)) await follow(run.id, signal);
  });
}

function remember(one: KnownRun): void {
  known = [one, ...known.filter(({ id }) => id !== one.id)].slice(0, 20);
  memory.keep('runs', JSON.stringify(known));
  drawRecent();
}

function drawRecent(): void {
  page.recent.replaceChildren(...recentView(known, run.id, texts()));
}

/** What the account has stored and used. Its failures say nothing: the run is what a person came for. */
function loadAccount(): void {
  if (page.key.value.trim() === '') return;
  api.usage().then(
    (usage) => onPage('usage', HTMLElement).replaceChildren(...usageView(usage, texts())),
    () => undefined,
  );
  api.stored().then(
    (stored) => {
      const own = new Set(known.map(({ id }) => id));
      known = [...known, ...stored.map(knownOf).filter(({ id }) => !own.has(id))].slice(0, 20);
      drawRecent();
    },
    () => undefined,
  );
}

async function openLinked(): Promise<void> {
  const id = location.hash.slice(1);
  if (!/^refl_[\w-]+$/.test(id) || (id === run.id && (isOver(run) || !page.cancel.hidden))) return;
  if (page.key.value.trim() === '') return refuse(texts().page.needsKeyForRun, page.key);
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

/** The run whose failure has been told. */
let toldRun: string | null = null;

function draw(): void {
  drawRun(run, texts());
  if (run.record?.error && toldRun !== run.id) {
    toldRun = run.id;
    tell(toldOfRun(run.record.error, texts()));
  }
}

function explainStrategy(): void {
  const chosen = strategyNames.find((name) => name === page.strategy.value) ?? 'selective';
  onPage('strategy-hint', HTMLElement).textContent = texts().strategy[chosen];
}

function speak(): void {
  document.documentElement.lang = language;
  const words: Readonly<Record<string, string>> = texts().page;
  for (const each of document.querySelectorAll<HTMLElement>('[data-text]'))
    each.textContent = words[each.dataset['text'] ?? ''] ?? each.textContent;
  page.language.textContent = texts().page.language;
  page.language.lang = language === 'en' ? 'ko' : 'en';
  checks.speak(texts());
  explainStrategy();
  const examples = texts().examples.map(({ prompt, why }) => {
    const button = element('button', { type: 'button' }, element('span', {}, prompt), element('small', {}, why));
    button.addEventListener('click', () => {
      page.prompt.value = prompt;
      (page.key.value === '' ? page.key : page.prompt).focus();
    });
    return element('li', {}, button);
  });
  onPage('examples', HTMLElement).replaceChildren(...examples);
  drawRecent();
  draw();
}

async function copy(name: string): Promise<void> {
  const make = name === 'JavaScript' || name === 'Python' ? snippets[name] : snippets.curl;
  const done = onPage('copied', HTMLElement);
  done.textContent = '';
  try {
    await navigator.clipboard.writeText(make(location.origin, chosenBody()));
    done.textContent = texts().page.copied;
  } catch {
    done.textContent = texts().page.notCopied;
  }
}

page.key.value = memory.read('key') ?? '';
// A table that is wider than a phone is scrolled by keys, too.
onPage('passes', HTMLElement).tabIndex = 0;
page.strategy.addEventListener('change', explainStrategy);
page.form.addEventListener('submit', (event) => {
  event.preventDefault();
  void start();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) page.form.requestSubmit();
});
page.key.addEventListener('change', () => {
  memory.keep('key', page.key.value.trim());
  page.key.removeAttribute('aria-invalid');
  say('');
  void openLinked();
  loadAccount();
});
page.cancel.addEventListener('click', () => {
  if (run.id !== null) api.cancel(run.id).catch((error: unknown) => tell(toldOf(error, texts())));
});
page.language.addEventListener('click', () => {
  language = language === 'en' ? 'ko' : 'en';
  memory.keep('language', language);
  speak();
  loadAccount();
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]'))
  button.addEventListener('click', () => void copy(button.dataset['copy'] ?? 'curl'));
addEventListener('hashchange', () => void openLinked());
speak();
loadAccount();
void openLinked();
