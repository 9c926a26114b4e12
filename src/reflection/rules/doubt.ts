/** Signs of doubt in an answer: hedges, and corrections of what it just said. Precise rather than complete: one signal of several. */
import { withoutFences } from '../checks/blocks.ts';

/** Parts of regular expressions by language, in lower case. Where a script is written without spaces a part may stand anywhere. */
const hedges = {
  en: "i think|i believe|i['’]m not (?:sure|certain)|not entirely sure|might be|may be wrong|possibly|as far as i know|it is unclear",
  de: 'ich (?:glaube|denke|vermute)|ich bin (?:mir )?nicht (?:ganz )?sicher|bin mir nicht sicher|möglicherweise|vielleicht|vermutlich|soweit ich weiß',
  es: 'creo que|pienso que|no estoy (?:del todo )?segur[oa]|posiblemente|tal vez|quizás?|podría ser|que yo sepa',
  fr: 'je (?:crois|pense) que|je ne suis pas (?:sûre?|certaine?)|peut-être|il se peut que|autant que je sache|si je ne me trompe',
  it: 'credo che|penso che|non sono sicur[oa]|forse|potrebbe essere',
  pt: 'acho que|creio que|não tenho certeza|talvez|possivelmente',
  nl: 'ik denk dat|ik geloof dat|ik weet het niet zeker|ik ben niet zeker|misschien',
  sv: 'jag tror|jag är inte säker|kanske',
  pl: 'myślę, że|wydaje mi się|nie jestem pew(?:ien|na)|być może',
  ru: 'я думаю|мне кажется|я не уверена?|возможно|может быть|наверное',
  uk: 'я думаю|мені здається|я не впевнен(?:ий|а)|можливо|мабуть',
  tr: 'sanırım|emin değilim|belki',
  id: 'saya (?:pikir|rasa)|saya tidak yakin|mungkin',
  vi: 'tôi nghĩ|tôi không chắc|có lẽ',
  ar: 'أعتقد|لست متأكد[اًة]{0,2}|ربما',
  hi: 'मुझे लगता है|शायद|हो सकता है',
} as const;
const unspacedHedges =
  '것 같(?:습니다|아요|다|은데|네요)|아마도?(?=[ ,])|확실하지(?:는)? 않|잘 모르겠|지도 모르|일 수도 있|と思(?:います|う|われ)|かもしれ|おそらく|たぶん|多分|確信(?:は|が)(?:ありません|ない|持て)|我(?:认为|想|觉得|猜)|可能是|也许|或许|大概|不(?:太|是很)?确定|可能不对';

/** Words that take something back anywhere in a sentence. */
const corrections = {
  en: 'actually, (?:no|that)|correction:|scratch that|i made (?:a|an) (?:mistake|error)|let me re-?(?:do|calculate|check)',
  de: 'korrektur:|ich habe (?:mich verrechnet|mich geirrt|einen fehler gemacht)|lass mich (?:das )?(?:noch ?mal|neu)|nein, eigentlich|eigentlich,? nein',
  es: 'corrección:|me (?:equivoqué|he equivocado)|cometí un error|en realidad,? no|déjame (?:recalcular|revisar)',
  fr: "correction ?:|je me suis trompée?|j[’']ai fait une erreur|en fait,? non|(?:laissez|laisse)-moi (?:recalculer|vérifier)",
  it: 'correzione:|mi sono sbagliat[oa]|in realtà,? no',
  pt: 'correção:|me enganei|enganei-me|cometi um erro|na verdade,? não',
  nl: 'correctie:|ik heb (?:een fout gemaakt|me vergist)|eigenlijk,? nee',
  ru: 'поправка:|я ошиб(?:ся|лась)|на самом деле,? нет',
} as const;
const unspacedCorrections =
  '정정(?:합니다|하면|하자면|:)|다시 계산(?:해 ?보|하면|하겠)|제가 (?:틀렸|잘못|실수)|訂正(?:します|すると|[:：])|間違え(?:ました|た)|計算し直(?:し|す)|更正[:：一]|我(?:算|弄|搞|说)错了|让我重新|重新算一';
/** Words that take something back only at the beginning of a sentence. */
const interjections =
  'wait,|hold on,|no, wait|warte,|moment,|halt,|moment mal|espera,|espere,|un momento,|attends,|attendez,|un instant,|aspetta,|wacht,|подожди(?:те)?,|잠깐|아니[,，]|待って|いや[、,]|ちょっと待|等等|等一下|不对';

const spaced = (parts: Readonly<Record<string, string>>) => `(?<!\\p{L})(?:${Object.values(parts).join('|')})`;
const hedge = new RegExp(`${spaced(hedges)}(?!\\p{L})|${unspacedHedges}`, 'giu');
const contradiction = new RegExp(
  `${spaced(corrections)}|${unspacedCorrections}|(?:^|[.!?…。！？]\\s{0,3}|\\n\\s{0,8})(?:${interjections})`,
  'iu',
);

/** Somebody else's words, and code. */
const quotations =
  /"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^“”\n]{1,400}[“”]|«[^»\n]{1,400}»|「[^」\n]{1,400}」|『[^』\n]{1,400}』|`[^`\n]{1,400}`|^[^\S\n]{0,3}>[^\n]*/gm;
/** A request for fiction, whose words are not claims. */
const fiction =
  /\b(?:story|stories|poem|novel|tale|dialogue|screenplay|lyrics|fiction|role-?play|geschichte|gedicht|märchen|roman|cuento|poema|novela|diálogo|histoire|conte|poème)\b|이야기|소설|동화|대사|시를 |物語|小説|詩を|童話|故事|小说|诗/iu;

/** How many hedges there are. `question` is what was asked. */
export function hedgesIn(text: string, question: string): number {
  return fiction.test(question) ? 0 : (ownWords(text).match(hedge)?.length ?? 0);
}

/** Whether the text takes back what it said. */
export function contradictsItself(text: string, question: string): boolean {
  return !fiction.test(question) && contradiction.test(ownWords(text));
}

function ownWords(text: string): string {
  return withoutFences(text).replace(quotations, ' ');
}
