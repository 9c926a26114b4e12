/** The commands that people find in Discord. `npm run discord:register` tells Discord of them. https://discord.com/developers/docs/interactions/application-commands */
import { tierNames } from '../../reflection/request.ts';
import { questionLanguage, tierWords } from '../setting-words.ts';

/** Of a command. */
export const commandTypes = { chatInput: 1, message: 3 } as const;
/** Of an option. */
export const optionTypes = { string: 3, boolean: 5 } as const;

/** Anywhere: in servers, in private messages with the bot, and in those between others. */
const everywhere = { integration_types: [0, 1], contexts: [0, 1, 2] } as const;

export const reflectCommand = 'reflect';
export const reflectOnThisCommand = 'Reflect on this';
export const settingsCommand = 'reflect-settings';

/** Manage Server, as Discord writes permissions. https://discord.com/developers/docs/topics/permissions */
const manageServer = '32';
const longestLanguage = 40;

/** The longest question that Discord lets somebody type. */
const longestPrompt = 6_000;

export const commands = [
  {
    name: reflectCommand,
    type: commandTypes.chatInput,
    description: 'An answer that was looked at twice',
    options: [
      {
        name: 'prompt',
        type: optionTypes.string,
        description: 'What to answer',
        required: true,
        max_length: longestPrompt,
      },
      {
        name: 'tier',
        type: optionTypes.string,
        description: 'How large the models are that answer',
        choices: tierNames.map((tier) => ({ name: tier, value: tier })),
      },
      { name: 'private', type: optionTypes.boolean, description: 'Shown to you alone' },
    ],
    ...everywhere,
  },
  { name: reflectOnThisCommand, type: commandTypes.message, ...everywhere },
  {
    name: settingsCommand,
    type: commandTypes.chatInput,
    description: 'How this channel is answered',
    options: [
      {
        name: 'tier',
        type: optionTypes.string,
        description: 'How large the models are that answer here',
        choices: tierWords.map((tier) => ({ name: tier, value: tier })),
      },
      {
        name: 'language',
        type: optionTypes.string,
        description: `The language of answers, such as Korean; ${questionLanguage}: that of the question`,
        max_length: longestLanguage,
      },
      { name: 'on', type: optionTypes.boolean, description: 'Whether questions are answered here' },
    ],
    // Those who run a server may let others use it, or fewer.
    default_member_permissions: manageServer,
    integration_types: [0],
    contexts: [0],
  },
] as const;
