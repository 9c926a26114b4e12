/** The checks that a person adds to the request: one row each, with its field. */
import { element, onPage } from './element.ts';
import { isOffered, type OfferedCheck, offeredChecks, unfit } from './request-form.ts';
import type { PageText, Texts } from './texts.ts';

interface Row {
  readonly kind: OfferedCheck;
  readonly node: HTMLElement;
  readonly label: HTMLElement;
  readonly field: HTMLInputElement | null;
  readonly remove: HTMLButtonElement;
}

export class CheckRows {
  readonly #place = onPage('checks', HTMLElement);
  readonly #kind = onPage('check-kind', HTMLSelectElement);
  readonly #add = onPage('add-check', HTMLButtonElement);
  #rows: readonly Row[] = [];
  #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.#kind.append(...Object.keys(offeredChecks).map((kind) => element('option', { value: kind })));
    this.#add.addEventListener('click', () => {
      if (isOffered(this.#kind.value)) this.#append(this.#kind.value);
    });
    this.speak(texts);
  }

  /** As the API takes them. */
  get declared() {
    return this.#rows.map(({ kind, field }) => offeredChecks[kind].toCheck(field?.value.trim() ?? ''));
  }

  /** The first field that cannot be sent, and what is wrong with it. */
  get unfit(): { readonly field: HTMLElement; readonly text: PageText } | null {
    for (const { kind, field } of this.#rows) {
      const text = field && unfit(kind, field.value);
      field?.setAttribute('aria-invalid', String(text !== null));
      if (field && text) return { field, text };
    }
    return null;
  }

  speak(texts: Texts): void {
    this.#texts = texts;
    for (const option of this.#kind.options)
      if (isOffered(option.value)) option.textContent = texts.offered[option.value];
    for (const { kind, label, field, remove } of this.#rows) {
      const name = texts.offered[kind];
      label.textContent = name;
      field?.setAttribute('aria-label', name);
      remove.setAttribute('aria-label', `${texts.page.removeCheck}: ${name}`);
    }
  }

  #append(kind: OfferedCheck): void {
    const { takes, usual } = offeredChecks[kind];
    const mode = takes === 'number' ? 'numeric' : 'text';
    const field = takes === null ? null : element('input', { value: usual, inputmode: mode });
    const label = element('span');
    const remove = element('button', { type: 'button', class: 'bare' }, '×');
    const node = element('div', { class: 'check-row', 'data-check': kind }, label, field ?? element('span'), remove);
    const row = { kind, node, label, field, remove };
    remove.addEventListener('click', () => {
      this.#rows = this.#rows.filter((each) => each !== row);
      node.remove();
      this.#add.focus();
    });
    this.#rows = [...this.#rows, row];
    this.#place.append(node);
    this.speak(this.#texts);
    if (field && usual === '') field.focus();
  }
}
