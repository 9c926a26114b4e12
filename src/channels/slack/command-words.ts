/** What somebody types after `/reflect`: a question, or a word about the settings of the channel. */
import type { RoomSettings, Unfit } from '../channel.ts';
import {
  questionLanguage,
  readLanguage,
  readTier,
  type SettingChange,
  settingsSentence,
  tierList,
} from '../setting-words.ts';

export type CommandWords =
  | { readonly type: 'ask' }
  | { readonly type: 'usage' }
  /** An empty change asks for the settings as they stand. */
  | { readonly type: 'settings'; readonly change: Partial<RoomSettings> }
  | Unfit;

export const commandName = '/reflect';

export const usage = [
  `\`${commandName} Is this true?\` answers a question. In a thread, write my name instead.`,
  `\`${commandName} settings\` shows how this channel is answered.`,
  `\`${commandName} set tier quality\`: ${tierList}.`,
  `\`${commandName} set language Korean\`, or \`${questionLanguage}\` for that of the question.`,
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
  if (second === 'tier' && rest.length <= 1) return settingOf(readTier(rest[0]));
  const language = words.slice(2).join(' ');
  if (second === 'language' && language.length <= 60) return settingOf(readLanguage(language));
  if (words.length > 3) return { type: 'ask' };
  return { type: 'unfit', message: 'What is to be set? There are `tier` and `language`.' };
}

function settingOf(read: SettingChange | Unfit): CommandWords {
  return read.type === 'unfit' ? read : { type: 'settings', change: read.change };
}

/** The settings as they stand, in one line. */
export function settingsInWords(settings: RoomSettings): string {
  return `${settingsSentence(settings)} \`${commandName} help\` says how to change that.`;
}
