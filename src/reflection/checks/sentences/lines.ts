/** A text's lines sorted by what a reader takes them for: prose, list items, headings, the salutation and the sign-off of a letter. */
import { allLines, withoutFences } from '../blocks.ts';
import type { Span } from '../check.ts';

/** `prose` holds sentences; `item` is a list item; `label` may be a sentence or none; `none` is no sentence. */
export type LineKind = 'prose' | 'item' | 'label' | 'none';

/** A block of lines; no sentence goes on from one block to the next. */
export interface Block {
  readonly span: Span;
  readonly kind: LineKind;
}

const listMarker = /^\s*(?:[-*+•–●◦▪‣·]|\(?(?:\d{1,3}|[a-z])\)|\d{1,3}\.)\s+/;
const greetings = String.raw`dear|hello|hi|hey|good (?:morning|afternoon|evening)|to whom|sehr geehrte[rs]?|liebe[rs]?|hallo|guten (?:tag|morgen|abend)|estimad[oa]s?|querid[oa]s?|hola|buen[oa]s|cher|chère|chers|chères|bonjour|bonsoir|madame|monsieur|mesdames|messieurs|gentile|gentili|egregi[oa]|spettabile|car[oaie]|buongiorno|ciao|prezad[oa]s?|car[oa]s?|olá|bom dia|boa tarde|geachte|beste|lieve|уважаем\p{L}*|дорог\p{L}*|здравствуйте`;
const salutation = new RegExp(String.raw`^(?:${greetings})(?!\p{L})[^!?\n]{0,60}[,:，：]\s*$`, 'iu');
/** A greeting such as "Hi Tom!" where a salutation stands, without words such as "I", "you" or "is", which make it a sentence. */
const exclaimed = new RegExp(
  String.raw`^¡?(?:${greetings}|greetings|salut|coucou|moin|servus|grüß (?:gott|dich|euch))(?!\p{L})(?!.*(?<!\p{L})(?:i|i['’]m|we|we['’]re|you|it|it['’]s|is|are|my|our|welcome|ich|wir|willkommen|es|ist|soy|somos|es|bienvenid\p{L}*|je|nous|c['’]est|est|bienvenue)(?!\p{L}))[^!?¡\n]{0,60}[!！]$`,
  'iu',
);
const eastAsianExclaimed =
  /^(?:(?:안녕하(?:세요|십니까)|亲爱的|尊敬的|您好|你好|大家好|各位|こんにちは|こんばんは|おはようございます)[^.。!！?？\n]{0,20}|[^.。!！?？\n]{1,20}[,，、]?\s?(?:안녕하(?:세요|십니까)|您好|你好|大家好|こんにちは|こんばんは|おはようございます))[!！]$/u;
const eastAsianSalutation =
  /^(?:亲爱的|尊敬的|您好|你好|各位)[^。！？\n]{0,30}[：:，,]$|^[^。！？\n]{1,20}(?:様|さま|御中|님께|님|께)[、,，]?$|^(?:拝啓|안녕하세요,?)$/u;
const closing =
  /^(?:(?:with |my |our |many )?(?:best|kind|kindest|warm|warmest)?\s?(?:regards|wishes)|all the best|best|sincerely(?: yours)?|yours(?: sincerely| faithfully| truly)?|respectfully|cheers|love|(?:many )?thanks(?: again| in advance)?|thank you|take care|see you(?: soon| then| there)?|(?:talk|speak)(?: to you)? soon|until (?:then|soon)|have a (?:great|good|nice|lovely) (?:day|evening|week|weekend)|with (?:love|gratitude|appreciation)|warmly|cordially|(?:mit )?(?:freundlichen|besten|herzlichen|lieben|vielen)? ?(?:freundliche|beste|herzliche|liebe|viele)? ?grüßen?|hochachtungsvoll|ihr|ihre|euer|eure|dein|deine|(?:un )?(?:cordial|afectuoso) saludo|atentamente|saludos(?: cordiales)?|un (?:saludo|abrazo)|cordialement|bien (?:cordialement|à vous)|amicalement|sincères salutations|salutations(?: distinguées)?|bises|cordiali saluti|distinti saluti|(?:un )?(?:caro|cordiale) saluto|saluti|atenciosamente|com os melhores cumprimentos|cumprimentos|abraços?|met vriendelijke groet(?:en)?|vriendelijke groet(?:en)?|hartelijke groet(?:en)?|groet(?:en|jes)?|с уважением|敬具|此致|敬礼|祝好|敬上|감사합니다|드림|よろしくお願いいたします)[,，!.]?$/iu;
const subject =
  /^\**(?:subject|re|betreff|asunto|objet|oggetto|assunto|onderwerp|тема|件名|主题|主旨|제목)\**\s?[:：]/iu;
const endMark = /[.!?…。！？।؟۔։。．｡]["'”’»«“)\]}*_`」』）】》〉\s]*$/u;

/** Whether a line is a list's item. */
export function isListItem(line: string): boolean {
  return listMarker.test(line);
}

/** Whether a line belongs to what follows it: a heading, a label, "The steps are:". */
export function announcesNext(line: string): boolean {
  const bare = line.trim();
  return (
    /^#{1,6}\s|[:：][*_"”’)]{0,4}$|^[*_=-]{3,}$/.test(bare) ||
    /^(?:\d{1,3}[.)]\s)?(\*\*|__)[^*_]{1,120}\1:?$/.test(bare)
  );
}

