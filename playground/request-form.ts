/** The form as a request, and a request as something to paste. Pure. */
import type { ReflectionBody } from '../src/reflection/request.ts';

type DeclaredCheck = NonNullable<ReflectionBody['checks']>[number];

/** The checks that the form offers, each with what its one field means. */
export const offeredChecks = {
  max_words: { label: 'words ≤', usual: '60', toCheck: (value) => ({ type: 'words', max: wholeOf(value) }) },
  min_words: { label: 'words ≥', usual: '20', toCheck: (value) => ({ type: 'words', min: wholeOf(value) }) },
  sentences: { label: 'sentences =', usual: '3', toCheck: (value) => ({ type: 'sentences', exactly: wholeOf(value) }) },
  no_commas: {
    label: 'without',
    usual: ',',
    toCheck: (value) => ({ type: 'forbidden_characters', characters: [...new Set(value)] }),
  },
  keywords: { label: 'includes', usual: 'bridge', toCheck: (value) => ({ type: 'keywords', keywords: listOf(value) }) },
  json: { label: 'JSON', usual: null, toCheck: () => ({ type: 'json' }) },
  regex: { label: 'matches', usual: '\\d{4}', toCheck: (value) => ({ type: 'regex', pattern: value }) },
} as const satisfies Record<
  string,
  { readonly label: string; readonly usual: string | null; readonly toCheck: (value: string) => DeclaredCheck }
>;

export type OfferedCheck = keyof typeof offeredChecks;

export function isOffered(name: string): name is OfferedCheck {
  return Object.hasOwn(offeredChecks, name);
}

function wholeOf(value: string): number {
  return Math.max(0, Math.round(Number(value) || 0));
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
  Python: (origin, body) =>
    `import json, os, urllib.request\n\nbody = json.loads(r'''${JSON.stringify(body, null, 2)}''')\nrequest = urllib.request.Request(\n    "${origin}/v1/reflections",\n    json.dumps(body).encode(),\n    {"authorization": f"Bearer {os.environ['API_KEY']}", "content-type": "application/json"},\n)\nanswer = json.load(urllib.request.urlopen(request))\nprint(answer["output"], answer["decision"])`,
} as const satisfies Record<string, (origin: string, body: ReflectionBody) => string>;
