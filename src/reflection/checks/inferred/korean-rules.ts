/** What requests in Korean say most often: how many sentences, how many characters, without commas, JSON alone, in which language. */
import type { Sentence } from './request-text.ts';
import { found, type InferredSettings, type Rule } from './rule.ts';

const counters: Readonly<Record<string, number>> = {
  한: 1,
  두: 2,
  세: 3,
  네: 4,
  다섯: 5,
  여섯: 6,
  일곱: 7,
  여덟: 8,
  아홉: 9,
  열: 10,
};
const count = `(?<count>\\d{1,5}|${Object.keys(counters).join('|')})`;

const reported = /라고\s|다고\s|하라는|했는데|했다|했어|했습니다|말했|말씀|시켰/;
const conditional = /(?:으면|라면|하면|다면|경우|이내면|이하면|이상이면)(?:\s|,|$)/;
const loose = /약\s*\d|정도|가량|쯤|내외|가능하면|되도록|될 수 있으면|(?:지 않아도|도)\s*(?:괜찮|돼|된|되|좋)/;
const parted = /각각|각\s|씩|마다/;
const elsewhere = /함수|프로그램|메서드|코드|파서|입력|문자열|변수|정규식|원문|본문|다음 (?:글|문장|텍스트)/;

function mayConstrain({ text }: Sentence): boolean {
  const isQuestion =
    /(?:나요|까요?|인가요?|뭐야|무엇|왜)\s*\?*$/.test(text) &&
    !/(?:주실래요|줄래|주시겠어요|주겠니|줄 수 있)/.test(text);
  return !isQuestion && ![reported, conditional, loose, parted, elsewhere].some((guard) => guard.test(text));
}

type Unit = 'sentences' | 'paragraphs' | 'characters' | 'words' | 'lines';

const units = {
  sentences: '(?:개의\\s*)?문장',
  paragraphs: '(?:개의\\s*)?(?:문단|단락)',
  lines: '줄',
  words: '(?:개의\\s*)?단어',
  characters: '(?:글자|자)',
} as const satisfies Record<Unit, string>;

/** What follows the unit says how the number is meant. */
const meanings = [
  ['\\s*(?:이내|이하|안으로|안에|까지만|를 넘지|을 넘지|이 넘지|가 넘지)', (max: number) => ({ max })],
  ['\\s*(?:이상|넘게)', (min: number) => ({ min })],
  ['(?:으로만|로만|으로|로)(?=\\s|$|[,.])', (exactly: number) => ({ exactly })],
] as const;

export const koreanLengths: Rule = (sentence) => {
  if (!mayConstrain(sentence)) return [];
  for (const [type, unit] of Object.entries(units)) {
    for (const [ending, boundsOf] of meanings) {
      const match = new RegExp(`(?<![\\p{L}\\p{N}])${count}\\s*${unit}${ending}`, 'u').exec(sentence.text);
      const named = match?.groups?.['count'] ?? '';
      const bounds = boundsOf(counters[named] ?? Number(named));
      const check = match ? settingsOf(type, bounds, sentence.text) : undefined;
      if (check) return found(match, 0.94, check);
    }
  }
  return [];
};

interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly exactly?: number | undefined;
}

function settingsOf(type: string, bounds: Bounds, text: string): InferredSettings | undefined {
  if (type === 'sentences') return { type, ...bounds };
  if (type === 'paragraphs') return { type, ...bounds };
  if (type === 'lines') return { type, ...bounds };
  if (bounds.exactly !== undefined) return undefined;
  if (type === 'words') return { type, ...bounds };
  return type === 'characters' && !/공백\s*(?:제외|빼)/.test(text) ? { type, ...bounds } : undefined;
}

const forms: readonly (readonly [RegExp, InferredSettings])[] = [
  [
    /(?:쉼표|콤마)(?:는|를|을)?\s*(?:전혀\s*|절대\s*)?(?:없이|빼고|쓰지\s?(?:말|마|않)|사용하지\s?(?:말|마|않)|넣지\s?(?:말|마|않)|금지)/,
    { type: 'forbidden_characters', characters: [','] },
  ],
  [
    /JSON\s*(?:형식|형태|포맷)?(?:으로|로)(?:만)?\s*(?:답|대답|응답|출력|작성|반환|써|적어|줘|정리)/i,
    { type: 'json', allow_fence: true },
  ],
  [/JSON\s*(?:형식|형태)?(?:으로만|로만|만)(?=\s|$|[,.])/i, { type: 'json', allow_fence: true }],
  [
    /(?:전체\s*)?(?:답변|응답|답|글)?(?:을|를|은)?\s*(?:전부\s*|모두\s*)?소문자(?:로만|로)\s*(?:답|대답|응답|작성|써|적)/,
    { type: 'lowercase' },
  ],
  [/(?:전부\s*|모두\s*)?대문자(?:로만|로)\s*(?:답|대답|응답|작성|써|적)/, { type: 'uppercase' }],
];

export const koreanForms: Rule = (sentence) => {
  if (!mayConstrain(sentence)) return [];
  return forms.flatMap(([pattern, check]) => found(pattern.exec(sentence.text), 0.95, check));
};

const languageNames = {
  한국어: 'ko',
  영어: 'en',
  일본어: 'ja',
  중국어: 'zh',
  독일어: 'de',
  프랑스어: 'fr',
  스페인어: 'es',
} as const;

export const koreanLanguage: Rule = (sentence) => {
  const { text } = sentence;
  if (!mayConstrain(sentence) || /번역|옮겨|옮기/.test(text)) return [];
  const spoken = Object.entries(languageNames).filter(([name]) => text.includes(name));
  const [only, ...more] = spoken;
  if (!only || more.length > 0) return [];
  const [name, language] = only;
  const match = new RegExp(`${name}(?:로만(?=\\s|$|[,.])|로\\s*(?:답|대답|응답|작성|설명|써|적어|말해))`).exec(text);
  return found(match, 0.95, { type: 'language', language });
};
