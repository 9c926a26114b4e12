/** How often each language has each run of one to three letters, from langdetect 1.0.9: ../../data/NOTICE-langdetect. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';

const schema = z.object({
  latin1_excluded: z.string(),
  vietnamese: z.object({ letters: z.string(), marks: z.string(), composed: z.array(z.string()) }),
  kanji_classes: z.array(z.string()),
  profiles: z.record(z.string(), z.object({ n_words: z.array(z.number()), freq: z.record(z.string(), z.number()) })),
});

/** The languages that have this run of letters, and its share of all their runs of this length. */
export interface Frequencies {
  readonly languages: number[];
  readonly shares: number[];
}

export interface LanguageProfiles {
  readonly languages: readonly string[];
  readonly frequencies: ReadonlyMap<string, Frequencies>;
  /** Letters of Latin-1 that count as a space. */
  readonly excluded: ReadonlySet<string>;
  /** A letter and a combining mark, and the Vietnamese letter that they make. */
  readonly vietnamese: ReadonlyMap<string, string>;
  /** What stands for a Chinese character among those that are as telling. */
  readonly kanji: ReadonlyMap<string, string>;
}

let loaded: LanguageProfiles | undefined;

/** Read once, when they are first needed: it takes a fifth of a second. */
export function languageProfiles(): LanguageProfiles {
  loaded ??= load();
  return loaded;
}

function load(): LanguageProfiles {
  const file = gunzipSync(readFileSync(new URL('../../data/langdetect-profiles.json.gz', import.meta.url)));
  const data = schema.parse(JSON.parse(file.toString('utf8')));
  const { letters, marks, composed } = data.vietnamese;
  const pairs = Array.from(marks).flatMap((mark, row) => {
    const made = Array.from(composed[row] ?? '');
    return Array.from(letters, (letter, column): [string, string] => [letter + mark, made[column] ?? letter + mark]);
  });
  return {
    languages: Object.keys(data.profiles),
    frequencies: frequenciesOf(Object.values(data.profiles)),
    excluded: new Set(data.latin1_excluded),
    vietnamese: new Map(pairs),
    kanji: new Map(
      data.kanji_classes.flatMap((members) => {
        const [first = '', ...others] = Array.from(members);
        return [first, ...others].map((member): [string, string] => [member, first]);
      }),
    ),
  };
}

type Profile = z.output<typeof schema>['profiles'][string];

function frequenciesOf(profiles: readonly Profile[]): Map<string, Frequencies> {
  const found = new Map<string, Frequencies>();
  for (const [language, { freq, n_words: totals }] of profiles.entries()) {
    for (const [gram, count] of Object.entries(freq)) {
      const total = totals[Array.from(gram).length - 1];
      if (total === undefined) continue;
      const entry = found.get(gram) ?? { languages: [], shares: [] };
      entry.languages.push(language);
      entry.shares.push(count / total);
      found.set(gram, entry);
    }
  }
  return found;
}
