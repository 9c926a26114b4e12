/** The figures of an answer that state something, each judged by what the sources say. */
import { isWrittenIn } from '../language/language.ts';
import { firstFrom } from '../sorted-places.ts';
import { withoutCounting } from './counting.ts';
import { figureSupport, isWritten } from './figure-support.ts';
import { figuresOf, withPlainDigits } from './figures.ts';
import type { Figure, JudgedClaim, Support } from './found-claims.ts';
import { type Knowledge, quantitiesOf, rowBreaks } from './knowledge.ts';
import { type SpokenLanguage, spokenLanguages } from './number-words.ts';

const roughly =
  /(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|over|more than|some|close to|just under|just over|under|less than|circa|ca\.?|rund|etwa|ungefähr|knapp|über|fast|gut|mehr als|weniger als|environ|près de|plus de|presque|moins de|à peu près|autour de|unos|unas|cerca de|alrededor de|aproximadamente|casi|más de|menos de)\s(?:the\s|de\s|\p{L}+\s)?|~\s?|≈\s?|약\s?|대략\s?|거의\s?|約\s?|およそ\s?|ほぼ\s?|大约\s?|约\s?|近\s?)[$€£¥₩]?$/iu;
const floor =
  /(?:\b(?:over|more than|well over|über|mehr als|plus de|más de|oltre|più di|mais de)\s|[^\S\n]>\s?)[$€£¥₩]?$/iu;
const roughlyAfter = /^[^\s\d]{0,6}\s?(?:or so|정도|가량|여|남짓|ほど|くらい|ぐらい|程度|余り|左右|多)/u;

const reckoned =
  /(?<!\p{L})(?:total|totals|totalling|sum|altogether|combined|together|overall|in all|difference|more|less|fewer|higher|lower|cheaper|longer|shorter|later|earlier|rise|rose|risen|increas\w*|grew|growth|grown|gain\w*|decreas\w*|fell|fallen|drop\w*|declin\w*|saves?|saving\w*|remain\w*|left|reduc\w*|average|mean|ratio|share|each|per|times|insgesamt|zusammen|summe|gesamt\w*|differenz|unterschied|mehr|weniger|durchschnitt\w*|gestiegen|stieg|gesunken|sank|plus|anstieg|rückgang|jeweils|pro|gespart|sparen|spart|verbleib\w*|au total|total\w*|somme|ensemble|différence|moins|hausse|baisse|augment\w*|diminu\w*|moyenne|chacun\w*|par|reste\w*|économ\p{L}*|suma\w*|en total|conjunto|diferencia|más|menos|aument\w*|subi\w*|baj\w*|disminu\w*|promedio|media|cada|por|ahorr\w*|ahorra|pay|pays|half|queda\w*)(?!\p{L})|합계|총|모두|합쳐|차이|증가|감소|늘|줄|평균|남|절약|포인트|즉|걸|포인트|많|적|즉|합計|合計|総額|計|全部|差|増|減|平均|残|割|つまり|ポイント|节省|总|共|增|降|均|剩/iu;

/** Nouns for parts of the answer itself, such as points or reasons. A number before one states nothing of the sources. */
const countedThings =
  /^\s?(?:\p{L}+\s)?(?:main|key|points?|reasons?|steps?|ways?|items?|things?|tips?|options?|parts?|aspects?|topics?|areas?|sections?|categories|sentences?|punkte?n?|gründe|schritte?n?|möglichkeiten|tipps|bereiche|optionen|teile|aspekte|themen|raisons|étapes|façons|conseils|parties|aspects|thèmes|éléments|puntos|razones|pasos|maneras|consejos|partes|aspectos|temas|opciones|elementos|formas|motivos)(?!\p{L})|^\s?(?:가지|단계|문장|줄|点|つ|ステップ|步|条|個のポイント|つのポイント|个方面|方面)/iu;

