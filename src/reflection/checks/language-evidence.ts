/** What gives a language away: its script, and for languages that share one, the small words no text of some length goes without. */

/** Scripts by the languages of the table that are written in them. */
export const scripts = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Arabic: /\p{Script=Arabic}/u,
  Devanagari: /\p{Script=Devanagari}/u,
  Han: /\p{Script=Han}/u,
  Kana: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  Hangul: /\p{Script=Hangul}/u,
  Greek: /\p{Script=Greek}/u,
  Hebrew: /\p{Script=Hebrew}/u,
  Bengali: /\p{Script=Bengali}/u,
  Gurmukhi: /\p{Script=Gurmukhi}/u,
  Gujarati: /\p{Script=Gujarati}/u,
  Tamil: /\p{Script=Tamil}/u,
  Telugu: /\p{Script=Telugu}/u,
  Kannada: /\p{Script=Kannada}/u,
  Malayalam: /\p{Script=Malayalam}/u,
  Thai: /\p{Script=Thai}/u,
  Georgian: /\p{Script=Georgian}/u,
  Armenian: /\p{Script=Armenian}/u,
} as const;

export type Script = keyof typeof scripts;

interface Evidence {
  readonly name: string;
  readonly script: Script;
  /** Frequent small words, in lower case. Empty where the script alone decides. */
  readonly words: string;
}

