/**
 * Which choice an answer comes to. A choice counts where a sentence says that it is the answer, or where it is the first word and stands apart;
 * to be mentioned is not enough. Negations, conditions, hedges, other people's words and two different conclusions leave it open.
 */
import { folded, stripped } from '../literal.ts';
import { type Statement, spelling, statements } from './text.ts';
import {
  conditions,
  contrasts,
  cues,
  denials,
  denied,
  hedgedLead,
  hedges,
  interjections,
  leads,
  listed,
  mark,
  negators,
  reasons,
  reported,
  retractions,
  turns,
  undecided,
} from './wording.ts';

/** `unclear`: two readers would decide differently. `none`: it comes to no choice, or to two. */
export type Conclusion =
  | { readonly kind: 'chosen'; readonly choice: string }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'none' };

/** What one sentence says of a choice. */
interface Claim {
  readonly kind: 'answer' | 'lead' | 'plain' | 'denied' | 'unclear' | 'asked';
  readonly choice: string;
  readonly sentence: number;
}

const none: Conclusion = { kind: 'none' };
const unclear: Conclusion = { kind: 'unclear' };

/** The text without what a choice may be wrapped in: quotes, emphasis, brackets, an end mark. */
function bare(text: string): string {
  return stripped(folded(text).replace(/\\(?:boxed|text)\{/g, '{'), '"\'*_`()[]{}<>$.!,;:。！');
}

/** The choice that this text is, wrapping and end mark aside. */
function exactly(text: string, choices: readonly string[]): string | undefined {
  // Nothing much longer than the longest choice can be one.
  if (text.trim().length > Math.max(...choices.map((choice) => choice.length)) * 2 + 40) return undefined;
  return (
    choices.find((choice) => choice === text.trim()) ??
    choices.find((choice) => folded(choice) === folded(text)) ??
    choices.find((choice) => bare(choice) === bare(text))
  );
}

/** Reads which of the choices the answer comes to. */
export function conclusion(text: string, choices: readonly string[]): Conclusion {
  const alone = exactly(text, choices);
  if (alone !== undefined) return { kind: 'chosen', choice: alone };
  // Choices that differ in their signs alone cannot be told from each other inside a sentence.
  if (new Set(choices.map((choice) => folded(spelling(choice)))).size < choices.length) return none;
  const said = statements(text, choices);
  return settle(
    said,
    said.flatMap((sentence, index) => claimsOf(sentence, index, choices)),
  );
}

function settle(said: readonly Statement[], claims: readonly Claim[]): Conclusion {
  const leading = claims.filter(({ kind }) => kind === 'lead' || kind === 'asked');
  // Several choices that each begin a line are the options, gone through one by one.
  const isList = new Set(leading.map(({ choice }) => choice)).size > 1;
  const made = claims.filter(({ kind }) => kind === 'answer' || (kind === 'lead' && !isList) || kind === 'plain');
  const chosen = new Set(made.map(({ choice }) => choice));
  const [first, last] = [made.at(0), made.at(-1)];
  if (!first || !last || (isList && !made.some(({ kind }) => kind === 'answer')))
    return claims.some(({ kind }) => kind === 'unclear') && !isList ? unclear : none;
  if (chosen.size > 1 || claims.some(({ kind, choice }) => kind === 'denied' && chosen.has(choice))) return none;
  const isFirm = made.some(({ kind }) => kind === 'answer' || kind === 'lead');
  // What is only said of the thing must be said at the beginning or the end.
  if (!isFirm && first.sentence > 0 && last.sentence < said.length - 1) return unclear;
  if (claims.some(({ kind }) => kind === 'unclear') && !isFirm) return unclear;
  const doubted = claims.some((claim) => claim.kind === 'unclear' && claim.sentence >= first.sentence);
  const takesBack = said.some(({ text }, index) => {
    if (index > first.sentence && retractions.test(text) && index > last.sentence) return true;
    if (index > last.sentence && contrasts.test(text) && negators.test(text)) return true;
    // A doubt no longer counts when an announced answer follows it.
    return undecided.test(text) && !(last.kind === 'answer' && last.sentence > index);
  });
  const retracted = said.some(
    ({ text }, index) => index > first.sentence && index <= last.sentence && retractions.test(text),
  );
  if (doubted || takesBack || (retracted && last.kind === 'plain')) return unclear;
  return { kind: 'chosen', choice: first.choice };
}

function claimsOf(sentence: Statement, index: number, choices: readonly string[]): Claim[] {
  if (sentence.mentions.length === 0) return [];
  const at = (offset: number) => sentence.mentions.findIndex((mention) => mention.at === offset);
  const inLists = listedMentions(sentence);
  const claims: Claim[] = [];
  const add = (kind: Claim['kind'], mention: number): void => {
    const choice = sentence.mentions[mention]?.choice;
    if (choice !== undefined) claims.push({ kind, choice, sentence: index });
  };
  for (const [number, mention] of sentence.mentions.entries())
    if (isDenied(sentence, mention.at)) add('denied', number);
  const lead = leadOf(sentence, choices);
  if (/[?？]["')\]]*$/.test(sentence.text) || /(?:까|か[。.]?)$/.test(sentence.text)) {
    if (lead !== undefined) add('asked', lead);
    return claims;
  }
  const isTaken = (mention: number): boolean =>
    claims.some(({ choice }) => choice === sentence.mentions[mention]?.choice);
  if (lead !== undefined && !inLists.has(lead) && !isTaken(lead))
    add(isDoubtfulLead(sentence, lead) ? 'unclear' : 'lead', lead);
  for (const { kind, pattern } of cues) {
    for (const match of sentence.text.matchAll(pattern)) {
      const offset = match.index + match[0].lastIndexOf(mark);
      const number = at(offset);
      if (number < 0 || number === lead || isTaken(number)) continue;
      if (inLists.has(number)) add('unclear', number);
      else {
        const doubt = doubtOf(sentence, match.index, offset);
        if (doubt !== 'negated') add(doubt === 'unsure' ? 'unclear' : kind, number);
      }
    }
  }
  return claims;
}

/** Which mentions stand side by side as "A or B" do. */
function listedMentions({ text, mentions }: Statement): ReadonlySet<number> {
  const found = new Set<number>();
  for (const match of text.matchAll(listed)) {
    const one = mentions.findIndex(({ at }) => at === match.index);
    const other = mentions[one + 1];
    if (!other || other.choice === mentions[one]?.choice) continue;
    found.add(one);
    found.add(one + 1);
  }
  return found;
}

function isDenied({ text }: Statement, at: number): boolean {
  return denials.test(text.slice(at + 1, at + 60)) || denied.test(text.slice(Math.max(0, at - 80), at));
}

/** The mention that the sentence begins with and that stands apart from what follows. */
function leadOf({ text, mentions, words }: Statement, choices: readonly string[]): number | undefined {
  const [first] = mentions;
  if (!first || first.at > 60 || goesThrough(text, mentions)) return undefined;
  const isNumber = /^\d+$/.test(first.choice);
  const isInterjection = interjections.has(first.choice.toLowerCase());
  const isLetter = /^\p{Lu}$/u.test(first.choice);
  if (leads.alone.test(text) && !(isNumber && choices.length > 1 && /^\d+[.)]$/.test(words))) return 0;
  if (leads.option.test(text)) return 0;
  // "1. First": a number before a sentence counts it.
  if (isNumber) return undefined;
  // "I, as a model": a pronoun, not the ninth option.
  if (first.choice === 'I' && !leads.fullStop.test(text)) return undefined;
  if (continues(words)) return undefined;
  if (leads.apart.test(text)) return 0;
  if (leads.fullStop.test(text)) return 0;
  if (isInterjection && leads.interjection.test(text)) return 0;
  return isLetter && /^[([]?.[)\]]?, /u.test(text) && first.choice !== 'A' ? 0 : undefined;
}

/** "A: 3, B: 4", "A) red B) blue C) green": the options, each with what it stands for. */
function goesThrough(text: string, mentions: Statement['mentions']): boolean {
  const marked = (sign: RegExp) =>
    new Set(mentions.filter(({ at }) => sign.test(text.slice(at + 1, at + 3))).map(({ choice }) => choice)).size;
  return marked(/^ ?[:=]/) > 1 || marked(/^\)/) > 2;
}

