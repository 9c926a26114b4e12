/** What a caller who wrote an unknown name may have meant: other services' names for the same thing, and slips of the pen. Pure. */

/** Names of OpenAI's and Anthropic's APIs, and ours for the same. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['max_tokens', 'max_output_tokens'],
  ['max_completion_tokens', 'max_output_tokens'],
  ['model', 'tier'],
  ['prompt', 'input'],
  ['query', 'input'],
  ['system', 'instructions'],
  ['system_prompt', 'instructions'],
  ['stop_sequences', 'stop'],
  ['documents', 'sources'],
  ['context', 'sources'],
  ['timeout', 'budget.deadline_ms'],
  ['callback_url', 'webhook'],
  ['webhook_url', 'webhook'],
]);

/** The known name that the caller probably meant. */
export function meantName(unknown: string, known: readonly string[]): string | undefined {
  const other = otherNames.get(unknown);
  if (other !== undefined && known.includes(other.split('.')[0] ?? other)) return other;
  const written = plain(unknown);
  if (written.length > 40) return undefined;
  const most = written.length < 4 ? 1 : 2;
  const [nearest] = known
    .map((name) => ({ name, distance: distance(written, plain(name)) }))
    .filter((each) => each.distance <= most)
    .sort((one, another) => one.distance - another.distance);
  return nearest?.name;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** How many letters must be put in, left out or replaced. https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [place, another] of [...other].entries()) {
      const replaced = (row[place] ?? 0) + (letter === another ? 0 : 1);
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
