/** What identifies a language: its script, and for languages that share one, its small words and words of everyday talk. */

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
      "the of and to in is that for it with was as are on be this by at from you have not or an which will can your they their has but we all i yes no what how when where why who there here my our me him her she he do does did if then than so up out about into over only just also very more most some any now new well please sorry thank thanks hello them these those been were had would should could may might one two each other word means three four five six seven nine ten first next start never always every know want need help there's it's don't i'm you're let us made make use used",
  },
  de: {
    name: 'German',
    script: 'Latin',
    words:
      'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer ich wir ja nein was wie wann wo warum wer hier mein unser mich mir ihm ihr sind war waren hatte würde sollte kann könnte oder aber wenn dann denn so nur sehr mehr danke bitte hallo heute morgen gestern uns ihre ihren um zur zum durch über unter gibt geht wurde wurden haben habe noch schon immer wieder vor seit bis kein keine keinen nichts zwei drei vier fünf sechs sieben acht neun zehn erste neu alle jeder muss müssen diese dieser dieses mal gerne',
  },
  fr: {
    name: 'French',
    script: 'Latin',
    words:
      "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son je vous nous cette aux ou oui non quoi comment quand où pourquoi votre notre mes mon ma leur leurs elle ils elles être avoir fait été merci beaucoup bonjour très bien mais donc alors si aussi même tout tous ici hier aujourd'hui demain sous entre vers chez cela c'est j'ai d'un d'une l'on qu'il n'est deux trois quatre cinq sept huit neuf dix première chaque rien jamais toujours faut peut doit cet ces",
  },
  es: {
    name: 'Spanish',
    script: 'Latin',
    words:
      'de la que el en y a los se del las un por con una su para es al lo como más pero sus le ya o este sí porque esta entre cuando muy sin no qué cómo cuándo dónde quién mi tu nos me yo ella ellos ser estar está están hay fue era gracias hola bien entonces también todo todos aquí hoy ayer mañana sobre desde hasta dos tres cuatro cinco seis siete ocho nueve diez cada nada nunca siempre puede debe ese esa eso',
  },
  it: {
    name: 'Italian',
    script: 'Latin',
    words:
      'di e il la che in un a per è una sono con non si le dei da come del della più i gli lo nel al questo alla ma anche ha delle sì no cosa quando dove perché chi mio tuo noi mi ci lei loro essere stato grazie mille ciao molto bene tutto tutti qui oggi ieri domani due tre quattro cinque sei sette otto nove dieci ogni niente mai sempre può deve quello quella',
  },
  pt: {
    name: 'Portuguese',
    script: 'Latin',
    words:
      'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser você sim quando onde quem meu nosso me ela eles está estão obrigado obrigada olá muito bem também tudo todos aqui hoje ontem amanhã sei sobre pela pelo dois duas três quatro cinco sete oito nove dez cada nada nunca sempre pode deve esse essa isso',
  },
  nl: {
    name: 'Dutch',
    script: 'Latin',
    words:
      'de van het een en in is dat op te voor met die niet zijn aan er om ook als dan maar bij of uit nog worden naar heeft ik je wij deze door ja nee wat hoe wanneer waar waarom wie hier daar mijn ons hem haar zij was waren had zou moet kan dus zo alleen heel veel dank hallo vandaag morgen gisteren begint uw hebben heb dit twee drie vier vijf zes zeven acht negen tien geen niets nooit altijd opnieuw elke',
  },
  sv: {
    name: 'Swedish',
    script: 'Latin',
    words:
      'och i att det som en på är av för med den till inte har de om ett han men var jag från vi så kan när eller ska också ja nej vad hur varför vem här min vår hon tack hej mycket bra idag börjar före klockan mellan efter detta denna två tre fyra fem sju åtta nio tio ingen inget aldrig alltid måste',
  },
  da: {
    name: 'Danish',
    script: 'Latin',
    words:
      'og i at det er en til på som af for med den de ikke der han har et var jeg om men fra vi så kan når eller også efter ja nej hvad hvordan hvornår hvor hvorfor hvem her min vores hun tak hej meget godt mellem dette denne to fire fem syv otte ni ti ingen intet aldrig altid skal',
  },
  no: {
    name: 'Norwegian',
    script: 'Latin',
    words:
      'og i det er en til på som av for med den å ikke de har et var jeg om men fra vi så kan når eller også etter ble ja nei hva hvordan hvor hvorfor hvem her min vår hun takk hei mye bra mellom dette denne to fire fem sju åtte ni ti ingen aldri alltid skal',
  },
  fi: {
    name: 'Finnish',
    script: 'Latin',
    words:
      'ja on ei että se hän oli mutta ovat kuin joka tai myös niin sen kun voi tämä jos hyvin olla ole mukaan sekä minä mitä vain yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen kaikki nyt vielä alkaa',
  },
  pl: {
    name: 'Polish',
    script: 'Latin',
    words:
      'w i na z się nie do to że o jest jak a po co tak za od jego dla przez ale czy są być które tego oraz może jako kiedy gdzie dlaczego kto mój nasz ona oni był była było dziękuję bardzo dobrze tylko też wszystko tutaj dzisiaj ten ta dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć nigdy zawsze każdy ponownie można',
  },
  cs: {
    name: 'Czech',
    script: 'Latin',
    words:
      'a v se na je že s z do o to i jako za by pro k ale po jeho jsou které od tak nebo není byl ve být jsem aby ano ne co kdy kde proč kdo můj náš ona oni byla bylo děkuji velmi dobře jen také všechno tady dnes hodin ten ta dva dvě tři čtyři pět šest sedm osm devět deset nikdy vždy každý znovu',
  },
  ro: {
    name: 'Romanian',
    script: 'Latin',
    words:
      'de și în a la cu care pe nu este din un să o pentru sunt mai se ca prin dar au fost el sau ale lui al ce doi două trei patru cinci șase șapte opt nouă zece',
  },
  hu: {
    name: 'Hungarian',
    script: 'Latin',
    words: 'a az és hogy nem is egy ez meg volt de csak már mint még ki van ha vagy minden el azt kell után lehet',
  },
  tr: {
    name: 'Turkish',
    script: 'Latin',
    words:
      've bir bu da de için ile çok daha olarak gibi olan en ne ama var kadar değil sonra o mi her ben onun evet hayır nasıl zaman nerede neden kim biz siz teşekkürler merhaba bugün yarın saat şu şey iki üç dört beş altı yedi sekiz dokuz on hiç yeniden',
  },
  vi: {
    name: 'Vietnamese',
    script: 'Latin',
    words:
      'và của là có các được cho trong một không người với những này đã để khi từ đến như về tôi nhiều trên vâng bạn chúng gì nào đâu sao cảm ơn xin chào hôm nay rất lúc giờ bắt đầu hai ba bốn năm sáu bảy tám chín mười hãy lại',
  },
  id: {
    name: 'Indonesian',
    script: 'Latin',
    words:
      'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena adalah ada bisa oleh atau mereka sebagai anda ya apa bagaimana kapan dimana mengapa siapa kami kita terima kasih hari sangat satu dua tiga empat lima enam tujuh delapan sembilan sepuluh silakan mulai tunggu lalu',
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
    words:
      'и в не на что я с он а как это по но они из у мы за для от так же вы его к было или был все ее быть может да нет где когда почему кто здесь мой наш она есть спасибо очень хорошо только тоже сегодня завтра себя этот эта два две три четыре пять шесть семь восемь девять десять никогда всегда каждый надо можно',
  },
  uk: {
    name: 'Ukrainian',
    script: 'Cyrillic',
    words:
      "і в не на що я з він а як це по але вони із у ми за для від так ви його до було або був всі її бути може та ні де коли чому хто тут мій наш вона є дякую дуже добре тільки також сьогодні завтра цей ця два дві три чотири п'ять шість сім вісім дев'ять десять ніколи завжди кожен треба можна",
  },
  bg: {
    name: 'Bulgarian',
    script: 'Cyrillic',
    words:
      'на и да се в за не е от с по са че като това си до или но при ще би който може което към ми във тази къде кога защо кой тук моя наш тя има благодаря много добре само също днес утре този',
  },
  ar: {
    name: 'Arabic',
    script: 'Arabic',
    words:
      'في من على أن إلى التي عن مع هذا هذه الذي ما لا كان أو كل ذلك هو هي بين قد كما لم بعد يمكن نعم لكن أنا أنت نحن هم كيف متى أين لماذا شكرا جدا اليوم غدا يمكنك استخدم و ثم أي',
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
    words:
      'के में है की और से का को हैं यह ने पर कि एक भी जो था कर हो इस वह तो लिए आप नहीं हाँ क्या कैसे कब कहाँ क्यों कौन मैं हम तुम धन्यवाद बहुत आज कल',
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
