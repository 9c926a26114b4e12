/** Revisions of a draft that failed a check, good and bad, made by rule and from a seed. */
import type { CheckResult } from '../../src/reflection/checks/check.ts';
import type { DeclaredCheck } from '../../src/reflection/checks/checks.ts';
import { type ContentDraft, contentDrafts } from '../reflection/rules/cases/content-drafts.ts';

export interface Revision {
  readonly kind: string;
  readonly text: string;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Sentences and lines with what stands between them, so that they join to the text again. */
export function piecesOf(text: string): readonly string[] {
  return (
    text.match(/[^\n。.!?？]*(?:[.!?](?!\s)[^\n。.!?？]*)*(?:[。.!?？]+[ ]?|\n+|$)/gu)?.filter((each) => each !== '') ??
    []
  );
}

const longWords = /\p{L}{7,}/gu;

/** Checks of many types, of which those that fail on the draft are used. */
export function checksFor({ language, text, id }: ContentDraft): readonly DeclaredCheck[] {
  const words = text.match(longWords) ?? [];
  const isLatin = !['ko', 'ja'].includes(language);
  const forbidden =
    words.length > 8 ? [words[3], words[Math.floor(words.length / 2)]] : [text.match(/\p{L}{2}/gu)?.[8]];
  const all: DeclaredCheck[] = [
    { type: 'characters', max: Math.floor(text.length * 0.85) },
    { type: 'characters', max: Math.floor(text.length * 0.6) },
    { type: 'sentences', max: 4 },
    {
      type: 'forbidden_words',
      words: forbidden.flatMap((word) => word ?? []),
      whole_word: true,
      case_sensitive: false,
    },
    { type: 'forbidden_characters', characters: [isLatin ? ',' : language === 'ja' ? '、' : ','] },
    { type: 'keywords', keywords: ['Quillfeather'], mode: 'all', whole_word: true, case_sensitive: false },
    { type: 'starts_with', phrase: `Note ${id}:`, case_sensitive: true },
    { type: 'ends_with', phrase: 'Thank you for reading.', case_sensitive: false },
    { type: 'title' },
    { type: 'postscript', marker: 'P.S.' },
    { type: 'highlights', min: 2 },
    { type: 'placeholders', min: 3 },
    { type: 'sections', marker: 'SECTION', exactly: 2, case_sensitive: false },
    { type: 'quoted' },
    { type: 'lowercase' },
    { type: 'uppercase' },
    { type: 'language', language: language === 'en' ? 'de' : 'en' },
    { type: 'json', allow_fence: false },
    { type: 'regex', pattern: '[A-Za-z]{9}|[가-힣]{4}|[一-龠]{2}', flags: '', full_match: false, should_match: false },
  ];
  return all;
}

const apologies = {
  en: 'I’m sorry, but I can’t change this text as requested.',
  de: 'Es tut mir leid, aber ich kann diesen Text leider nicht ändern.',
  es: 'Lo siento, pero no puedo modificar este texto como se pide.',
  fr: 'Je suis désolé, mais je ne peux pas modifier ce texte.',
  ko: '죄송하지만 요청하신 대로 글을 고칠 수 없습니다.',
  ja: '申し訳ありませんが、ご要望どおりに文章を直すことはできません。',
} as const;

/** Revisions that give the draft up. */
export function badRevisions(draft: ContentDraft, seed: number): readonly Revision[] {
  const random = randomOf(seed);
  const { text, language } = draft;
  const pieces = piecesOf(text);
  const others = contentDrafts.filter((each) => each.id !== draft.id);
  const pick = (list: readonly ContentDraft[]) => list[Math.floor(random() * list.length)]?.text ?? '';
  const cut = (share: number) => text.slice(0, Math.floor(text.length * share)).trimEnd();
  const letters = Array.from(text).filter((each) => /\p{L}/u.test(each));
  const rubbish = Array.from({ length: Math.floor(text.length / 7) }, () =>
    Array.from({ length: 6 }, () => letters[Math.floor(random() * letters.length)] ?? 'x').join(''),
  );
  return [
    { kind: 'first sentence', text: pieces.find((each) => each.trim().length > 12)?.trim() ?? cut(0.15) },
    { kind: 'apology', text: apologies[language] },
    { kind: 'other answer', text: pick(others.filter((each) => each.language === language)) },
    { kind: 'other language', text: pick(others.filter((each) => each.language !== language)) },
    { kind: 'summary', text: draft.summary },
    { kind: 'translation', text: draft.translation?.text ?? pick(others) },
    { kind: 'rubbish', text: rubbish.join(' ') },
    { kind: 'repetition', text: `${pieces.at(-1) ?? ''} `.repeat(6).trim() },
    { kind: 'truncated', text: cut(0.12 + 0.2 * random()) },
    { kind: 'truncated', text: cut(0.3 + 0.15 * random()) },
  ];
}

/** A revision that does what the check asks and leaves the rest; nothing where the rule does not know how. */
export function honestMends(draft: ContentDraft, check: DeclaredCheck, seed: number): readonly Revision[] {
  const random = randomOf(seed);
  const { text, kind } = draft;
  // JSON with words around it is none, and code with lines left out does not run.
  if (kind === 'json') return [];
  if (kind === 'code' && ['characters', 'sentences', 'forbidden_words', 'forbidden_characters'].includes(check.type))
    return [];
  switch (check.type) {
    case 'characters':
    case 'sentences':
      return [shortened(text, check, random)].map((mended) => ({ kind: 'shortened', text: mended }));
    case 'forbidden_words':
      return [
        { kind: 'words left out', text: check.words.reduce((rest, word) => rest.replaceAll(word, ''), text) },
        {
          kind: 'sentences left out',
          text: piecesOf(text)
            .filter((piece) => !check.words.some((word) => piece.includes(word)))
            .join('')
            .trim(),
        },
      ];
    case 'forbidden_characters':
      return [
        { kind: 'characters left out', text: check.characters.reduce((rest, one) => rest.replaceAll(one, ''), text) },
      ];
    case 'keywords':
      return [{ kind: 'keyword added', text: `${text}\n\nAsk Quillfeather for more details.` }];
    case 'starts_with':
      return [{ kind: 'beginning added', text: `${check.phrase} ${text}` }];
    case 'ends_with':
      return [{ kind: 'ending added', text: `${text}\n\n${check.phrase}` }];
    case 'title':
      return [{ kind: 'title added', text: `<<${draft.request}>>\n\n${text}` }];
    case 'postscript':
      return [{ kind: 'postscript added', text: `${text}\n\nP.S. Write again if something is missing.` }];
    case 'highlights':
      return [{ kind: 'highlighted', text: highlighted(text) }];
    case 'placeholders':
      return [{ kind: 'placeholders added', text: `${text}\n\n[placeholder 1], [placeholder 2], [placeholder 3]` }];
    case 'sections':
      return [{ kind: 'in sections', text: inSections(text) }];
    case 'quoted':
      return [{ kind: 'quoted', text: `"${text}"` }];
    case 'lowercase':
      return [{ kind: 'recased', text: text.toLowerCase() }];
    case 'uppercase':
      return [{ kind: 'recased', text: text.toUpperCase() }];
    case 'language':
      return draft.translation?.language === check.language
        ? [{ kind: 'translated', text: draft.translation.text }]
        : [];
    case 'json':
      return [{ kind: 'as data', text: JSON.stringify(draft.kind === 'list' ? text.split('\n') : { text }) }];
    default:
      return [];
  }
}

/** Sentences leave one after another, never the first, until the check's limit is met. */
function shortened(text: string, check: DeclaredCheck, random: () => number): string {
  const most = 'max' in check ? (check.max ?? 0) : 0;
  let pieces = [...piecesOf(text)];
  const tooMuch = () => (check.type === 'sentences' ? pieces.length > most : pieces.join('').trim().length > most);
  while (pieces.length > 1 && tooMuch()) {
    const size = pieces.join('').trim().length;
    // The shortest that is enough, as somebody would choose who wants to lose little; else any.
    const [enough] = pieces
      .map((piece, index) => ({ index, length: piece.length }))
      .filter(({ index, length }) => index > 0 && (check.type === 'sentences' || size - length <= most))
      .toSorted((one, other) => one.length - other.length);
    const leaves = enough?.index ?? 1 + Math.floor(random() * (pieces.length - 1));
    pieces = pieces.filter((_, index) => index !== leaves);
  }
  return pieces.join('').trim();
}

function highlighted(text: string): string {
  let left = 3;
  return text.replace(/\p{L}{4,}/gu, (word) => {
    left -= 1;
    return left >= 0 ? `*${word}*` : word;
  });
}

function inSections(text: string): string {
  const pieces = piecesOf(text);
  const half = Math.ceil(pieces.length / 2);
  return `SECTION 1\n${pieces.slice(0, half).join('').trim()}\n\nSECTION 2\n${pieces.slice(half).join('').trim()}`;
}

/** What the check asks to go, read by hand for each type: a share of the text, or the pieces that hold what is forbidden. */
export function askedToStay(
  draft: ContentDraft,
  check: DeclaredCheck,
  result: CheckResult,
): { readonly text: string; readonly share: number } {
  const pieces = piecesOf(draft.text);
  switch (check.type) {
    case 'characters':
      return { text: draft.text, share: (check.max ?? draft.text.length) / draft.text.length };
    case 'sentences':
      return { text: draft.text, share: typeof result.measured === 'number' ? 4 / result.measured : 0.5 };
    case 'forbidden_words':
      return {
        text: pieces.filter((piece) => !check.words.some((word) => piece.includes(word))).join(''),
        share: 1,
      };
    default:
      return { text: draft.text, share: 1 };
  }
}

/** Words of four letters and more, and pairs of characters where nothing parts words: another measure than the gate's own. */
export function wordsFor(text: string): ReadonlySet<string> {
  const lower = text.toLowerCase();
  const pairs = [...lower.matchAll(/(?=([\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}]{2}))/gu)].map(
    ([, pair]) => pair ?? '',
  );
  return new Set([...(lower.match(/\p{Script=Latin}{4,}|\d{2,}/gu) ?? []), ...pairs]);
}
