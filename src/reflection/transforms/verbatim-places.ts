/** Places where signs are not punctuation: code, addresses, formulas, markup. */
import { fences } from '../checks/blocks.ts';
import { isJson } from '../checks/json/is-json.ts';

/** Stands for what is set aside: a private character, neither letter nor space. */
const placeholder = '\uE000';

const inlineCode = '`[^`\\r\\n]+`';
const others = [
  // Formulas
  '\\\\\\([^\\r\\n]{0,400}?\\\\\\)',
  '\\\\\\[[^\\r\\n]{0,400}?\\\\\\]',
  // Addresses
  '\\]\\([^()\\s]{1,400}\\)',
  '(?:https?:\\/\\/|www\\.)[^\\s<>"]*[^\\s<>".,;:!?…)\\]*_–—]',
  '(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]+(?:\\.[\\w-]+)+',
  // Tags and signs of HTML
  '<\\/?[a-z][^<>\\r\\n]{0,300}>',
  '&(?:#\\d{1,6}|[a-z]{2,10});',
  // Calls: "f(x,y)"
  '(?<![\\p{L}\\p{N}_.])[\\p{L}_][\\p{L}\\p{N}_.]{0,60}\\([^()\\s]{0,200}\\)',
].join('|');
const patterns = {
  withCode: new RegExp(`${inlineCode}|${others}`, 'giu'),
  withoutCode: new RegExp(others, 'giu'),
} as const;

/**
 * Rewrites the text without touching those places; `inlineCode` says whether code within a line is one of them. JSON is one as a whole, and a
 * text that holds the placeholder itself is given back as it is.
 */
export function aroundVerbatim(text: string, inlineCode: boolean, rewrite: (text: string) => string): string {
  if (text.includes(placeholder) || isJson(text)) return text;
  const kept: string[] = [];
  const keep = (place: string): string => {
    kept.push(place);
    return placeholder;
  };
  const pattern = patterns[inlineCode ? 'withCode' : 'withoutCode'];
  let from = 0;
  let masked = '';
  for (const { span } of fences(text)) {
    masked += text.slice(from, span[0]).replace(pattern, keep) + keep(text.slice(...span));
    from = span[1];
  }
  masked += text.slice(from).replace(pattern, keep);
  let next = 0;
  return rewrite(masked).replaceAll(placeholder, () => kept[next++] ?? '');
}
