/** What Discord takes as commands at most, and what it refuses. Written by hand for this project, from the documentation that each case names. */
import type { MessageLimit } from './message-limits.ts';

const docs = 'https://discord.com/developers/docs';
const reflect = { name: 'reflect', type: 1, description: 'Answers' };
const named = (type: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `c${index}`,
    type,
    ...(type === 1 && { description: 'Answers' }),
  }));
const option = (change: object = {}) => ({ name: 'prompt', type: 3, description: 'What', ...change });
const withOptions = (...options: object[]) => [{ ...reflect, options }];
const commandStructure = `${docs}/interactions/application-commands#application-command-object-application-command-structure`;
const optionStructure = `${docs}/interactions/application-commands#application-command-object-application-command-option-structure`;
const naming = `${docs}/interactions/application-commands#application-command-object-application-command-naming`;
const registering = `${docs}/interactions/application-commands#registering-a-command`;

const choosable = (name: number, value: number) =>
  withOptions(option({ choices: [{ name: 'n'.repeat(name), value: 'v'.repeat(value) }] }));
const optionsOf = (count: number) =>
  withOptions(...Array.from({ length: count }, (_, index) => option({ name: `o${index}` })));
/** Of so many characters in all: a name of 7, a description of 7, and options of 101 with choices of 100. */
const long = (length: number) => {
  const choices = Array.from({ length: 25 }, (_, index) => ({ name: 'n'.repeat(100), value: `${index}`.padEnd(100) }));
  const first = option({ name: 'a', description: 'd', choices });
  const rest = length - 14 - 5_002;
  const more = Array.from({ length: 24 }, (_, index) => {
    const characters = Math.floor(rest / 24) + (index < rest % 24 ? 1 : 0);
    const description = 'd'.repeat(100);
    return option({
      name: `o${index}`.padEnd(3, 'o'),
      description,
      choices: [{ name: 'n', value: 'v'.repeat(characters - 104) }],
    });
  });
  return withOptions(first, ...more);
};
const commandLimit = `${docs}/interactions/application-commands#slash-commands`;
const choiceStructure = `${docs}/interactions/application-commands#application-command-object-application-command-option-choice-structure`;

export const commandLimits: readonly Omit<MessageLimit, 'code' | 'error'>[] = [
  {
    limit: '32 characters of a name',
    source: naming,
    passes: [{ ...reflect, name: 'x'.repeat(32) }],
    refused: [{ ...reflect, name: 'x'.repeat(33) }],
  },
  { limit: 'a name in lower case', source: naming, passes: [reflect], refused: [{ ...reflect, name: 'Reflect' }] },
  {
    limit: 'a name without spaces',
    source: naming,
    passes: [{ name: 'Reflect on this', type: 3 }],
    refused: [{ ...reflect, name: 'reflect on' }],
  },
  {
    limit: '100 characters of a description',
    source: commandStructure,
    passes: [{ ...reflect, description: 'x'.repeat(100) }],
    refused: [{ ...reflect, description: 'x'.repeat(101) }],
  },
  { limit: 'a description', source: commandStructure, passes: [reflect], refused: [{ name: 'reflect', type: 1 }] },
  {
    limit: 'no description of a message command',
    source: commandStructure,
    passes: [{ name: 'Reflect', type: 3 }],
    refused: [{ name: 'Reflect', type: 3, description: 'Answers' }],
  },
  {
    limit: 'one command of a name',
    source: commandStructure,
    passes: [reflect, { name: 'reflect', type: 3 }],
    refused: [reflect, reflect],
  },
  { limit: '100 commands to type', source: registering, passes: named(1, 100), refused: named(1, 101) },
  { limit: '15 message commands', source: registering, passes: named(3, 15), refused: named(3, 16) },
  {
    limit: '6,000 characters of an option',
    source: optionStructure,
    passes: withOptions(option({ max_length: 6_000 })),
    refused: withOptions(option({ max_length: 6_001 })),
  },
  {
    limit: 'required options first',
    source: optionStructure,
    passes: withOptions(option({ required: true }), option({ name: 'tier' })),
    refused: withOptions(option({ name: 'tier' }), option({ required: true })),
  },
  {
    limit: '25 choices',
    source: optionStructure,
    passes: withOptions(option({ choices: Array(25).fill({ name: 'fast', value: 'fast' }) })),
    refused: withOptions(option({ choices: Array(26).fill({ name: 'fast', value: 'fast' }) })),
  },
  { limit: '15 user commands', source: registering, passes: named(2, 15), refused: named(2, 16) },
  {
    limit: '32 characters of a message command’s name',
    source: naming,
    passes: [{ name: 'x'.repeat(32), type: 3 }],
    refused: [{ name: 'x'.repeat(33), type: 3 }],
  },
  { limit: '25 options', source: commandStructure, passes: optionsOf(25), refused: optionsOf(26) },
  {
    limit: '100 characters of a choice',
    source: choiceStructure,
    passes: choosable(100, 1),
    refused: choosable(101, 1),
  },
  {
    limit: '100 characters of a choice’s value',
    source: choiceStructure,
    passes: choosable(1, 100),
    refused: choosable(1, 101),
  },
  {
    limit: '6,000 characters that an option needs',
    source: optionStructure,
    passes: withOptions(option({ min_length: 6_000 })),
    refused: withOptions(option({ min_length: 6_001 })),
  },
  {
    limit: '11 types of options',
    source: optionStructure,
    passes: withOptions(option({ type: 11 })),
    refused: withOptions(option({ type: 12 })),
  },
  { limit: '8,000 characters in all', source: commandLimit, passes: long(8_000), refused: long(8_001) },
];