/** Names of places in the answer itself: "Step 3", "3단계", "第3步". */
const placeInAnswer =
  /(?:\b(?:step|schritt|étape|paso|part|teil|partie|parte|option|tip|tipp|point|punkt|question|frage|no|nr|n[º°]|source|quelle|fuente|doc|document|dokument|note|abschnitt)\.?\s?|[#№]\s?|(?:ステップ|手順|출처|出典|来源|資料|자료|문서|步骤)\s?)$/iu;

/** The languages in which the answer may write numbers as words. */
function languagesOf(text: string): readonly SpokenLanguage[] {
  const sure = spokenLanguages.find((language) => language !== 'en' && isWrittenIn(text, language));
  return sure ? [sure] : ['en'];
}

/** How many figures of an answer are recalculated, because each is compared with all of the sources' figures. */
const mostSearched = 100;

/** `text` without links, quotations and citations; `whole` as it was written. */
export function figureClaims(text: string, known: Knowledge): JudgedClaim[] {
  const plain = withoutCounting(withPlainDigits(text)).replace(eastAsianListMark, (mark) => ' '.repeat(mark.length));
  const breaks = rowBreaks(plain);
  const figures = figuresOf(plain, languagesOf(text)).map((figure) => ({
    ...figure,
    place: firstFrom(breaks, figure.span[0]),
    isKnown: isWritten(figure, known.figures),
  }));
  const answer = figures.flatMap((figure) => quantitiesOf(figure.readings).slice(0, 1)).slice(0, 40);
  const rows = rowsOf(figures);
  let searched = 0;
  return figures.flatMap((figure): JudgedClaim[] => {
    const { span, isWord, place, isKnown } = figure;
    const before = plain.slice(Math.max(0, span[0] - 40), span[0]);
    const after = plain.slice(span[1], span[1] + 40);
    if (placeInAnswer.test(before.slice(-12)) || (isWord && isOneOrLess(figure))) return [];
    const sentence = plain.slice(breaks[place - 1] ?? 0, breaks[place] ?? plain.length).slice(0, 2_000);
    if (!isKnown) searched += 1;
    if (searched > mostSearched) return [{ kind: 'numbers', span, support: 'unsure' }];
    const support = isKnown
      ? 'supported'
      : figureSupport(figure, known.figures, {
          isRough: roughly.test(before) || roughlyAfter.test(after),
          isFloor: floor.test(before),
          isReckoned: reckoned.test(sentence),
          row: rows.get(place) ?? [],
          answer,
        });
    if (support === 'unsupported' && isWord) return wordClaim(figure, after, known);
    if (support === 'unsupported' && isCounting(figure, after)) return [{ kind: 'numbers', span, support: 'unsure' }];
    return [{ kind: 'numbers', span, support }];
  });
}

const eastAsianListMark = /^[^\S\n]*(?:[（(]\d{1,2}[)）]|\d{1,2}[)）、.](?!\d)|[①-⑳])/gmu;

interface PlacedFigure extends Figure {
  /** Which row of the answer it stands in. */
  readonly place: number;
  readonly isKnown: boolean;
}

function rowsOf(figures: readonly PlacedFigure[]) {
  const rows = new Map<number, ReturnType<typeof quantitiesOf>>();
  for (const { readings, place, isKnown } of figures) {
    const [quantity] = quantitiesOf(readings);
    if (!isKnown || !quantity) continue;
    const row = rows.get(place) ?? [];
    if (row.length < 30) row.push(quantity);
    rows.set(place, row);
  }
  return rows;
}

/** "a" and "half" in most languages. */
function isOneOrLess({ readings: [reading] }: Figure): boolean {
  return reading?.type === 'figure' && reading.value <= 1;
}

/** "3 points", "24/7". */
function isCounting({ readings }: Figure, after: string): boolean {
  const [reading] = readings;
  return (
    reading?.type === 'figure' &&
    reading.value <= 12 &&
    reading.units.length === 0 &&
    countedThings.test(after) &&
    /^[^\n]{0,3}(?:つ|가지|点|步|条)/u.test(after)
  );
}

/** A number in words states something where it counts a unit, or what the sources count as well. */
function wordClaim({ span, readings }: Figure, after: string, known: Knowledge): JudgedClaim[] {
  const [reading] = readings;
  if (reading?.type !== 'figure' || reading.value < 2) return [];
  const support: Support =
    reading.units.length > 0 || reading.value > 12 || isCountedInSources(after, known) ? 'unsupported' : 'unsure';
  return [{ kind: 'numbers', span, support }];
}

function isCountedInSources(after: string, known: Knowledge): boolean {
  const noun = /^\s?(\p{L}{4,30})/u.exec(after)?.[1]?.toLowerCase();
  if (noun === undefined || countedThings.test(after)) return false;
  const stem = noun.slice(0, Math.max(4, noun.length - 2));
  const at = known.sources.indexOf(` ${stem}`);
  return (
    at > 0 &&
    /(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|sechs|deux|trois|quatre|cinq|dos|tres|cuatro|cinco|seis))$/u.test(
      known.sources.slice(Math.max(0, at - 12), at),
    )
  );
}
