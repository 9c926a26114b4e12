/** The form as a request, and a request as something to paste. Pure. */
import type { ReflectionBody, TierName } from '../src/reflection/request.ts';

type DeclaredCheck = NonNullable<ReflectionBody['checks']>[number];

/** Of the form's buttons. The engine's own list would bring along all that reads requests. */
export const tiers = ['fast', 'balanced', 'quality', 'max'] as const satisfies readonly TierName[];

interface Offered {
  /** What its one field takes; null where it has none. */
  readonly takes: 'number' | 'text' | 'pattern' | null;
  readonly usual: string;
  readonly toCheck: (value: string) => DeclaredCheck;
}

/** The checks that the form offers, each with what its one field means. */
export const offeredChecks = {
  max_words: { takes: 'number', usual: '60', toCheck: (value) => ({ type: 'words', max: Number(value) }) },
  min_words: { takes: 'number', usual: '20', toCheck: (value) => ({ type: 'words', min: Number(value) }) },
  sentences: { takes: 'number', usual: '3', toCheck: (value) => ({ type: 'sentences', exactly: Number(value) }) },
  no_commas: {
    takes: 'text',
    usual: ',',
    toCheck: (value) => ({ type: 'forbidden_characters', characters: [...new Set(value)] }),
  },
  keywords: { takes: 'text', usual: '', toCheck: (value) => ({ type: 'keywords', keywords: listOf(value) }) },
  json: { takes: null, usual: '', toCheck: () => ({ type: 'json' }) },
  regex: { takes: 'pattern', usual: '', toCheck: (value) => ({ type: 'regex', pattern: value }) },
} as const satisfies Record<string, Offered>;

export type OfferedCheck = keyof typeof offeredChecks;

export function isOffered(name: string): name is OfferedCheck {
  return Object.hasOwn(offeredChecks, name);
}

/** What is wrong with the value of a check, if anything. */
export function unfit(kind: OfferedCheck, value: string): 'needsNumber' | 'needsValue' | 'badPattern' | null {
  const takes: Offered['takes'] = offeredChecks[kind].takes;
  if (takes === null) return null;
  if (takes === 'number') return /^[1-9]\d{0,5}$/.test(value.trim()) ? null : 'needsNumber';
  if (value.trim() === '') return 'needsValue';
  return takes === 'pattern' && !isPattern(value) ? 'badPattern' : null;
}

/** RE2, which the service uses, knows less than this: it says so itself. */
function isPattern(value: string): boolean {
  try {
    return new RegExp(value) !== null;
  } catch {
    return false;
  }
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Programs that send the body. The key stays out: they read it from the environment. */
export const snippets = {
  curl: (origin, body) =>
    `curl ${origin}/v1/reflections \\\n  -H "authorization: Bearer $API_KEY" \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  JavaScript: (origin, body) =>
    `const answer = await fetch('${origin}/v1/reflections', {\n  method: 'POST',\n  headers: { authorization: \`Bearer \${process.env.API_KEY}\`, 'content-type': 'application/json' },\n  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),\n});\nconst { output, decision } = await answer.json();`,
  // A JSON string is one of Python, too, whatever stands in it.
  Python: (origin, body) =>
    `import json, os, urllib.request\n\nrequest = urllib.request.Request(\n    "${origin}/v1/reflections",\n    ${JSON.stringify(JSON.stringify(body))}.encode(),\n    {"authorization": f"Bearer {os.environ['API_KEY']}", "content-type": "application/json"},\n)\nanswer = json.load(urllib.request.urlopen(request))\nprint(answer["output"], answer["decision"])`,
} as const satisfies Record<string, (origin: string, body: ReflectionBody) => string>;
