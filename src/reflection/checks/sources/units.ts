/** What a figure may count: units by all the names that the known languages have for them, and how they convert. */

/** Names by unit; `_` stands for a blank. Names in lower case; those of scripts without blanks may be followed by anything. */
const names = {
  percent: '% percent pct prozent pourcent pour_cent por_ciento per_cent 퍼센트 프로 パーセント',
  usd: '$ us$ usd dollar dollars dólar dólares 달러 ドル 美元',
  eur: '€ eur euro euros 유로 ユーロ 欧元',
  gbp: '£ gbp pound pounds pfund 파운드 ポンド 英镑',
  jpy: '¥ jpy yen 円 엔 日元',
  cny: '¥ cny rmb yuan 元 위안 人民币',
  krw: '₩ krw won 원 ウォン 韩元',
  chf: 'chf franken francs',
  cent: 'cent cents ct centimes céntimos centavos ¢ 센트 セント',
  second: 's sec secs second seconds sekunde sekunden seconde secondes segundo segundos 초 秒',
  minute: 'm min mins minute minutes minuten minuto minutos 분 分 分钟',
  hour: 'h hr hrs hour hours stunde stunden std heure heures hora horas 시간 時間 小时 小時 时',
  day: 'd day days tag tage tagen jour jours día días 일 日 天 일간 日間',
  week: 'week weeks woche wochen semaine semaines semana semanas 주 週 周 星期',
  month: 'month months monat monate monaten mois mes meses 개월 달 か月 ヶ月 カ月 ヵ月 个月 個月',
  year: 'yr yrs year years jahr jahre jahren an ans année années año años 년 年 살 세 歳 岁',
  millimetre: 'mm millimetre millimetres millimeter millimeters millimètres milímetros 밀리미터 ミリ 毫米',
  centimetre:
    'cm centimetre centimetres centimeter centimeters zentimeter centimètres centímetros 센티미터 センチ 厘米',
  metre: 'm metre metres meter meters metern mètre mètres metro metros 미터 メートル 米',
  kilometre:
    'km kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetro kilómetros 킬로미터 キロメートル 公里 千米',
  inch: 'in inch inches zoll pouce pouces pulgada pulgadas " ″ ” 인치 インチ 英寸',
  foot: "ft foot feet fuß pieds pies ' ′ 피트 フィート 英尺",
  yard: 'yd yard yards',
  mile: 'mi mile miles meile meilen millas 마일 マイル 英里',
  square_metre: 'm² m2 sqm quadratmeter 제곱미터 ㎡ 平方メートル 平方米 평방미터',
  hectare: 'ha hectare hectares hektar hectáreas 헥타르 ヘクタール 公顷',
  milligram: 'mg milligram milligrams milligramm miligramos 밀리그램 毫克',
  gram: 'g gram grams gramme grammes gramm gramos 그램 グラム 克',
  kilogram: 'kg kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramos 킬로그램 キロ 公斤 千克',
  tonne: 't tonne tonnes ton tons tonnen toneladas 톤 トン 吨',
  ounce: 'oz ounce ounces',
  pound: 'lb lbs pound pounds pfund libras',
  millilitre: 'ml millilitre millilitres milliliter milliliters mililitros 밀리리터 ミリリットル 毫升',
  centilitre: 'cl centilitres zentiliter',
  litre: 'l litre litres liter liters litro litros 리터 リットル 升',
  cup: 'cup cups tasse tassen tasses taza tazas 컵 カップ 杯',
  tablespoon: 'tbsp tablespoon tablespoons el esslöffel cucharada cucharadas 큰술 大さじ 汤匙',
  teaspoon: 'tsp teaspoon teaspoons tl teelöffel cucharadita cucharaditas 작은술 小さじ 茶匙',
  celsius: '°c ℃ ° degrees degree grad degré degrés grados celsius 도 度',
  fahrenheit: '°f ℉ ° degrees degree fahrenheit 도 度',
  bit: 'b bit bits 비트 ビット 比特',
  byte: 'b byte bytes 바이트 バイト 字节',
  kilobyte: 'kb kilobyte kilobytes',
  megabyte: 'mb megabyte megabytes 메가바이트',
  gigabyte: 'gb gigabyte gigabytes 기가바이트 ギガ',
  terabyte: 'tb terabyte terabytes 테라바이트',
  watt: 'w watt watts 와트 ワット 瓦',
  kilowatt: 'kw kilowatt kilowatts',
  volt: 'v volt volts',
  milliampere_hour: 'mah',
  kilometre_per_hour: 'km/h kmh kph 시속',
  mile_per_hour: 'mph',
} as const satisfies Record<string, string>;

