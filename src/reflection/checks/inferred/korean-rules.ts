/** What requests in Korean say most often: how many sentences, how many characters, without commas, JSON alone, in which language. */
import { koreanCounters } from '../korean-counters.ts';
import type { Sentence } from './request-text.ts';
import { found, type InferredSettings, type Rule } from './rule.ts';

const count = `(?<count>\\d{1,5}|${Object.keys(koreanCounters).join('|')})`;

const counted = `(?:\\d{1,3}|${Object.keys(koreanCounters).join('|')})\\s*개`;

const reported = /라고\s|다고\s|하라는|했는데|했다|했어|했습니다|말했|말씀|시켰/;
const conditional = /(?:으면|려면|라면|하면|다면|경우|이내면|이하면|이상이면)(?:\s|,|$)/;
const loose =
  /약\s*\d|정도|가량|쯤|내외|가능하면|되도록|될 수 있으면|(?:지 않아도|도)\s*(?:괜찮|돼|된|되|좋)|필요(?:는|가)?\s*없/;
const parted = /각각|각\s|씩|마다/;
const elsewhere =
  /함수|프로그램|API|프롬프트|메서드|코드|파서|입력|문자열|변수|정규식|원문|본문|다음 (?:글|문장|텍스트)/;

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

interface Said {
  readonly count: number;
  /** Before the number, as "최소". */
  readonly limit: string;
}

function saidBounds({ count, limit }: Said): Bounds {
  if (limit === '') return { exactly: count };
  return limit.startsWith('최대') ? { max: count } : { min: count };
}

/** What follows the unit says how the number is meant. */
const meanings = [
  ['\\s*(?:이내|이하|안으로|안에|까지만|를 넘지|을 넘지|이 넘지|가 넘지)', ({ count: max }: Said) => ({ max })],
  ['\\s*(?:이상|넘게)', ({ count: min }: Said) => ({ min })],
  ['(?:(?:으로만|로만|으로|로)(?=\\s|$|[,.])|이어야|여야)', saidBounds],
] as const;

export const koreanLengths: Rule = (sentence) => {
  if (!mayConstrain(sentence)) return [];
  for (const [type, unit] of Object.entries(units)) {
    for (const [ending, boundsOf] of meanings) {
      const match = new RegExp(
        `(?<![\\p{L}\\p{N}])(?<limit>(?:최소|적어도|최대)\\s*)?${count}\\s*${unit}(?:${ending})`,
        'u',
      ).exec(sentence.text);
      const named = match?.groups?.['count'] ?? '';
      const bounds = boundsOf({ count: koreanCounters[named] ?? Number(named), limit: match?.groups?.['limit'] ?? '' });
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

const bullets = new RegExp(
  `글머리\\s*기호\\s*(?<after>${counted})(?:로|으로)|(?<limit>(?:최소|최대)\\s*)?(?<before>${counted})의?\\s*글머리\\s*기호(?:로|를|으로)`,
  'u',
);

export const koreanBullets: Rule = (sentence) => {
  const match = mayConstrain(sentence) ? bullets.exec(sentence.text) : null;
  const named = (match?.groups?.['after'] ?? match?.groups?.['before'] ?? '').replace(/\s*개$/, '');
  const bounds = saidBounds({ count: koreanCounters[named] ?? Number(named), limit: match?.groups?.['limit'] ?? '' });
  return found(match, 0.93, { type: 'bullets', ...bounds });
};

const forms: readonly (readonly [RegExp, InferredSettings])[] = [
  [/(?:전체|답변|응답|글)[^.\n]{0,10}큰따옴표(?:로|\s*안에)\s*(?:감싸|묶|넣)/, { type: 'quoted' }],
  [/P\.\s?S\.?\s*(?:로|으로)\s*시작하는\s*추신/, { type: 'postscript', marker: 'P.S.' }],
  [/제목[^.\n]{0,30}이중\s*꺾쇠/, { type: 'title' }],
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
    /(?:전체\s*)?(?:답변|응답|답|글)?(?:을|를|은)?\s*(?:전부\s*|모두\s*)?소문자(?:로만|로|만)\s*(?:답|사용|쓰|대답|응답|작성|써|적)/,
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

const quotedWords = `(?<list>["“'‘][^"“”'‘’\\n]{1,60}["”'’](?:\\s*(?:,|과|와|이?나|또는|혹은|이랑)\\s*["“'‘][^"“”'‘’\\n]{1,60}["”'’])*)`;
const word = `(?:이)?라는\\s*(?:단어|말|표현)(?:를|을|은|는|가|이)?\\s*(?:모두\\s*|꼭\\s*|반드시\\s*)*`;

/** What the answer has, has not, begins and ends with. Korean quotes it. */
const phrases: readonly (readonly [
  RegExp,
  (list: readonly string[], count: number) => InferredSettings | undefined,
])[] = [
  [
    new RegExp(`${quotedWords}${word}(?:(?:사용|포함)?하지|쓰지|넣지)\\s*(?:말|마|않)`),
    (words) => ({ type: 'forbidden_words', words: [...words] }),
  ],
  [
    new RegExp(`${quotedWords}${word}${count}\\s*번\\s*이상`),
    ([keyword, ...more], min) =>
      keyword !== undefined && more.length === 0 ? { type: 'keyword_count', keyword, min } : undefined,
  ],
  [
    new RegExp(`${quotedWords}${word}(?:포함|들어가야|넣어|사용해|써)`),
    (words) => ({ type: 'keywords', keywords: [...words] }),
  ],
  [
    new RegExp(`${quotedWords}(?:으로|로)\\s*시작(?:하는|해|하)`),
    ([phrase, ...more]) => (phrase !== undefined && more.length === 0 ? { type: 'starts_with', phrase } : undefined),
  ],
  [
    new RegExp(`${quotedWords}(?:으로|로)\\s*(?:끝내|끝나|마무리|마쳐)`),
    ([phrase, ...more]) => (phrase !== undefined && more.length === 0 ? { type: 'ends_with', phrase } : undefined),
  ],
  [
    new RegExp(`${quotedWords}(?:으로|로)(?:만)?\\s*(?:대답|답|응답)`),
    (choices) => (choices.length > 1 ? { type: 'choice', choices: [...choices] } : undefined),
  ],
];

export const koreanPhrases: Rule = (sentence) => {
  if (!mayConstrain(sentence)) return [];
  for (const [pattern, settings] of phrases) {
    const match = pattern.exec(sentence.original);
    if (!match) continue;
    const listed = [...(match.groups?.['list'] ?? '').matchAll(/["“'‘]([^"“”'‘’\n]{1,60})["”'’]/g)];
    const named = match.groups?.['count'] ?? '';
    return found(
      match,
      0.94,
      settings(
        listed.map((each) => each[1] ?? ''),
        koreanCounters[named] ?? Number(named),
      ),
    );
  }
  return [];
};
