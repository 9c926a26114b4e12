import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { languageCodes, languages } from '../../../../src/reflection/checks/language/evidence.ts';
import { judge, refusals } from '../judge.ts';

const samples: Readonly<Record<string, string>> = {
  en: 'The river is one of the longest in the world, and it has been used for trade by the people who live on it.',
  de: 'Der Fluss ist einer der längsten der Welt, und er wird von den Menschen, die an ihm leben, für den Handel genutzt.',
  fr: 'Le fleuve est un des plus longs du monde, et il est utilisé pour le commerce par les gens qui vivent dans la région.',
  es: 'El río es uno de los más largos del mundo y se usa para el comercio por la gente que vive en la región.',
  it: 'Il fiume è uno dei più lunghi del mondo ed è usato per il commercio dalla gente che vive nella regione, ma non da tutti.',
  pt: 'O rio é um dos mais longos do mundo e é usado para o comércio pelas pessoas que vivem na região, mas não por todos.',
  nl: 'De rivier is een van de langste ter wereld en wordt door de mensen die aan de oever wonen voor de handel gebruikt.',
  sv: 'Floden är en av de längsta i världen och den används för handel av dem som bor vid den, men inte av alla.',
  fi: 'Joki on yksi maailman pisimmistä ja sitä on käytetty kauppaan, mutta se ei ole niin suuri kuin muut ja sen vesi on kylmää.',
  pl: 'Rzeka jest jedną z najdłuższych na świecie i jest używana do handlu przez ludzi, którzy mieszkają w regionie, ale nie przez wszystkich.',
  tr: 'Nehir dünyanın en uzun nehirlerinden biri ve bu bölgede yaşayan insanlar için çok önemli, ama herkes için değil.',
  vi: 'Con sông là một trong những con sông dài và được người dân trong vùng dùng cho thương mại, không chỉ với người này.',
  id: 'Sungai itu adalah salah satu yang terpanjang di dunia dan digunakan untuk perdagangan oleh orang yang tinggal di wilayah ini.',
  ru: 'Река является одной из самых длинных в мире, и она используется для торговли, но не всеми, как это было и для нас.',
  uk: 'Річка є однією з найдовших у світі, і вона використовується для торгівлі, але не всіма, як це було і для нас та що ми.',
  ar: 'النهر هو من أطول الأنهار في العالم، وهو يستخدم في التجارة من الناس الذين يعيشون على ضفافه، وهذا ما كان في كل زمان.',
  fa: 'این رود یکی از بلندترین رودهای جهان است و برای تجارت از آن استفاده می شود که مردم را به هم می رساند و با آن زندگی.',
  ur: 'یہ دریا دنیا کے سب سے لمبے دریاؤں میں سے ایک ہے اور اس کو تجارت کے لیے استعمال کیا جاتا ہے جو لوگوں کی زندگی ہے۔',
  hi: 'यह नदी दुनिया की सबसे लंबी नदियों में से एक है और इस का उपयोग व्यापार के लिए लोगों को करना है जो इस पर रहते हैं।',
  mr: 'ही नदी जगातील सर्वात लांब नद्यांपैकी एक आहे आणि या नदीचा वापर व्यापार करण्यासाठी होते असे नाही, तर ते लोक आहेत.',
  zh: '这条河是世界上最长的河流之一，人们用它来做贸易已经很久了。',
  ja: 'この川は世界で最も長い川の一つで、人々が貿易のために使っています。',
  ko: '이 강은 세계에서 가장 긴 강 중 하나이며 사람들이 무역을 위해 사용한다.',
  el: 'Ο ποταμός είναι ένας από τους μεγαλύτερους του κόσμου.',
  he: 'הנהר הוא אחד הארוכים בעולם והאנשים חיים לידו.',
  th: 'แม่น้ำสายนี้เป็นหนึ่งในแม่น้ำที่ยาวที่สุดในโลก',
  ta: 'இந்த நதி உலகின் மிக நீளமான நதிகளில் ஒன்றாகும்',
  kn: 'ಈ ನದಿ ಪ್ರಪಂಚದ ಅತಿ ಉದ್ದದ ನದಿಗಳಲ್ಲಿ ಒಂದಾಗಿದೆ',
};
const codes = Object.keys(samples);