export type Unit = keyof typeof names;

const isUnit = (name: string): name is Unit => Object.hasOwn(names, name);

const byName = new Map<string, Unit[]>();
for (const [unit, listed] of Object.entries(names)) {
  if (!isUnit(unit)) continue;
  for (const word of listed.split(' ')) {
    const name = word.replaceAll('_', ' ');
    byName.set(name, [...(byName.get(name) ?? []), unit]);
  }
}
const unitsNamed = (name: string): readonly Unit[] => byName.get(name) ?? [];

const isUnspaced = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
// Longest first: 時間 before 時, 개월 before 개.
const unspaced = [...byName.keys()].filter((name) => isUnspaced.test(name)).sort((a, b) => b.length - a.length);

const between = new Set(
  'business working calendar full more extra additional consecutive whole further weitere'.split(' '),
);

/** The units that the text after a figure may name; at most 40 characters are looked at. */
export function unitsAfter(after: string): readonly Unit[] {
  const tail = after.slice(0, 40).toLowerCase();
  if (/^\s?m€/.test(tail)) return ['eur'];
  const sign = /^[\s-]?(°\s?[cf](?!\p{L})|[%°℃℉€$£¥₩¢"″”㎡]|['′](?![\p{L}]))/u.exec(tail)?.[1]?.replace(/\s/, '');
  if (sign !== undefined) return unitsNamed(sign);
  const start = tail.replace(/^[\s-]/, '').replace(/^(?:d['’]|de\s)/, '');
  if (isUnspaced.test(start)) {
    const name = unspaced.find((each) => start.startsWith(each));
    return name === undefined ? [] : unitsNamed(name);
  }
  const [, one = '', two = ''] =
    /^(\p{Script=Latin}+(?:\/h|[²2](?!\d))?)(?:[\s.-]{1,2}(\p{Script=Latin}+))?/u.exec(start) ?? [];
  return byName.get(`${one} ${two}`) ?? byName.get(one) ?? (between.has(one) ? unitsNamed(two) : []);
}

/** The currency that stands before a figure; at most 5 characters are looked at. */
export function unitsBefore(before: string): readonly Unit[] {
  const sign = /(us\$|[$€£¥₩]|\b(?:usd|eur|gbp|chf|krw|jpy|cny))\s?$/.exec(before.slice(-5).toLowerCase())?.[1];
  return sign === undefined ? [] : unitsNamed(sign);
}

/** Where a figure does not say what it counts, it may count anything. */
export function mayCountTheSame(one: readonly Unit[], other: readonly Unit[]): boolean {
  return one.length === 0 || other.length === 0 || one.some((unit) => other.includes(unit));
}

/** How many of the dimension's base unit one of each unit is. */
const sizes: Readonly<Partial<Record<Unit, readonly [dimension: string, size: number]>>> = {
  cent: ['money', 0.01],
  usd: ['money', 1],
  eur: ['money', 1],
  second: ['time', 1],
  minute: ['time', 60],
  hour: ['time', 3_600],
  day: ['time', 86_400],
  week: ['time', 604_800],
  month: ['calendar', 1],
  year: ['calendar', 12],
  millimetre: ['length', 0.001],
  centimetre: ['length', 0.01],
  metre: ['length', 1],
  kilometre: ['length', 1_000],
  inch: ['length', 0.0254],
  foot: ['length', 0.3048],
  mile: ['length', 1_609.344],
  milligram: ['mass', 0.001],
  gram: ['mass', 1],
  kilogram: ['mass', 1_000],
  tonne: ['mass', 1_000_000],
  ounce: ['mass', 28.3495],
  pound: ['mass', 453.592],
  millilitre: ['volume', 1],
  centilitre: ['volume', 10],
  litre: ['volume', 1_000],
  megabyte: ['data', 1],
  gigabyte: ['data', 1_000],
  terabyte: ['data', 1_000_000],
  watt: ['power', 1],
  kilowatt: ['power', 1_000],
  kilometre_per_hour: ['speed', 1],
  mile_per_hour: ['speed', 1.609344],
};

/** The same quantity in another unit of its dimension; empty where there is no way from one to the other. */
export function converted(value: number, from: Unit, to: Unit): number | undefined {
  if (from === 'celsius' && to === 'fahrenheit') return value * 1.8 + 32;
  if (from === 'fahrenheit' && to === 'celsius') return (value - 32) / 1.8;
  const [one, other] = [sizes[from], sizes[to]];
  if (from === to || one === undefined || other === undefined || one[0] !== other[0]) return undefined;
  return (value * one[1]) / other[1];
}
