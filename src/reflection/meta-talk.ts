/** What models say about the text that they were asked for, in the languages that they say it in. */

/** A first line that announces the text and is no part of it. */
const announcements: readonly RegExp[] = [
  /^(?:(?:gern|gerne|natürlich|klar|selbstverständlich)[,.!]?\s*)?(?:hier (?:ist|sind|kommt|folgt)|nachfolgend)\b[^:\n]{0,120}:$/iu,
  /^(?:(?:claro|por supuesto|desde luego)[,.!]?\s*)?(?:aquí (?:está|tienes|tiene|va)|a continuación)[^:\n]{0,120}:$/iu,
  /^(?:(?:bien sûr|d['’]accord|volontiers)[,.!]?\s*)?voici\s[^:\n]{0,120}:$/iu,
  /^(?:네[,.]?\s*)?(?:다음은|아래는|수정된|수정한)[^:\n]{0,80}(?:입니다|드립니다|습니다)\s?[:.]$/u,
  /^(?:はい、)?(?:以下|修正|こちら)[^:：\n]{0,60}[:：]$/u,
  /^(?:好的[，,。]?\s*)?(?:以下|下面|这是)[^:：\n]{0,60}[:：]$/u,
];

/** The same with the text after it on the line: only what says that the text was revised. */
const lead =
  /^(?:(?:sure|certainly|of course|okay)[,.!]?\s+)?here(?:['’]s| is) (?:the|your|a) (?:revised|corrected|mended|updated|shortened|rewritten|improved|edited|new) [^:\n]{0,80}:[^\S\n]+/i;

/** Closing words of an assistant that are not part of a text. */
const closings: readonly RegExp[] = [
  /(?:i )?hope (?:this|that|it) (?:helps|works for you|meets your)\b[^.!?\n]{0,80}[.!]?$/i,
  /(?:please )?(?:let me know|feel free to (?:ask|reach out)) if you(?:['’]d| would| need| have| want)\b[^.!?\n]{0,100}[.!]?$/i,
  /ich hoffe,? (?:das|dies) hilft\b[^.!?\n]{0,60}[.!]?$/iu,
  /espero que (?:esto )?(?:te |le |les )?(?:sea de ayuda|sea útil|ayude|sirva)[^.!?\n]{0,60}[.!]?$/iu,
  /j['’]espère que (?:cela|ça|ceci) (?:vous |t['’]|te )?(?:aide|convient|sera utile)[^.!?\n]{0,60}[.!]?$/iu,
  /도움이 되(?:었기를|셨기를|었으면|길|기를|시길)[^.!?\n]{0,30}[.!]?$/u,
  /お役に立て(?:ば|れば|ましたら)[^。\n]{0,20}。?$/u,
  /希望(?:这|以上|对你|对您)[^。\n]{0,20}(?:帮助|有用)[^。\n]{0,6}[。！]?$/u,
];

/** How many characters at a text's end are searched for closing words. */
const endLength = 240;
/** "I hope this helps! Let me know if you need more." */
const mostClosings = 2;

/** The text without an announcement before it and closing words after it, unless they stood in the text `before`. */
export function withoutTalk(said: string, before: string): string {
  const [first = ''] = said.split('\n', 1);
  const isNew = (words: string) => !before.includes(words.trim());
  let text = said;
  if (isNew(first) && announcements.some((pattern) => pattern.test(first.trim()))) text = said.slice(first.length + 1);
  else {
    const [words = ''] = lead.exec(first) ?? [];
    if (words !== '' && isNew(words)) text = said.slice(words.length);
  }
  for (let found = 0; found < mostClosings; found += 1) {
    const end = text.trimEnd().slice(-endLength);
    const at = closings.map((pattern) => end.search(pattern)).find((place) => place >= 0 && isSentence(end, place));
    if (at === undefined || !isNew(end.slice(at))) break;
    text = text
      .trimEnd()
      .slice(0, -(end.length - at))
      .trimEnd();
  }
  return text.trim() === '' ? said : text.replace(/^\n+/, '');
}

function isSentence(text: string, at: number): boolean {
  return at === 0 || /(?:[.!?。！？:)"”»*]\s*|\n\s*)$/u.test(text.slice(Math.max(0, at - 8), at));
}