/** ISO 639-1 codes. */
export const languages = {
  en: {
    name: 'English',
    script: 'Latin',
    words:
      'the of and to in is that for it with was as are on be this by at from you have not or an which will can your they their has but we all i',
  },
  de: {
    name: 'German',
    script: 'Latin',
    words:
      'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer ich wir',
  },
  fr: {
    name: 'French',
    script: 'Latin',
    words:
      'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son je vous nous cette aux ou',
  },
  es: {
    name: 'Spanish',
    script: 'Latin',
    words:
      'de la que el en y a los se del las un por con una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin',
  },
  it: {
    name: 'Italian',
    script: 'Latin',
    words:
      'di e il la che in un a per è una sono con non si le dei da come del della più i gli lo nel al questo alla ma anche ha delle',
  },
  pt: {
    name: 'Portuguese',
    script: 'Latin',
    words:
      'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser você',
  },
  nl: {
    name: 'Dutch',
    script: 'Latin',
    words:
      'de van het een en in is dat op te voor met die niet zijn aan er om ook als dan maar bij of uit nog worden naar heeft ik je wij deze door',
  },
  sv: {
    name: 'Swedish',
    script: 'Latin',
    words:
      'och i att det som en på är av för med den till inte har de om ett han men var jag från vi så kan när eller ska också',
  },
  da: {
    name: 'Danish',
    script: 'Latin',
    words:
      'og i at det er en til på som af for med den de ikke der han har et var jeg om men fra vi så kan når eller også efter',
  },
  no: {
    name: 'Norwegian',
    script: 'Latin',
    words:
      'og i det er en til på som av for med den å ikke de har et var jeg om men fra vi så kan når eller også etter ble',
  },
  fi: {
    name: 'Finnish',
    script: 'Latin',
    words:
      'ja on ei että se hän oli mutta ovat kuin joka tai myös niin sen kun voi tämä jos hyvin olla ole mukaan sekä minä mitä vain',
  },
  pl: {
    name: 'Polish',
    script: 'Latin',
    words:
      'w i na z się nie do to że o jest jak a po co tak za od jego dla przez ale czy są być które tego oraz może jako',
  },
  cs: {
    name: 'Czech',
    script: 'Latin',
    words: 'a v se na je že s z do o to i jako za by pro k ale po jeho jsou které od tak nebo není byl ve být jsem aby',
  },
  ro: {
    name: 'Romanian',
    script: 'Latin',
    words: 'de și în a la cu care pe nu este din un să o pentru sunt mai se ca prin dar au fost el sau ale lui al ce',
  },
  hu: {
    name: 'Hungarian',
    script: 'Latin',
    words: 'a az és hogy nem is egy ez meg volt de csak már mint még ki van ha vagy minden el azt kell után lehet',
  },
  tr: {
    name: 'Turkish',
    script: 'Latin',
    words: 've bir bu da de için ile çok daha olarak gibi olan en ne ama var kadar değil sonra o mi her ben onun',
  },
  vi: {
    name: 'Vietnamese',
    script: 'Latin',
    words: 'và của là có các được cho trong một không người với những này đã để khi từ đến như về tôi nhiều trên',
  },
  id: {
    name: 'Indonesian',
    script: 'Latin',
    words:
      'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena adalah ada bisa oleh atau mereka sebagai anda',
  },
  sw: {
    name: 'Swahili',
    script: 'Latin',
    words: 'na ya wa kwa ni katika za la kuwa cha hii kama au lakini pia yake hiyo vya huo kila wake sana watu mimi',
  },
  ca: {
    name: 'Catalan',
    script: 'Latin',
    words: 'de la i que el a en les els un per del amb una és no al dels es més com són o seu va aquest aquesta també',
  },
  ru: {
    name: 'Russian',
    script: 'Cyrillic',
    words: 'и в не на что я с он а как это по но они из у мы за для от так же вы его к было или был все ее быть может',
  },
  uk: {
    name: 'Ukrainian',
    script: 'Cyrillic',
    words:
      'і в не на що я з він а як це по але вони із у ми за для від так ви його до було або був всі її бути може та',
  },
  bg: {
    name: 'Bulgarian',
    script: 'Cyrillic',
    words: 'на и да се в за не е от с по са че като това си до или но при ще би който може което към ми са във тази',
  },
  ar: {
    name: 'Arabic',
    script: 'Arabic',
    words: 'في من على أن إلى التي عن مع هذا هذه الذي ما لا كان أو كل ذلك هو هي بين قد كما لم بعد يمكن',
  },
  fa: {
    name: 'Persian',
    script: 'Arabic',
    words: 'و در به از که این را با است برای آن یک خود تا می شود بر هم یا های ما شما نیز اما باید',
  },
  ur: {
    name: 'Urdu',
    script: 'Arabic',
    words: 'کے کی میں ہے اور سے کا کو نے ہیں پر یہ کہ ایک بھی جو تھا کر ہو اس وہ تو لیے آپ نہیں',
  },
  hi: {
    name: 'Hindi',
    script: 'Devanagari',
    words: 'के में है की और से का को हैं यह ने पर कि एक भी जो था कर हो इस वह तो लिए आप नहीं',
  },
  mr: {
    name: 'Marathi',
    script: 'Devanagari',
    words: 'आणि आहे या हे त्या तो ते आहेत एक मध्ये साठी होते असे नाही केले का की पण मी तर काही म्हणून करण्यासाठी',
  },
  ne: {
    name: 'Nepali',
    script: 'Devanagari',
    words: 'र छ को मा यो लागि हो पनि गर्न छन् एक गरेको यस त्यो भएको म तर हामी तपाईं गर्ने थियो',
  },
  zh: { name: 'Chinese', script: 'Han', words: '' },
  ja: { name: 'Japanese', script: 'Kana', words: '' },
  ko: { name: 'Korean', script: 'Hangul', words: '' },
  el: { name: 'Greek', script: 'Greek', words: '' },
  he: { name: 'Hebrew', script: 'Hebrew', words: '' },
  bn: { name: 'Bengali', script: 'Bengali', words: '' },
  pa: { name: 'Punjabi', script: 'Gurmukhi', words: '' },
  gu: { name: 'Gujarati', script: 'Gujarati', words: '' },
  ta: { name: 'Tamil', script: 'Tamil', words: '' },
  te: { name: 'Telugu', script: 'Telugu', words: '' },
  kn: { name: 'Kannada', script: 'Kannada', words: '' },
  ml: { name: 'Malayalam', script: 'Malayalam', words: '' },
  th: { name: 'Thai', script: 'Thai', words: '' },
  ka: { name: 'Georgian', script: 'Georgian', words: '' },
  hy: { name: 'Armenian', script: 'Armenian', words: '' },
} as const satisfies Record<string, Evidence>;

export type LanguageCode = keyof typeof languages;

export const languageCodes = Object.keys(languages) as [LanguageCode, ...LanguageCode[]];
