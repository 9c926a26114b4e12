/** What Python's `json.loads` takes for JSON. https://docs.python.org/3/library/json.html */

/** Strings, so that nothing in them counts, and the numbers that JavaScript does not know in JSON. */
const stringOrNumber = /"(?:[^"\\]+|\\[\s\S])*"?|-?Infinity|NaN/g;

/** Whether it is JSON to Python, which has `NaN`, `Infinity` and `-Infinity` wherever a value may stand. */
export function isPythonJson(text: string): boolean {
  try {
    JSON.parse(text.replace(stringOrNumber, (found) => (found.startsWith('"') ? found : 'null')));
    return true;
  } catch {
    return false;
  }
}