/** Whether a line greets, as a letter begins. */
export function isSalutation(line: string): boolean {
  return salutation.test(line.trim()) || eastAsianSalutation.test(line.trim());
}

/** Whether a line takes leave, as a letter ends. */
export function isSignOff(line: string): boolean {
  return closing.test(line.replace(/[*_]/g, '').trim());
}

/** The lines that sign off a letter, any postscript aside; undefined where there are none. */
export function signOffOf(text: string): Span | undefined {
  const prose = proseOf(text);
  const all = allLines(prose);
  const [from, to] = signatureLines(prose, all);
  const [first, last] = [all[from], all[to - 1]];
  return first && last ? [first[0], last[1]] : undefined;
}

/** Words in a line, as far as a limit: enough to tell a label from a sentence. */
function wordCount(line: string): number {
  return line.slice(0, 400).match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu)?.length ?? 0;
}

/** The prose of the text, with code and what is no prose blanked out, each character keeping its place. */
export function proseOf(text: string): string {
  return withoutFences(text)
    .replace(/^[^\S\r\n]*(?:>[^\S\r\n]?)+/gm, (marks) => ' '.repeat(marks.length))
    .replace(/<<[^<>\r\n]{1,200}>>/g, (title) => ' '.repeat(title.length));
}

/** The blocks of the prose that hold letters or digits. */
export function blocksOf(prose: string): Block[] {
  const found: Block[] = [];
  const all = allLines(prose);
  const signature = signatureLines(prose, all);
  let open: { start: number; end: number; kind: LineKind } | undefined;
  const close = (): void => {
    if (open) found.push({ span: [open.start, open.end], kind: open.kind });
    open = undefined;
  };
  for (const [index, [start, end]] of all.entries()) {
    const line = prose.slice(start, end);
    if (!/[\p{L}\p{N}]/u.test(line)) {
      // A line of signs under a line of text makes that a heading.
      if (open && /^={3,}\s*$/.test(line)) open.kind = 'none';
      close();
      continue;
    }
    const marker = listMarker.exec(line)?.[0].length ?? 0;
    const isSignature = index >= signature[0] && index < signature[1];
    const isFirst = found.length === 0 && !open;
    const alone =
      isFirst && isExclaimedSalutation(prose, [start, end]) ? 'none' : standsAlone(line.trim(), isFirst, isSignature);
    if (alone !== undefined || marker > 0) close();
    if (alone === 'heading') continue;
    if (alone !== undefined) found.push({ span: [start, end], kind: alone });
    else if (open) open.end = end;
    else open = { start: start + marker, end, kind: marker > 0 ? 'item' : 'prose' };
  }
  close();
  return found;
}

/** Whether a line greets with an exclamation mark, and a letter's text comes after a blank line. */
function isExclaimedSalutation(prose: string, [start, end]: Span): boolean {
  const line = prose.slice(start, end).trim();
  if (line.length > 80 || !/^\s*?\n\s*?(?:\n|\r)/.test(prose.slice(end, end + 20))) return false;
  if (!/[\p{L}\p{N}]/u.test(prose.slice(end))) return false;
  return eastAsianExclaimed.test(line) || (exclaimed.test(line) && wordCount(line) <= 5);
}

/** What a line is that belongs to no other; undefined where it is prose. `heading` is left out altogether. */
function standsAlone(line: string, isFirst: boolean, isSignature: boolean): LineKind | 'heading' | undefined {
  if (/^(?:#{1,6}\s|\|)/.test(line)) return 'heading';
  if (isSignature) return endMark.test(line) ? 'label' : 'none';
  if (subject.test(line) && line.length < 120) return 'none';
  if (salutation.test(line) || (isFirst && eastAsianSalutation.test(line))) return 'none';
  const emphasised = /^(?:\d{1,3}[.)]\s)?(\*\*|__)(?!\s)([^*_]{1,120})\1:?$/.exec(line)?.[2];
  if (emphasised !== undefined && !endMark.test(emphasised)) return wordCount(emphasised) > 8 ? 'label' : 'none';
  return undefined;
}

/** The lines of a letter's sign-off, from "Best regards" to the name, before any postscript; none where there is none. */
function signatureLines(prose: string, all: readonly Span[]): Span {
  let end = all.length;
  let seen = 0;
  for (let index = all.length - 1; index > 0 && seen < 8; index -= 1) {
    const line = prose.slice(...(all[index] ?? [0, 0])).trim();
    if (line === '') continue;
    seen += 1;
    if (/^[*_]*p\.?\s?s\b/i.test(line)) end = index;
    else if (line.length > 80) break;
    else if (isSignOff(line) && signsOff(prose, all.slice(index, end))) return [index, end];
  }
  return [all.length, all.length];
}

/** "Thanks!" alone is a sentence; with a comma after it or a name below, it signs off. */
function signsOff(prose: string, from: readonly Span[]): boolean {
  const [line = '', ...below] = from.map((span) => prose.slice(...span).trim()).filter((each) => each !== '');
  if (below.length === 0) return !/[.!]$/.test(line);
  return below.every((each) => wordCount(each) <= 8 && !/^(?:#|\||[*+•]\s)/.test(each));
}

/** Whether a block that ends without a mark is a sentence only to some: a label, a bare list item, a short line. */
export function isFragment(block: string, kind: LineKind): boolean {
  if (endMark.test(block)) return false;
  if (kind === 'item' || kind === 'label') return true;
  const count = wordCount(block);
  return /[:：]\s*[*_]*\s*$/.test(block) ? count <= 4 : count <= 8;
}
