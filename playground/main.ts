/** The playground: a form, a run as it happens, and what is known of the account. */
import type { ReflectionBody } from '../src/reflection/request.ts';
import { strategyNames } from '../src/reflection/strategies.ts';
import { Account } from './account.ts';
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
};

let language: Language = usualLanguage(memory.read('language'), navigator.language);
let run: RunView = emptyRun;
let following: AbortController | undefined;
const texts = (): Texts => languages[language];
const checks = new CheckRows(texts());

const account = new Account(texts, () => run.id);
const api = new Api(
  () => page.key.value.trim(),
  (limits) => account.takeLimits(limits),
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

/** On a phone the run stands below the form. */
function bringIntoView(): void {
  const results = onPage('results', HTMLElement);
  if (results.getBoundingClientRect().top < innerHeight / 2) return;
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  results.scrollIntoView({ block: 'start', behavior: isCalm ? 'instant' : 'smooth' });
}

/** Works on a run until it is over or another one is chosen. */
async function show(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  following?.abort();
  const own = new AbortController();
  following = own;
  say('');
  setRunning(true);
  draw();
  bringIntoView();
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

/** The button was pressed before the run had an id. */
let isCancelWanted = false;

function cancel(id: string): void {
  isCancelWanted = false;
  api.cancel(id).catch((error: unknown) => tell(toldOf(error, texts())));
}

function take(event: Parameters<typeof withEvent>[1]): void {
  const before = run.id;
  run = withEvent(run, event);
  if (page.connection.textContent !== '') page.connection.textContent = '';
  if (before === null && run.id !== null) {
    if (isCancelWanted) cancel(run.id);
    history.replaceState(null, '', `#${run.id}`);
    account.remember({ id: run.id, asked: page.prompt.value });
  }
  drawSoon();
}

async function start(): Promise<void> {
  if (isBusy()) return;
  for (const field of [page.key, page.prompt]) field.removeAttribute('aria-invalid');
  const words = texts().page;
  if (page.key.value.trim() === '') return refuse(words.needsKey, page.key);
  if (page.prompt.value.trim() === '') return refuse(words.empty, page.prompt);
  const { unfit } = checks;
  if (unfit) return refuse(words[unfit.text], unfit.field);
  memory.keep('key', page.key.value.trim());
  run = emptyRun;
  isCancelWanted = false;
  await show(async (signal) => {
    try {
      await api.start({ ...chosenBody(), include: ['draft'] }, take, signal);
    } catch (error) {
      if (run.id === null || signal.aborted) throw error;
    }
    if (run.id !== null && !isOver(run)) await follow(run.id, signal);
  });
}

function loadAccount(): void {
  if (page.key.value.trim() !== '') account.load(api);
}

async function openLinked(): Promise<void> {
  const id = location.hash.slice(1);
  if (!/^refl_[\w-]+$/.test(id) || (id === run.id && (isOver(run) || !page.cancel.hidden))) return;
  if (page.key.value.trim() === '') return refuse(texts().page.needsKeyForRun, page.key);
  run = { ...emptyRun, id };
  await show((signal) => follow(id, signal));
}

/** Whether a request is under way. */
function isBusy(): boolean {
  return page.run.getAttribute('aria-disabled') === 'true';
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
  drawRun(run, texts(), isBusy());
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
  account.draw();
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
if (/Mac|iPhone|iPad/.test(navigator.userAgent)) onPage('run-keys', HTMLElement).textContent = '⌘ ↵';
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
  if (run.id === null) isCancelWanted = true;
  else cancel(run.id);
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
