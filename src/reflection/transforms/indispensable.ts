/**
 * Sentences that no cut may take: they draw a conclusion, turn what was said, add it up, forbid, restrict, warn or give the reason. Data by language;
 * with a word too many a model has to make the cut, with a word too few the cut loses the answer.
 */

/** A list that goes over several lines, as one. */
const list = (text: string): string => text.replace(/\s*\n\s*/g, '');

/** Say it only as a sentence's or a clause's first words. */
const first = {
  english: `so|thus|then the|but|yet|still|though|although|overall|finally|lastly|ultimately|no|don['’]t|not|take|choose|pick|answer|total|sum|result|because`,
  german: `also(?!,)|aber|doch|denn|dann|nur|zuletzt|schließlich|zusammen|macht|nicht|kein\\p{L}*|nimm|nehmen sie|antwort|summe|ergebnis|gesamt`,
  spanish: `entonces|pero|aunque|ni|así|porque|solo|sólo|respuesta|suma|resultado|por último|finalmente`,
  french: `alors|ainsi|mais|car|ne|n['’]\\p{L}+|pas|enfin|réponse|somme|résultat|pour finir`,
  other: `quindi|dunque|perciò|ma|però|portanto|logo|mas|porém|dus|maar|echter|значит|итак|но|однако|поэтому`,
} as const;

/** Say it wherever they stand in a sentence. */
const anywhere = {
  english: `therefore|hence|consequently|accordingly|as a result|in (?:all|total|short|summary|conclusion|the end)|altogether|all told|totals?|totall?ed|
    adds? up to|sums? up to|to (?:sum up|summari[sz]e|conclude)|bottom line|final answer|the (?:final |correct |right |best )?(?:answer|result|option|choice|total|sum) (?:is|are|was)|
    answer:|(?:this|that|it|which) (?:means|makes|leaves|follows|is why|comes to)|(?:i|we)(?: would| strongly|['’]d)? (?:recommend|suggest|advise)|my (?:advice|recommendation|verdict|conclusion)|
    however|nevertheless|nonetheless|on the other hand|in contrast|on the contrary|instead|unless|except(?:ions?)?|only|unfortunately|
    never|do not|don['’]t|does not|doesn['’]t|must(?:n['’]t)?|may not|should(?: not|n['’]t)|cannot|can['’]t|can not|not (?:allowed|permitted|safe|legal|recommended|work)|avoid|beware|warning|caution|illegal|forbidden|prohibited|
    (?:the|its|their|one|main|real|only) reasons?|because|due to|which is why`,
  german: `insgesamt|zusammengerechnet|in summe|alles in allem|macht zusammen|zusammenfassend|kurzum|fazit|deshalb|deswegen|daher|darum|folglich|somit|demnach|mithin|die antwort (?:ist|lautet)|antwort:|das (?:ergebnis|heißt|bedeutet|macht)|
    ich (?:empfehle|rate)|wir (?:empfehlen|raten)|jedoch|allerdings|dennoch|trotzdem|hingegen|andererseits|sondern|stattdessen|leider|außer|es sei denn|ausgenommen|nie|niemals|auf keinen fall|keinesfalls|
    (?:darf|dürfen|sollten?|bitte|sie)(?: [\\p{L}-]+){0,6} (?:nicht|kein\\p{L}*)|verboten|illegal|vermeiden|achtung|vorsicht|warnung|weil|(?:der|ein|als) (?:haupt)?grund`,
  spanish: `en total|en suma|en resumen|en conclusión|en definitiva|por (?:lo )?tanto|por (?:eso|ello|consiguiente)|así que|la respuesta (?:es|final)|respuesta:|el (?:total|resultado) es|suman|es decir|recomiendo|recomendamos|
    sin embargo|no obstante|en cambio|por el contrario|sino|excepto|salvo|a menos que|únicamente|solamente|nunca|jamás|no (?:debe|deben|use|usar|utilice|hay que|se (?:debe|puede|permite))|prohibid[oa]|ilegal|evite|advertencia|cuidado|atención|la razón|el motivo|debido a|ya que`,
  french: `au total|en tout|en somme|en résumé|en conclusion|donc|par conséquent|en conséquence|c['’]est pourquoi|la réponse (?:est|finale)|réponse\\s?:|le (?:total|résultat) est|cela (?:fait|signifie)|je (?:recommande|conseille)|nous (?:recommandons|conseillons)|
    cependant|toutefois|pourtant|néanmoins|en revanche|par contre|au contraire|sauf|excepté|à moins que|seulement|uniquement|jamais|ne [\\p{L}'’]+(?: [\\p{L}'’]+)? pas|interdit\\p{L}*|illégal\\p{L}*|évitez|attention|avertissement|la raison|parce que|puisque|en raison`,
  other: `in totale|tuttavia|non \\p{L}+ mai|perché|no entanto|portanto|nunca|in totaal|daarom|nooit|omdat|всего|итого|никогда|нельзя|потому что|следовательно`,
} as const;

/** In scripts that write no blank between words. */
const unspaced = {
  korean: `따라서|그러므로|그래서|그러니|결론|정답|답은|결국|요약하|하지만|그러나|그런데|다만|반면|총\\s?\\d|합계|합쳐|모두 합|전부|절대|결코|마세요|마십시오|금지|안 됩니다|제외|오직|주의|경고|때문|이유`,
  japanese: `したがって|従って|よって|ゆえに|だから|ですから|そのため|つまり|まとめ|結論|結局|答え|しかし|けれど|ただし|一方|合計|全部で|合わせて|絶対|決して|ないでください|禁止|だけ|以外|注意|警告|理由|なぜなら`,
  chinese: `因此|所以|于是|故而|总之|总的来说|总而言之|综上|答案|结论|結論|但是|不过|然而|可是|但|总共|一共|合计|共计|總共|總計|总计|切勿|请勿|請勿|不要|不得|不能|不可|禁止|严禁|绝不|千万|只有|仅限|除非|除了|除外|注意|警告|因为|因為|原因`,
} as const;

const opening = new RegExp(
  `(?:^|[.!?…,;:—–\\n])["'”’»)*_\\s]{0,6}(?:[-•]\\s{0,3})?[*_"“¡¿]{0,3}(?:${Object.values(first).map(list).join('|')})(?!\\p{L})`,
  'iu',
);
const within = new RegExp(`(?<!\\p{L})(?:${Object.values(anywhere).map(list).join('|')})(?!\\p{L})`, 'iu');
const anyPlace = new RegExp(Object.values(unspaced).join('|'), 'u');
/** A step of a numbered list, each on its line or one after the other. */
const step =
  /(?:^|\n|[.!?。！？]\s)[^\S\n]{0,8}(?:\(?\d{1,3}[.)]\s|(?:step|schritt|paso|étape)\s\d|第?\d{1,2}[、步.]|[①-⑳])/iu;

/** Whether a text holds a sentence that the rest leads to or depends on, or a step of a numbered list. */
export function isIndispensable(text: string): boolean {
  const trimmed = text.trim();
  return step.test(trimmed) || opening.test(trimmed) || within.test(trimmed) || anyPlace.test(trimmed);
}
