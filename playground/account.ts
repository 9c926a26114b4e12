/** What is known of the account beside the run: the runs that can be opened, what was used, and what is left of the limits. */
import { type KnownRun, knownOf, limitsView, recentView, usageView } from './account-views.ts';
import type { Api, Limit } from './api.ts';
import { onPage } from './element.ts';
import { memory } from './tab-memory.ts';
import type { Texts } from './texts.ts';

const mostKnown = 20;

export class Account {
  readonly #texts: () => Texts;
  /** The run that is shown. */
  readonly #open: () => string | null;
  #limits: readonly Limit[] = [];
  /** What this tab asked, newest first, and then what the account has stored. */
  #known: readonly KnownRun[] = JSON.parse(memory.read('runs') ?? '[]');

  constructor(texts: () => Texts, open: () => string | null) {
    this.#texts = texts;
    this.#open = open;
  }

  remember(one: KnownRun): void {
    this.#known = [one, ...this.#known.filter(({ id }) => id !== one.id)].slice(0, mostKnown);
    memory.keep('runs', JSON.stringify(this.#known));
    this.draw();
  }

  draw(): void {
    onPage('recent', HTMLElement).replaceChildren(...recentView(this.#known, this.#open(), this.#texts()));
    this.#drawLimits();
  }

  /** Few answers tell of them: the last ones hold. */
  takeLimits(limits: readonly Limit[]): void {
    if (limits.length > 0) this.#limits = limits;
    this.#drawLimits();
  }

  #drawLimits(): void {
    onPage('limits', HTMLElement).replaceChildren(...limitsView(this.#limits, this.#texts()));
  }

  /** Its failures say nothing: the run is what a person came for. */
  load(api: Api): void {
    api.usage().then(
      (usage) => onPage('usage', HTMLElement).replaceChildren(...usageView(usage, this.#texts())),
      () => undefined,
    );
    api.stored().then(
      (stored) => {
        const own = new Set(this.#known.map(({ id }) => id));
        const others = stored.map(knownOf).filter(({ id }) => !own.has(id));
        this.#known = [...this.#known, ...others].slice(0, mostKnown);
        this.draw();
      },
      () => undefined,
    );
  }
}