test.each(codes)('knows a text in %s for what it is', (language) => {
  expect(judge(samples[language] ?? '', { type: 'language', language })).toMatchObject({
    status: 'pass',
    measured: language,
  });
});

test('never takes a text in one language for another, and mostly refuses it', () => {
  let refused = 0;
  const taken: string[] = [];
  for (const written of codes) {
    for (const language of codes.filter((code) => code !== written)) {
      const { status } = judge(samples[written] ?? '', { type: 'language', language });
      if (status === 'fail') refused += 1;
      if (status === 'pass') taken.push(`${written} as ${language}`);
    }
  }
  expect(taken).toEqual([]);
  expect(refused).toBeGreaterThan(codes.length * (codes.length - 1) * 0.9);
});

test.each([
  ['en', ''],
  ['en', 'OK 123 👍'],
  ['en', 'Paris Berlin Madrid Roma Lisboa'],
  ['ru', 'Москва Киев Минск София'],
  ['ja', `東京都千代田区丸の${'東京都千代田区'.repeat(3)}`],
  ['ko', `서울 부산 대구 인천 ${'and more English words in it than that '.repeat(1)}`],
])('abstains for %s on %j', (language, text) => {
  expect(judge(text, { type: 'language', language }).status).toBe('skipped');
});

test('leaves code, addresses and inline code aside', () => {
  const text = `${samples['de']}\n\n\`\`\`py\n${samples['en']?.repeat(5)}\n\`\`\`\n\`the of and\` https://example.com/the/of/and`;
  expect(judge(text, { type: 'language', language: 'de' }).status).toBe('pass');
});

test('refuses Japanese without kana, and Chinese with', () => {
  expect(judge(samples['zh'] ?? '', { type: 'language', language: 'ja' })).toMatchObject({
    status: 'fail',
    measured: 'Han',
  });
  expect(judge(samples['ja'] ?? '', { type: 'language', language: 'zh' }).status).toBe('fail');
});

test('names the language that it seems to be', () => {
  expect(judge(samples['fr'] ?? '', { type: 'language', language: 'en' })).toMatchObject({
    status: 'fail',
    measured: 'fr',
    message: 'The answer seems to be in another language (fr): write all of it in English.',
  });
});

test('has small words for every language that shares its script', () => {
  const scripts = languageCodes.map((code) => languages[code].script);
  const shared = languageCodes.filter(
    (code) => scripts.filter((script) => script === languages[code].script).length > 1,
  );
  expect(shared.filter((code) => languages[code].words === '')).toEqual([]);
});

test('refuses a code that is not in the table', () => {
  expect(refusals({ type: 'language', language: 'xx' })).toEqual([
    expect.stringContaining('language: expected one of the language codes en, de'),
  ]);
});

/** Short and mixed texts, written for this project: `is` says what a reader would, null where a reader could not tell. */
const everyday = readFileSync(new URL('../cases/language.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): { language: string; text: string; is: boolean | null } => JSON.parse(line));

test.each(everyday)('is never wrong on a short or mixed text: $language on $text', ({ language, text, is }) => {
  const { status } = judge(text, { type: 'language', language });
  expect(status).not.toBe({ true: 'fail', false: 'pass' }[String(is)]);
  if (is === null) expect(status).toBe('skipped');
});

test('decides at least nine of ten short and mixed texts that a reader could tell', () => {
  const clear = everyday.filter(({ is }) => is !== null);
  const open = clear.filter(({ language, text }) => judge(text, { type: 'language', language }).status === 'skipped');
  expect(clear.length).toBeGreaterThanOrEqual(60);
  expect(open.length / clear.length).toBeLessThanOrEqual(0.1);
});
