/** The languages that the page speaks. */
import { english } from './english.ts';
import { korean } from './korean.ts';
import type { Texts } from './texts.ts';

export const languages = { en: english, ko: korean } as const satisfies Record<string, Texts>;
export type Language = keyof typeof languages;

/** A language that was chosen before, or the browser's. */
export function usualLanguage(chosen: string | null, browser: string): Language {
  if (chosen === 'en' || chosen === 'ko') return chosen;
  return browser.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
