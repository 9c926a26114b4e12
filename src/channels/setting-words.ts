/** A room's settings in words, as people write and read them in every channel. Pure. */
import { tierNames } from '../reflection/request.ts';
import type { RoomSettings, Unfit } from './channel.ts';

/** What sets a setting back to the service's own. */
export const defaultTier = 'default';
export const questionLanguage = 'auto';

/** What may be said for a tier. */
export const tierWords = [defaultTier, ...tierNames] as const;
export const tierList = new Intl.ListFormat('en', { type: 'disjunction' }).format(tierWords);

/** As people name a language: "Korean", "français (Canada)". */
const languageName = /^[\p{L}\p{M}][\p{L}\p{M} ()-]{1,39}$/u;

export interface SettingChange {
  readonly type: 'change';
  readonly change: Partial<RoomSettings>;
}

export function readTier(word: unknown): SettingChange | Unfit {
  if (word === defaultTier) return { type: 'change', change: { tier: null } };
  const tier = tierNames.find((name) => name === word);
  return tier
    ? { type: 'change', change: { tier } }
    : { type: 'unfit', message: `That is no tier. There are ${tierList}.` };
}

export function readLanguage(words: unknown): SettingChange | Unfit {
  const name = typeof words === 'string' ? words.trim() : '';
  if (name.toLowerCase() === questionLanguage) return { type: 'change', change: { language: null } };
  return languageName.test(name)
    ? { type: 'change', change: { language: name } }
    : { type: 'unfit', message: `That is no language. Name one, such as Korean, or say ${questionLanguage}.` };
}

/** The settings as they stand, in one sentence. */
export function settingsSentence({ tier, language, isOn }: RoomSettings): string {
  const size = tier === null ? 'the usual tier' : `tier ${tier}`;
  const tongue = language === null ? 'in the language of the question' : `in ${language}`;
  return `Answers are ${isOn ? 'on' : 'off'} here: ${size}, ${tongue}.`;
}