/** "E. coli", "No. 5": what follows the full stop goes on with the word before it. */
function continues(words: string): boolean {
  return /^\P{L}*\p{L}+[)\]]?\. ?(?:\d|(?!because|since)\p{Ll})/u.test(words);
}

/** A first word that is taken back, weakened or bound to a condition in its own sentence. */
function isDoubtfulLead({ text, mentions }: Statement, lead: number): boolean {
  const at = mentions[lead]?.at ?? 0;
  const rest = text.slice(at + 1);
  if (hedgedLead.test(rest.slice(0, 80)) || hedges.test(text.slice(0, at))) return true;
  return conditions.test(beforeReasons(rest));
}

/** Why a sentence that says of a choice that it is the answer does not settle it. */
function doubtOf({ text }: Statement, start: number, at: number): 'negated' | 'unsure' | undefined {
  const lead = text.slice(0, at);
  let from = 0;
  for (const match of lead.matchAll(turns)) if (match.index <= start + 2) from = match.index + match[0].length;
  const scope = lead.slice(from);
  if (negators.test(scope.replaceAll(mark, ' '))) return 'negated';
  const rest = beforeReasons(text.slice(at + 1));
  if (reported.test(scope) || hedges.test(scope) || hedges.test(rest) || conditions.test(rest)) return 'unsure';
  return undefined;
}

function beforeReasons(rest: string): string {
  const reason = reasons.exec(rest);
  return reason ? rest.slice(0, reason.index) : rest;
}
