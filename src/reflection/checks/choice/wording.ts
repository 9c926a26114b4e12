/**
 * How answers say which choice they come to, in the languages that are asked for most. Data only. `◊` stands for a choice that the sentence names;
 * sentences are in lower case, with Markdown, quotation marks and typographic signs set aside.
 */

/** Takes the place of a choice in a sentence. */
export const mark = '\uE000';
/** Stand around what LaTeX puts in a box. */
export const box = { open: '\uE001', close: '\uE002' } as const;

function pattern(source: string, flags = 'u'): RegExp {
  return new RegExp(source.replaceAll('◊', mark).replaceAll('⟦', box.open).replaceAll('⟧', box.close), flags);
}

const words = (list: string) => list.trim().split(/\s+/).join('|');

/** Nouns that announce a conclusion: "answer: ◊", "the sentiment of this review is ◊". */
const nouns =
  words(`answer choice option verdict label conclusion category sentiment classification class result decision type intent rating
  topic priority severity department status prediction output response tone emotion stance judgment judgement determination assessment diagnosis
  recommendation selection pick vote tag urgency polarity evaluation ruling reply score risk level
  antwort lösung kategorie stimmung klassifikation klassifizierung bewertung ergebnis einstufung thema urteil entscheidung fazit priorität
  respuesta categoría sentimiento clasificación veredicto conclusión resultado opción elección tono prioridad
  réponse catégorie classification verdict résultat choix tonalité priorité
  resposta categoria classificação risposta categoria classificazione antwoord svar odpowiedź ответ категория`);
const asianNouns = words(`정답은 정답 답은 답 답변 결론은 결론 분류 카테고리 감정은 감정 감성 선택은 선택 결과 판단
  答えは 答え 正解は 正解 回答 解答 結論は 結論 分類 感情は 感情 カテゴリ カテゴリー ラベル 判定 選択
  答案 正确答案 结论 选项 正确选项 分类 类别 情感 情绪 判断 标签 结果 正確答案 結論 選項 類別`);
const modifiers =
  words(`the my our final correct right best overall predicted chosen selected short direct most appropriate single
  die meine richtige endgültige la el mi correcta final le ma bonne finale a mia`);

/** Small words that may stand between a verb and the choice. */
const before =
  `(?:(?:clearly|definitely|certainly|obviously|indeed|therefore|thus|simply|very|overwhelmingly|strongly|undoubtedly|most|probably|likely|possibly|perhaps|maybe|vielleicht|wahrscheinlich|probablemente|probablement|also|then|hence|still|
  |a|an|the|option|choice|letter|category|answer|label|class|about|labell?ed as|classified as|categori[sz]ed as|related to|under|in|
  |eindeutig|klar|klarerweise|ganz|sehr|also|somit|daher|ein|eine|einen|der|die|das|option|buchstabe|kategorie|
  |claramente|muy|un|una|la|el|opción|letra|categoría|
  |clairement|très|donc|un|une|le|la|l'option|option|lettre|catégorie|réponse|alternative) ){0,4}`.replace(
    /\n\s*\|?/g,
    '',
  );
const opens = `[(\\[{⟦'" ]{0,3}`;

/** What may follow a choice that is a conclusion: an end, a mark, or a reason, but no word that makes it part of a longer phrase. */
const after = `(?=$| ?[)\\]}⟧.,;:!—]| \\((?!or|and|not|if|unless|maybe|perhaps)[^◊]*$| (?:because|since|as|due|given|based|considering|overall|here|according|weil|denn|da|porque|ya que|pues|car|parce que|puisque)(?!\\p{L}))`;
const noun = `(?: (?:issue|question|request|message|e-?mail|mail|review|comment|sentiment|tone|problem|inquiry|query|ticket|text|report|case|category|one|overall|in (?:tone|sentiment|nature)|answer|option|choice|stars?|points?))?`;
const filler = `(?: [\\p{L}'-]+){0,6}?`;
const is = `(?:is|would be|should be|must be|has to be|can only be|ist|lautet|wäre|es|sería|debe ser|est|serait|doit être|é|è|seria|sarebbe)`;
const subject = `(?:it|this|that|(?:the|this|that) [\\p{L}'-]+${filler}|es|das|dies|(?:die|der|das|diese|dieser|dieses) [\\p{L}'-]+${filler}|esto|eso|(?:el|la|este|esta) [\\p{L}'-]+${filler}|ce|cela|(?:le|la|ce|cet|cette) [\\p{L}'-]+${filler})`;

