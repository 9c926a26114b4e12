/** What Discord takes as an application's commands. https://discord.com/developers/docs/interactions/application-commands#application-command-object */
import type { RESTPutAPIApplicationCommandsJSONBody } from 'discord-api-types/v10';
import * as z from 'zod';
import { readForm } from './discord-refusal.ts';
import { ApplicationCommandType, ApplicationIntegrationType, InteractionContextType } from './discord-values.ts';

/** Global commands of each type. */
const mostOf = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
  [ApplicationCommandType.PrimaryEntryPoint]: 1,
};
/** Names, descriptions and values of one command, its options and choices. */
const mostCharacters = 8_000;

/** Lower case, where a script has one. */
const chatInputName = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Devanagari}\p{sc=Thai}]{1,32}$/u)
  .refine((name) => name === name.toLowerCase());
const description = z.string().min(1).max(100);

const option = z.looseObject({
  type: z.int().min(1).max(11),
  name: chatInputName,
  description,
  required: z.boolean().optional(),
  choices: z
    .array(z.looseObject({ name: z.string().min(1).max(100), value: z.union([z.string().max(100), z.number()]) }))
    .max(25)
    .optional(),
  min_length: z.int().min(0).max(6_000).optional(),
  max_length: z.int().min(1).max(6_000).optional(),
});

const everywhere = {
  integration_types: z.array(z.enum(ApplicationIntegrationType)).optional(),
  contexts: z.array(z.enum(InteractionContextType)).nullish(),
};
const chatInput = z
  .looseObject({
    type: z.literal(ApplicationCommandType.ChatInput),
    name: chatInputName,
    description,
    options: z.array(option).max(25).default([]),
    ...everywhere,
  })
  .refine(
    ({ options }) => new Set(options.map(({ name }) => name)).size === options.length,
    'Option names must be unique',
  )
  .refine(
    ({ options }) =>
      options.every(({ required }, index) => !required || options.slice(0, index).every((one) => one.required)),
    'Required options must be placed before non-required options',
  )
  .refine((command) => charactersOf(command) <= mostCharacters, `At most ${mostCharacters} characters in a command`);
const contextMenu = z.looseObject({
  type: z.literal([ApplicationCommandType.User, ApplicationCommandType.Message]),
  name: z.string().min(1).max(32),
  description: z.literal('').optional(),
  options: z.undefined().optional(),
  ...everywhere,
});

/** Discord takes a command without a type for one that is typed. Here every command says what it is. */
const commands = z
  .array(z.discriminatedUnion('type', [chatInput, contextMenu]))
  .refine((all) => new Set(all.map(({ name, type }) => `${type} ${name}`)).size === all.length, 'Names must be unique')
  .refine(
    (all) =>
      Object.entries(mostOf).every(([type, most]) => all.filter((one) => String(one.type) === type).length <= most),
    'Too many commands of one type',
  );

function charactersOf({
  name,
  description,
  options,
}: {
  name: string;
  description: string;
  options: z.output<typeof option>[];
}) {
  const texts = options.flatMap((one) => [
    one.name,
    one.description,
    ...(one.choices ?? []).flatMap((choice) => [choice.name, String(choice.value)]),
  ]);
  return [name, description, ...texts].reduce((sum, text) => sum + text.length, 0);
}

/** Throws a `DiscordRefusal` that names every field at fault. */
export function assertCommands(body: unknown): asserts body is RESTPutAPIApplicationCommandsJSONBody {
  readForm(commands, body);
}
