/** Replaces a dash. The replacement depends on whether it is a range, a minus sign, a bullet or a break in a sentence. */

/** What stands around a dash, blanks on its line aside. */
interface Surroundings {
  readonly character: string;
  /** The blanks before and after it. */
  readonly lead: string;
  readonly trail: string;
  /** The characters next to those; empty at a line's edge. */
  readonly previous: string;
  readonly next: string;
  /** Some of the line before and after it. */
  readonly before: string;
  readonly after: string;
  readonly isEnglish: boolean;
  /** Whether a character may be used instead. */
  readonly may: (character: string) => boolean;
}

/** What takes a dash's place, blanks included; undefined where it stays, null where the rule does not apply. */
type Rule = (found: Surroundings) => string | undefined | null;

const rules: readonly Rule[] = [
  // A bullet, a signature. Spanish dialogue ("—Hola") has no blank, and no other mark either.
  ({ previous, lead, trail, may }) =>
    previous !== '' ? null : trail !== '' && may('-') ? `${lead}-${trail}` : undefined,
  // Broken off, or written on in the next line.
  ({ next }) => (next === '' ? undefined : null),
  // An empty cell of a table.
  ({ previous, next, lead, trail, may }) =>
    previous !== '|' && next !== '|' ? null : may('-') ? `${lead}-${trail}` : undefined,
  // A minus sign: "at –5 °C", "(–5)", "= –$5".
  ({ previous, next, lead, trail }) =>
    /[\p{N}\p{Sc}]/u.test(next) && trail === '' && (lead !== '' || /[([=]/.test(previous)) ? undefined : null,
  range,
  // "Mon–Fri", "the Paris–Rome line"
  ({ character, previous, next, lead, trail, may }) =>
    character === '–' && lead === '' && trail === '' && /[\p{L}\p{N}]/u.test(previous) && /[\p{L}\p{N}]/u.test(next)
      ? may('-')
        ? '-'
        : undefined
      : null,
  // "9 a.m.–5 p.m."
  ({ next, lead, trail, previous }) =>
    lead === '' && trail === '' && previous === '.' && /[\p{N}\p{Sc}]/u.test(next) ? undefined : null,
  ({ next }) => (/[.,;:!?…)\]。，、！？]/.test(next) ? '' : null),
  ({ previous }) => (/[([]/.test(previous) ? '' : /[.,;:!?…。，、！？]/.test(previous) ? ' ' : null),
  ({ previous, next, may }) =>
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(previous + next) && may('，') ? '，' : null,
  ({ may }) => (may(',') ? ', ' : ' '),
];

/** Between numbers a dash is a range, where it is not a subtraction or a number's part: "3–5" is "3 to 5". */
function range({ previous, next, lead, trail, before, after, isEnglish }: Surroundings): string | undefined | null {
  if (!/[\p{N}%°]/u.test(previous) || !/[\p{N}\p{Sc}]/u.test(next)) return null;
  const isPart = /\p{N}[–—-]\p{N}{1,9}$/u.test(before) || /^\p{N}{1,9}(?:[–—-]\p{N}|\s*[=×·*/+])/u.test(after);
  if (!isEnglish || lead !== '' || trail !== '' || isPart || /[=×·*/+]\s*[\p{N}.,]{1,20}$/u.test(before))
    return undefined;
  return /\bbetween [\p{N}\p{Sc}.,:%]{1,20}$/iu.test(before) ? ' and ' : ' to ';
}

/** The text without this dash, as far as that can be done. */
export function withoutDash(
  text: string,
  character: '—' | '–',
  isEnglish: boolean,
  may: (character: string) => boolean,
): string {
  return text.replace(
    new RegExp(`([^\\S\\n]?)${character}+([^\\S\\n]?)`, 'g'),
    (dash, lead: string, trail: string, at: number) => {
      const before = text.slice(Math.max(0, at - 40), at);
      const after = text.slice(at + dash.length, at + dash.length + 40);
      const line = before.slice(before.lastIndexOf('\n') + 1);
      const found = {
        character,
        lead,
        trail,
        previous: /^[\s>]*$/.test(line) && line.length < 40 ? '' : line.trimEnd().slice(-1),
        next: /^[^\S\n]*(\S?)/.exec(after)?.[1] ?? '',
        before,
        after,
        isEnglish,
        may,
      };
      for (const rule of rules) {
        const instead = rule(found);
        if (instead !== null) return instead ?? dash;
      }
      return dash;
    },
  );
}
