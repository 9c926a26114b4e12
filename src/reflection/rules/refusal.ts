/** Recognises a refusal by how it begins, in several languages. */

interface RefusalWords {
  /** An apology alone may begin a letter: it refuses where `unable` follows soon. */
  readonly sorry: string;
  readonly unable: string;
}

/** Parts of regular expressions, in lower case. */
const refusals = {
  de: {
    sorry: 'es tut mir (?:sehr )?leid|tut mir leid|entschuldigung|leider|bedaure',
    unable:
      'ich kann\\b[^.!?\\n]{0,80}?\\bnicht|kann ich\\b[^.!?\\n]{0,80}?\\bnicht|ich bin nicht in der lage|ich darf\\b[^.!?\\n]{0,60}?\\bnicht|als (?:ki|sprachmodell)\\b',
  },
  es: {
    sorry: 'lo siento|lamento|lamentablemente|perdona|disculpa',
    unable:
      'no (?:te |le |les )?puedo|no (?:soy|estoy) (?:capaz|en condiciones)|no me es posible|como (?:una )?(?:ia|modelo de lenguaje)',
  },
  fr: {
    sorry: '(?:je suis )?(?:vraiment |sincèrement )?désolée?|malheureusement|je regrette|pardon',
    unable:
      "je ne (?:peux|puis|suis) pas|je ne suis pas en mesure|il m[’']est impossible|en tant qu[’'](?:ia|intelligence|assistant)",
  },
  it: {
    sorry: 'mi dispiace|purtroppo|spiacente',
    unable: 'non (?:posso|sono in grado)|come (?:ia|modello linguistico)',
  },
  pt: {
    sorry: '(?:me )?desculpe?|sinto muito|lamento|infelizmente',
    unable: 'não (?:posso|consigo|sou capaz)|como (?:uma )?ia\\b',
  },
  nl: {
    sorry: 'het spijt me|sorry|helaas',
    unable: '(?:ik kan|kan ik)\\b[^.!?\\n]{0,80}?\\bniet|ik ben niet in staat',
  },
  sv: { sorry: 'tyvärr|jag är ledsen|förlåt', unable: '(?:jag kan|kan jag)\\b[^.!?\\n]{0,60}?\\binte' },
  pl: { sorry: 'przepraszam|niestety|przykro mi', unable: 'nie (?:mogę|jestem w stanie)' },
  ru: {
    sorry: 'к сожалению|извините|простите|мне (?:очень )?жаль',
    unable: 'я не (?:могу|в состоянии)|не могу (?:помочь|ответить|выполнить)',
  },
  uk: { sorry: 'на жаль|вибачте|перепрошую', unable: 'я не можу|не можу (?:допомогти|відповісти)' },
  tr: { sorry: 'üzgünüm|maalesef|özür dilerim', unable: 'yardımcı olamam|yapamam|veremem|cevaplayamam' },
  id: { sorry: 'maaf|mohon maaf|sayangnya', unable: 'saya tidak (?:bisa|dapat)' },
  vi: { sorry: 'xin lỗi|rất tiếc', unable: 'tôi không thể' },
  ar: { sorry: 'عذر[اًا]{1,2}|آسف|أعتذر|للأسف', unable: 'لا (?:أستطيع|يمكنني)' },
  hi: { sorry: 'क्षमा करें|माफ़ (?:करें|कीजिए)|मुझे खेद है', unable: 'नहीं कर सकत|मदद नहीं' },
  ko: {
    sorry: '죄송|미안|유감|아쉽지만',
    unable:
      '(?:드릴|할|답할|답변할|고칠|제공할|수행할|처리할|알려 ?드릴) 수(?:가|는)? 없|도와드리기 어렵|ai로서|인공지능으로서',
  },
  ja: {
    sorry: '申し訳|すみません|すいません|ごめんなさい|残念ながら|恐れ入りますが',
    unable: '(?:でき|お答えでき|お手伝いでき|いたしかね|お答えしかね)(?:ません|ない|ます)|できかねます|aiとして',
  },
  zh: {
    sorry: '(?:非常|很|十分)?(?:抱歉|遗憾)|对不起|不好意思|對不起',
    unable:
      '我们?(?:无法|無法|不能|没办法|不便)|(?:无法|不能)(?:为您|为你|帮|提供|回答|完成|协助|满足|修改)|作为(?:一个|一名)?(?:ai|人工智能|语言模型)',
  },
} as const satisfies Record<string, RefusalWords>;

const english =
  /^\s*(?:(?:unfortunately|regrettably),? i (?:can(?:['’]|no)t|am unable)|i['’]m sorry|i am sorry|sorry|i can(?:['’]|no)t|i['’]m unable|i am unable|i won['’]t|as an ai)\b/i;

/** How many characters at the beginning are searched for a refusal. */
const opening = 200;

const others = Object.values(refusals).map(
  ({ sorry, unable }) =>
    new RegExp(`^\\s*(?:(?:${sorry})[\\s\\S]{0,120}?(?:${unable})|(?:저는 |私は|私には)?(?:${unable}))`, 'iu'),
);

export function refuses(text: string): boolean {
  const start = text.trimStart().slice(0, opening);
  return english.test(start) || others.some((pattern) => pattern.test(start));
}
