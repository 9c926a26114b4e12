/** Whether the text around a payload says that it is not the answer: "Do not send {…}", "{…} is wrong". */
import type { Span } from '../check.ts';
import { loadedLater } from '../loaded-later.ts';

/** The words that deny a choice also deny a payload. */
const wording = loadedLater(() => import('../choice/wording.ts'));

/** To be called where the check is prepared. */
export const prepareRejection = wording.prepare;

const outdated =
  /(?<!\p{L})(?:outdated|out of date|obsolete|expired|deprecated|draft|old|mistakes?|mistaken|errors?|veraltet|überholt|fehler\p{L}*|obsolet[oa]|desactualizad[oa]|caducad[oa]|obsolète|périmée?|erroné\p{L}*|erróne[oa])(?!\p{L})|오래된|틀렸|잘못|古い|間違|过时|错误|過時|錯誤/u;

/** Reads the clause before the payload, the rest of its sentence, and a next one that speaks of it. */
export function isRejected(text: string, [start, end]: Span): boolean {
  const { negators, denials, retractions, turns } = wording.loaded();
  const lead = /[^.!?。！？:：\n]*$/u.exec(plain(text.slice(Math.max(0, start - 80), start)))?.[0] ?? '';
  if (negators.test(lead.split(turns).at(-1) ?? '')) return true;
  const tail = plain(text.slice(end, end + 160)).replace(/^\s*(?:```|~~~)/, '');
  const [same = ''] = /^[^.!?。！？\n]*/u.exec(tail) ?? [];
  if (denials.test(tail) || negators.test(same) || outdated.test(same)) return true;
  const [next = ''] = /^[\s.!?。！？]*[^.!?。！？\n]*/u.exec(tail.slice(same.length)) ?? [];
  const ofIt =
    /^[\s.!?]*(?:(?:but |however,? )?(?:this|that|it|which|the above|das|dies\p{L}*|es|eso|esto|cela|ce|c'est)(?!\p{L})|do not|don't|never)/u;
  return retractions.test(next) || (ofIt.test(next) && (negators.test(next) || outdated.test(next)));
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('’', "'");
}
