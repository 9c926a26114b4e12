/** Names in Korean, Japanese and Chinese, only where a title or a common surname with a common given name makes them sure. */
import type { JudgedClaim } from './found-claims.ts';
import type { Knowledge } from './knowledge.ts';

const koreanSurname =
  '[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국]';
const koreanTitle =
  '(?:씨|님|박사|교수|대표|팀장|과장|부장|차장|사장|이사|기자|의원|장관|원장|대리|사원|주임|연구원|감독|작가|선생|변호사|회장|소장|실장|국장|매니저|셰프|간호사|의사|위원장|본부장|센터장|관장|시장|지사|코치|선수|강사)';
const koreanGiven =
  '(?:지훈|민수|민준|서연|지은|수진|현우|지민|영희|철수|미영|정훈|성민|은지|유진|하은|도윤|서준|예준|시우|주원|지호|준서|건우|우진|재현|준호|민재|현준|서진|지우|하준|지영|은영|미경|은주|혜진|수연|지혜|현정|은정|영수|영호|상훈|성호|진우|동현|승현|민호|태현|재훈|준영|서윤|서현|민서|하윤|지원|수민|예은|수빈|다은|소연|유나|민지|예진|채원|나연|윤서|경희|정희|영숙|미숙|순자|정민|지수|소영|보라|아름|세훈|태호|기현|도현|민석|성훈|승우|용준|원석)';

const japaneseTitle =
  '(?:さん|氏|様|先生|教授|社長|部長|課長|博士|係長|主任|店長|院長|市長|知事|監督|選手|会長|代表|記者)';
const japaneseNobody =
  /^(?:お客|皆|担当者|利用者|患者|参加者|会員|同|両|各|奥|店員|業者|隣人|弁護士|医師|看護師|司書|読者|当|前|新|元|副|名誉|准|専任|学校|担任|小児科|歯科医|お子|お母|お父)$/u;

const chineseSurname =
  '[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文]';
const chineseTitle = '(?:先生|女士|小姐|博士|教授|经理|主任|医生|老师|总监|院长|校长|律师|部长|市长)';

interface Form {
  readonly pattern: RegExp;
  /** Words that look like a name and are none. */
  readonly nobody?: RegExp;
}

const forms: readonly Form[] = [
  {
    pattern: new RegExp(
      `(?<!\\p{Script=Hangul})(${koreanSurname}\\p{Script=Hangul}{2})(?=\\s?${koreanTitle}(?:님)?(?![\\p{Script=Hangul}]{3}))`,
      'gu',
    ),
    nobody: /^(?:고객|이용|신청|담당|연구|전문|주치|지도|대표)/u,
  },
  {
    pattern: new RegExp(
      `(?<=(?:팀장|대표|박사|교수|기자|과장|부장|이사|원장|감독|작가|담당자|매니저)(?:인|는|은)?\\s)(${koreanSurname}\\p{Script=Hangul}{2})(?=[은는이가을를의과와도,.\\s(]|에게|에서|입니다|님|씨)`,
      'gu',
    ),
    nobody: /^(?:이번|이것|이후|이상|이전|이미|전체|전문|우선|정기|조사|지난|최근|현재|제품)/u,
  },
  {
    pattern: new RegExp(
      `(?<!\\p{Script=Hangul})(${koreanSurname}${koreanGiven})(?=[은는이가을를의과와도,.)\\s(]|에게|에서|입니다|님|씨|:)`,
      'gu',
    ),
    nobody: /^(?:이지원|기지원|전지원|도지원|정보라|지도현|고지원|유지원|금지원|인지원|추지원|현지원|이유나)/u,
  },
  {
    pattern: /(?<!\p{Script=Hangul})(\p{Script=Hangul}{2,6})(?:대학교|재단|주식회사|연구소|협회)/gu,
    nobody: /^(?:해당|국립|종합|민간|공익|관련|본|우리|부설|지역|사립|정부|전문|기업|비영리|장학|복지|문화)/u,
  },
  { pattern: new RegExp(`([\\p{Script=Han}々]{1,4})(?=${japaneseTitle}(?!々))`, 'gu'), nobody: japaneseNobody },
  { pattern: /(?<!\p{Script=Katakana})([\p{Script=Katakana}ー]{2,12}(?:・[\p{Script=Katakana}ー]{2,12}){1,3})/gu },
  {
    pattern:
      /株式会社([\p{Script=Han}\p{Script=Katakana}ー々]{2,12})|([\p{Script=Han}\p{Script=Katakana}ー々]{2,12})株式会社/gu,
  },
  { pattern: new RegExp(`(${chineseSurname}\\p{Script=Han}{0,2}?)(?=${chineseTitle})`, 'gu') },
  {
    pattern: new RegExp(
      `(?<=^|[，。、；：“（\\s由])(${chineseSurname}\\p{Script=Han}{1,2}?)(?=说|表示|负责|指出|认为|担任|介绍|撰写|主持)`,
      'gmu',
    ),
    nobody: /^(?:何|常|高|方|任何|万一|文件|文章|余下)/u,
  },
];

/** Full names that the text states for certain, judged; none where the sources are in another script. */
export function eastAsianNames(text: string, known: Knowledge): JudgedClaim[] {
  const isKorean = /\p{Script=Hangul}/u.test(known.sources);
  const isHan = /\p{Script=Han}|\p{Script=Katakana}/u.test(known.sources);
  if (!isKorean && !isHan) return [];
  const isJapanese = /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
  const found = new Map<number, JudgedClaim>();
  for (const { pattern, nobody } of forms) {
    const isOfKorean = pattern.source.includes('Hangul') || pattern.source.includes('김');
    if (isOfKorean ? !isKorean : !isHan) continue;
    if (!isOfKorean && pattern.source.includes('王') === isJapanese) continue;
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? match[2] ?? '';
      if (name.length < 2 || nobody?.test(name)) continue;
      const start = match.index + match[0].indexOf(name);
      const isKnown = isThere(name, known);
      found.set(start, {
        kind: 'names',
        span: [start, start + name.length],
        support: isKnown ? 'supported' : 'unsupported',
      });
    }
  }
  return [...found.values()];
}

/** Its parts stand in what is known; of a run of ideographs without edges, its end. */
function isThere(name: string, known: Knowledge): boolean {
  const stands = (part: string) =>
    known.compact.includes(part.normalize('NFKD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase());
  const parts = name.split('・');
  return parts.every((part) => stands(part) || (/^\p{Script=Han}{3,4}$/u.test(part) && stands(part.slice(-2))));
}
