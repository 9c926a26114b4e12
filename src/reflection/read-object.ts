/** Reading the JSON object that a model was asked for, out of what it wrote around it: fences, a preamble, a trailing remark. */
import { candidates, mended, visitOutsideStrings } from './checks/json-extraction.ts';

/** The first JSON object that the text holds, or undefined. An object that was cut off is closed after its last complete part. */
export function readObject(text: string): unknown {
  for (const candidate of candidates(text, '{', closed)) {
    const json = candidate.startsWith('{') ? mended(candidate) : undefined;
    if (json !== undefined) return JSON.parse(json);
  }
  return undefined;
}

/** An object that was cut off, ended after the last part of it that is complete. */
function closed(cut: string): string {
  let end = 0;
  visitOutsideStrings(cut, 0, (character, at) => {
    if (character === ',') end = at;
    else if (character === '}' || character === ']') end = at + 1;
    return true;
  });
  const complete = cut.slice(0, end);
  const open: string[] = [];
  visitOutsideStrings(complete, 0, (character) => {
    if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') open.pop();
    return true;
  });
  return complete + open.reverse().join('');
}