export interface Cue {
  /** `answer`: says that this is the answer. `plain`: says it of the thing that was asked about. */
  readonly kind: 'answer' | 'plain';
  /** Matches up to and with the `◊` that is the conclusion, which is the last one in the match. */
  readonly pattern: RegExp;
}

const answerCues = [
  // "Final answer: B", "**Category** — billing", "{"label": "spam"}"
  `^[{(]?(?:(?:${modifiers}) ){0,3}(?:${nouns})(?: (?:is|ist|es|est))?(?: \\([^()◊]{0,40}\\))? ?[:=—→] ?${before}${opens}◊${noun}${after}`,
  `^(?:${asianNouns}) ?[:=—→] ?${opens}◊`,
  `^(?:therefore|thus|so|hence|also|daher|somit|por tanto|donc)?,? ?(?:(?:${modifiers}) ){0,3}(?:${nouns}) ?: ?${before}${opens}◊${noun}${after}`,
  // "the answer to your question is clearly B"
  `(?<!\\p{L})(?:${nouns})${filler} ${is} ?:? ${before}${opens}◊${noun}${after}`,
  `(?:${asianNouns}) ?(?:은|는|이|は、?|是|为|為|:) ?(?:选项)?${opens}◊[)⟧]? ?(?:번)?(?:입니다|이다|예요|이에요|임|です|だ|である|となります|になります|的)?(?=$|[.。,!—])`,
  `(?<!\\p{L})(?:correct|right|best) (?:one|statement) ${is} ${before}${opens}◊${after}`,
  // "I would go with B"
  `(?<!\\p{L})(?:i|we)(?: would|'d| will|'ll| have to| must)?(?: therefore| definitely)? (?:choose|pick|select|say|go with|vote for|vote|answer|opt for|conclude|answer with) ${before}${opens}◊${after}`,
  `(?<!\\p{L})(?:classify|categori[sz]e|label|rate|mark|tag|file)(?: [\\p{L}'-]+){0,5}? (?:as|under) ${before}${opens}◊${noun}${after}`,
  `(?<!\\p{L})(?:is|be|was) (?:best |clearly )?(?:classified|categori[sz]ed|labell?ed|tagged|marked|filed|routed|assigned) (?:as|to|under|in) ${before}${opens}◊${noun}${after}`,
  `(?<!\\p{L})(?:falls|belongs) (?:clearly )?(?:under|in|into|to|within) (?:the )?(?:category (?:of )?)?${opens}◊${noun}${after}`,
  `(?<!\\p{L})(?:ich wähle|ich nehme|elijo|escojo|je choisis|我选|我選|选择|应选|故选|選擇|选|選) ?${before}${opens}◊(?:项)?(?=$|[ .,;!—。)])`,
  // "B is correct"
  `(?<!\\p{L})(?:give|rate|score) (?:it|this|this [\\p{L}-]+|the [\\p{L}-]+) (?:a |an |as )?${opens}◊${noun}${after}`,
  `^(?:route|assign|send|forward)(?: (?:it|this))? to:? ${before}${opens}◊(?: team| department)?${after}`,
  `(?<!\\p{L})(?:should|must) (?:go|be (?:routed|sent|assigned|forwarded)) to ${before}${opens}◊(?: team| department)?${after}`,
  `(?:^(?:so |thus |therefore |hence )?,? ?|[,;—] (?:but|however|yet),? )(?:option |choice |answer |the |letter ){0,2}${opens}◊[)\\]]? (?:is|ist|es|est) (?:the |die |la |clearly |definitely ){0,2}(?:correct|right|best|most appropriate|most fitting|richtig|richtige|correcta|correcto|bonne|correcte)(?: (?:answer|choice|option|one|label|category|antwort|respuesta|réponse))?${after}`,
  `^(?:so |thus |therefore )?(?:option |choice )?${opens}◊[)\\]]? is (?:the|my) (?:final |correct |right )?(?:answer|choice)${after}`,
  `◊(?:가|이|が) ?(?:정답|답|正解)(?:입니다|이다|です|だ)(?=$|[.。!])`,
  `⟦◊⟧`,
];

