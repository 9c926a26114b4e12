/** What somebody types after `/reflect`: a question, or a word about the settings of the channel. */
import { tierNames } from '../../reflection/request.ts';
import type { RoomSettings } from '../channel.ts';

export type CommandWords =
  | { readonly type: 'ask' }
  | { readonly type: 'usage' }
  /** An empty change asks for the settings as they stand. */
  | { readonly type: 'settings'; readonly change: Partial<RoomSettings> }
  /** `message` says what was expected, and may be shown. */
  | { readonly type: 'unfit'; readonly message: string };

export const commandName = '/reflect';

/** What sets a setting back to the service's own. */
const ownTier = 'default';
const ownLanguage = 'auto';

/** As people name a language: "Korean", "français (Canada)". */
const languageName = /^[\p{L}\p{M}][\p{L}\p{M} ()-]{1,39}$/u;

const listed = new Intl.ListFormat('en', { type: 'disjunction' });
const tiers = listed.format([ownTier, ...tierNames]);

export const usage = [
  `\`${commandName} Is this true?\` answers a question. In a thread, write my name instead.`,
  `\`${commandName} settings\` shows how this channel is answered.`,
  `\`${commandName} set tier quality\`: ${tiers}.`,
  `\`${commandName} set language Korean\`, or \`${ownLanguage}\` for that of the question.`,
  `\`${commandName} off\` and \`${commandName} on\` switch answers here off and on.`,
].join('\n');

/** Words that begin like a setting and go on like a sentence are a question. */
export function readWords(text: string): CommandWords {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const [first = '', second = '', ...rest] = words.map((word) => word.toLowerCase());
  if (first === '' || (first === 'help' && second === '')) return { type: 'usage' };
  if (second === '') {
    if (first === 'settings') return { type: 'settings', change: {} };
    if (first === 'on' || first === 'off') return { type: 'settings', change: { isOn: first === 'on' } };
  }
  if (first !== 'set') return { type: 'ask' };
  if (second === 'tier' && rest.length <= 1) return setTier(rest[0]);
  const language = words.slice(2).join(' ');
  if (second === 'language' && language.length <= 60) return setLanguage(language);
  if (words.length > 3) return { type: 'ask' };
  return { type: 'unfit', message: 'What is to be set? There are `tier` and `language`.' };
}

function setTier(word: string | undefined): CommandWords {
  if (word === ownTier) return { type: 'settings', change: { tier: null } };
  const tier = tierNames.find((name) => name === word);
  return tier
    ? { type: 'settings', change: { tier } }
    : { type: 'unfit', message: `That is no tier. There are ${tiers}.` };
}

function setLanguage(name: string): CommandWords {
  if (name.toLowerCase() === ownLanguage) return { type: 'settings', change: { language: null } };
  return languageName.test(name)
    ? { type: 'settings', change: { language: name } }
    : { type: 'unfit', message: `That is no language. Name one, such as Korean, or say \`${ownLanguage}\`.` };
}

/** The settings as they stand, in one line. */
export function settingsInWords({ tier, language, isOn }: RoomSettings): string {
  const size = tier === null ? 'the usual tier' : `tier ${tier}`;
  const tongue = language === null ? 'in the language of the question' : `in ${language}`;
  const state = isOn ? 'Answers are on here' : 'Answers are off here';
  return `${state}: ${size}, ${tongue}. \`${commandName} help\` says how to change that.`;
}
