/** JSON inside what a model wrote around it: fences, a preamble, a trailing remark. */

/**
 * The first JSON object that the text holds, or undefined. An object that was cut off is closed after its last complete part.
 * Linear in the text: each brace is visited once for every candidate, at most eight.
 */
export function extractJson(text: string): unknown {
  const whole = parse(text.trim());
  if (whole !== undefined) return whole;
  let from = 0;
  for (let candidate = 0; candidate < 8; candidate += 1) {
    const start = text.indexOf('{', from);
    if (start < 0) return undefined;
    const end = balancedEnd(text, start);
    const found = end === undefined ? parse(closed(text.slice(start))) : parse(text.slice(start, end));
    if (found !== undefined) return found;
    from = start + 1;
  }
  return undefined;
}

function parse(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return withoutTrailingCommas(text);
  }
}

function withoutTrailingCommas(text: string): unknown {
  try {
    return JSON.parse(text.replace(/,(?=\s{0,100}[}\]])/g, ''));
  } catch {
    return undefined;
  }
}

/** The index after the brace that closes the one at `start`, strings respected. */
function balancedEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let end: number | undefined;
  walk(text.slice(start), (character, index) => {
    if (end !== undefined) return;
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (depth === 0) end = start + index + 1;
  });
  return end;
}

/** An object that was cut off, ended after the last part of it that is complete. */
function closed(cut: string): string {
  let end = 0;
  walk(cut, (character, index) => {
    if (character === ',') end = index;
    else if (character === '}' || character === ']') end = index + 1;
  });
  const complete = cut.slice(0, end);
  const open: string[] = [];
  walk(complete, (character) => {
    if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if (character === '}' || character === ']') open.pop();
  });
  return complete + open.reverse().join('');
}

/** Visits every character outside strings. */
function walk(text: string, visit: (character: string, index: number) => void): void {
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (inString) {
      if (character === '\\') index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else visit(character, index);
  }
}