const plainCues = [
  `^(?:so|thus|therefore|hence|overall|in short|in summary|in conclusion|to conclude|in the end|finally|consequently|as a result|yes|ja|also|somit|donc|por lo tanto),? (?:${subject} ${is} )?${before}${opens}◊${noun}${after}`,
  `(?:^|[,;:—] ?(?:so |thus |therefore |hence |and )?|(?<!\\p{L})(?:so|thus|therefore|hence) )${subject}(?: ${is}|'s) ${before}${opens}◊${noun}${after}`,
  `^(?:so |thus )?i (?:think|believe|would say|'d say)(?: that)? (?:it's|it is|this is|that's) ${before}${opens}◊${noun}${after}`,
  `^(?:the|this|that) [\\p{L}'-]+${filler} (?:expresses|conveys|has|shows|reflects) (?:an? |the )?${before}${opens}◊ (?:sentiment|tone|emotion|attitude|stance)${after}`,
  `^(?:c'est|es|it's|that's|i have) ${before}${opens}◊${noun}${after}`,
  `(?<!\\p{L})that leaves(?: us with)? ${before}${opens}◊${after}`,
  `[→⇒] ?${opens}◊${after}`,
  `(?:는|은|이|가) (?:명백히 |분명히 |매우 )?◊(?:적)?(?:입니다|이다|예요|이에요)(?=$|[.!])`,
  `^[^◊]{0,40}(?:으로|로)? ?◊(?:으로|로) (?:분류|판단)(?:됩니다|합니다)(?=$|[.!])`,
  `^[^◊]{0,40}は、?◊(?:です|だ|である|と判断(?:します|されます)|に分類されます)(?=$|[。.!])`,
  `^[^◊]{0,40}(?:是|属于|屬於) ?(?:一(?:条|封|个|則))?◊(?:的|类|类别|邮件|问题|评论)?(?=$|[。.!,])`,
];

export const cues: readonly Cue[] = [
  ...answerCues.map((source) => ({ kind: 'answer', pattern: pattern(source, 'gu') }) as const),
  ...plainCues.map((source) => ({ kind: 'plain', pattern: pattern(source, 'gu') }) as const),
];

/** Words that answer a question by themselves, so that a comma or a pronoun may follow them: "Yes, you can", "No it is not". */
export const interjections: ReadonlySet<string> = new Set(
  words(`yes no yeah nope yep nah ja nein sí si no oui non sim não はい いいえ うん 예 네 아니요 아니오 是 否 不 对 對 不是 不对 可以 不可以 да нет true false
    correct incorrect`).split('|'),
);

const reason = `(?:because|since|as|due|given|based|clearly|obviously|definitely|without|of course|weil|denn|da|porque|ya|pues|car|parce|puisque)(?!\\p{L})`;

/** The choice is the first word of a sentence and stands apart from what follows. */
export const leads = {
  alone: pattern(
    `^(?:${modifiersOfLead()})?${opens}◊[)\\]}⟧]*(?: stars?| points?)?(?:[번적]?(?:입니다|이다|예요|이에요)|です|だ)?[.!:,;。]*$`,
  ),
  /** A mark that no list and no apposition has. */
  apart: pattern(
    `^(?:${modifiersOfLead()})?${opens}◊ ?(?:[)\\]}⟧]?[:;!—)\\]}⟧]|\\((?!or|and|not|if|unless|maybe)(?=[^◊]*$)|[)\\]}⟧]? ${reason}|[)\\]}⟧]?, ?${reason})`,
  ),
  fullStop: pattern(`^(?:${modifiersOfLead()})?${opens}◊[)\\]}⟧]?\\. `),
  interjection: pattern(
    `^(?:${modifiersOfLead()})?${opens}◊(?:[,、،]|的[,!。]|です[。、]| (?:it|you|he|she|they|we|i|this|that|there|das|man)(?!\\p{L}))`,
  ),
  /** "B) Paris" where Paris is the choice. */
  option: pattern(`^[(]?[a-z0-9][).:] ?${opens}◊[)\\]}⟧.!]*$`),
} as const;

function modifiersOfLead(): string {
  return `(?:(?:well|oh|so|unfortunately|sadly|luckily|leider|desafortunadamente|malheureusement|absolutely|definitely|certainly|clearly|actually|in short|short answer|option|choice|natürlich|aber|pues|claro que|mais|bien sûr que),? ?:? ?){0,2}`;
}

/** Two choices joined are no conclusion: "A or B", "yes and no". */
export const listed = pattern(
  `◊[)\\]]? ?(?:,|/|&|\\||\\+|and|or|nor|und|oder|noch|y|o|ni|et|ou|vs\\.?|versus|as well as|과|와|또는|이나|や|と|または|和|或|还是|、)(?: (?:and|or|also|possibly|maybe|perhaps|und|oder|option|a|an|the))*,? ?[(\\[]?(?=◊)`,
  'gu',
);

/** What follows it in its clause is no conclusion. */
export const negators = pattern(
  `(?<!\\p{L})(?:not|no|cannot|never|neither|nor|none|nothing|without|hardly|barely|scarcely|rather than|instead of|other than|except|unlike|anything but|far from|less than|opposite|excludes?|ruled? out|rules out|eliminates?|wrong|incorrect|false|avoid|non|nicht|kein\\p{L}*|weder|niemals|nie|ohne|statt|anstatt|falsch|no|ni|nunca|jamás|tampoco|sin|incorrect[ao]|pas|jamais|sans|aucun\\p{L}*|plutôt|ne|n'\\p{L}*|não|nem|nunca|не|нет)(?!\\p{L})|n't(?!\\p{L})|[不没沒非无無别未]|아니|아닙|않|없|못|ない|ません`,
);
/** The same after a choice: "A is wrong", "positive가 아닙니다". */
export const denials = pattern(
  `^[)\\]]?(?: ?(?:is|was|are|would be|can|could|does|do|ist|es|est|wäre|sería|serait))?(?: (?:also|clearly|definitely|simply|therefore))?(?:n't|(?: (?:not|never|wrong|incorrect|false|out|ruled|eliminated|excluded|impossible|invalid|no longer|nicht|falsch|incorrect[oa]|pas|faux))(?!\\p{L}))|^[)\\]]? (?:can be|is) (?:ruled out|excluded|eliminated)|^(?:적|인)?(?:이|가|은|는)? ?(?:것은? )?(?:아니|아닙|않)|^(?:だ|的)?(?:では|じゃ|とは|でも)|^(?:も|は)?(?:ない|ありません)|^[^.。、,]{0,12}(?:ません|ない)(?:[。.]|$)|^ (?:nicht|no longer)(?!\\p{L})`,
);
/** A negation right before a choice. */
export const denied = pattern(
  `(?:(?<!\\p{L})(?:not|cannot|never|neither|nor|rather than|instead of|anything but|far from|nicht|kein\\p{L}*|weder|noch|no|ni|pas|non|jamais)|n't)(?: (?:be|been|at all|really|a|an|the|option|choice|is|es|ist|est|un|une|una|ein|eine|say|it|so|very|actually|classified as|considered|called|necessarily)){0,5} [(\\[]?$|(?:不是|并非|並非|不|非)[^,。]{0,3}$`,
);
/** Somebody else's word, or only a thought, before a choice. */
export const reported = pattern(
  `(?<!\\p{L})(?:says?|said|claims?|claimed|argues?|thinks|thought|believes|suggests?|suggested|according to|some|many|others|people|someone|at first|initially|tempting|tempted|common|previous|previously|earlier|used to|formerly|supposedly|allegedly|asked|asks|wondering|mistake|manche|viele|angeblich|laut|algunos|muchos|según|certains|selon|prétend\\p{L}*|first|second|half|parts?|opening|beginning|word|term|phrase|example|instance|reviewers?|would have|if|unless|whether|when|were|had|otherwise|assuming|suppose|supposing|provided|in that case|in case|wenn|falls(?! clearly| under| in| into| within)|ob|sonst|si|en caso|cuando|sinon|quand)(?!\\p{L})|만약|경우|라면|もし|なら|場合|如果|若|假如|有人|要是`,
);
/** A condition after a choice takes it back in part. */
export const conditions = pattern(
  `(?<!\\p{L})(?:if|unless|only|provided|as long as|assuming|depending|depends|except|but|although|though|however|yet|while|whereas|wenn|falls(?! clearly| under| in| into| within)|sofern|außer|aber|jedoch|obwohl|si|salvo|pero|aunque|siempre que|sauf|mais|bien que|à condition)(?!\\p{L})|만약|다만|하지만|지만|もし|場合|ただし|が、|如果|但|除非|不过`,
);
/** The writer is not sure; in the same sentence as the choice. */
export const hedges = pattern(
  `(?<!\\p{L})(?:maybe|perhaps|possibly|probably|likely|unlikely|might|could|may|seems?|appears?|presumably|guess|suppose|sort of|kind of|somewhat|slightly|partly|partially|mostly|largely|leaning|lean|almost|nearly|arguably|tentatively|potentially|borderline|technically|in theory|to some extent|vielleicht|wahrscheinlich|möglicherweise|eventuell|vermutlich|wohl|scheint|könnte|teils|quizás?|tal vez|probablemente|posiblemente|parece|podría|peut-être|probablement|sans doute|semble|pourrait|plutôt)(?!\\p{L})|아마|어쩌면|수도|것 같|たぶん|おそらく|かもしれ|でしょう|也许|可能|大概|或许|应该|似乎|好像`,
);
/** The same right after a first word: "Yes, probably." */
export const hedgedLead = pattern(
  `^[\\s,;:.—()]*(?:(?:maybe|perhaps|possibly|probably|likely|might|seems?|i (?:think|guess|suppose|believe|assume)|sort of|kind of|partly|partially|mostly|in (?:some|certain|most|theory)|sometimes|to some|to a certain|only|technically|vielleicht|wahrscheinlich|quizás?|tal vez|probablemente|peut-être|probablement|and|or|und|oder|y|et|wait|question)(?!\\p{L})|(?:it|this|that|there) (?:may|might|could|seems|depends|probably)|아마|たぶん|おそらく|也许|可能|大概|같)`,
);
/** The writer does not decide at all; anywhere. */
export const undecided = pattern(
  `(?:not (?:entirely |completely |really |quite )?(?:sure|certain|clear)|unsure|uncertain|(?:can't|cannot|can not|couldn't|unable to|impossible to|hard to|difficult to) (?:really |be )?(?:tell|say|decide|determine|determined|know|judge)|(?:don't|do not) know|no idea|depends|unclear|ambiguous|(?:not enough|insufficient|more) (?:information|context|data|details)|either way|toss-up|could be|mixed|nicht sicher|schwer zu sagen|kommt (?:darauf|drauf) an|weiß (?:es )?nicht|no estoy segur|depende|difícil (?:de )?decir|no (?:lo )?sé|pas sûre?|dépend|difficile à dire|sais pas|모르|애매|확실하지|わから|分から|どちらとも|不确定|不知道|取决于|很难说|不好说|说不准)`,
);
/** What was said before is taken back. */
export const retractions = pattern(
  `(?<!\\p{L})(?:wait|actually|on second thoughts?|scratch that|strike that|correction|i was wrong|my mistake|i made a mistake|let me re\\p{L}*|oops|on reflection|moment mal|doch nicht|korrektur|espera|corrección|attends|en fait|correction)(?!\\p{L})|等等|更正|아니다|訂正`,
);
export const contrasts = pattern(
  `^(?:but|however|although|yet|on the other hand|still|nevertheless|aber|jedoch|allerdings|pero|sin embargo|mais|cependant|toutefois|하지만|그러나|しかし|でも|但|但是|不过|然而)(?!\\p{L})`,
);
/** Begins a clause that a negation before it does not reach. */
export const turns = pattern(
  `[;:—]|(?<!\\p{L})(?:so|thus|therefore|hence|but|it's|sondern|sino|mais|pero|aber|daher|donc|also)(?!\\p{L})|而是|,(?= ?(?:the|my|die|la|il)? ?(?:${nouns}|정답|답|答))`,
  'gu',
);
export const reasons = pattern(
  `(?<!\\p{L})(?:because|since|as|due to|given|weil|denn|porque|ya que|car|parce que|puisque)(?!\\p{L})|때문|ので|から|因为`,
);
