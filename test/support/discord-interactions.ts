/** What Discord sends when somebody types a command or clicks, in the shapes that it documents. Written for this project. https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object */
import type {
  APIAuthorizingIntegrationOwnersMap,
  APIChatInputApplicationCommandInteraction,
  APIMessage,
  APIMessageApplicationCommandInteraction,
  APIMessageComponentButtonInteraction,
  APIPingInteraction,
  APIUser,
  Locale,
} from 'discord-api-types/v10';
import * as z from 'zod';
import { reflectCommand, reflectOnThisCommand } from '../../src/channels/discord/commands.ts';
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  ChannelType,
  ComponentType,
  GuildMemberFlags,
  InteractionContextType,
  InteractionType,
  PermissionFlagsBits,
} from './discord-values.ts';

/** Where somebody asks. */
export interface AskedIn {
  readonly channel: string;
  readonly guild: string | null;
  readonly context: NonNullable<APIPingInteraction['context']>;
  /** Who has installed the application: the server, the asker, or both. */
  readonly installedBy: 'guild' | 'user' | 'both';
  /** The server lets applications that only users have installed answer in private alone. */
  readonly areOthersPrivate?: boolean;
}

const { Guild, BotDM, PrivateChannel } = InteractionContextType;

/** One place of every kind. */
export const places = {
  guild: { channel: '1200000000000000001', guild: '1300000000000000001', context: Guild, installedBy: 'guild' },
  guildOfBoth: { channel: '1200000000000000002', guild: '1300000000000000002', context: Guild, installedBy: 'both' },
  guildOfUser: { channel: '1200000000000000003', guild: '1300000000000000003', context: Guild, installedBy: 'user' },
  guildThatIsWary: {
    channel: '1200000000000000007',
    guild: '1300000000000000007',
    context: Guild,
    installedBy: 'user',
    areOthersPrivate: true,
  },
  botMessages: { channel: '1200000000000000004', guild: null, context: BotDM, installedBy: 'guild' },
  botMessagesOfUser: { channel: '1200000000000000005', guild: null, context: BotDM, installedBy: 'user' },
  groupMessages: { channel: '1200000000000000006', guild: null, context: PrivateChannel, installedBy: 'user' },
} as const satisfies Record<string, AskedIn>;

/** What every interaction is made of. */
export interface Origin {
  readonly application: string;
  /** Of the interaction. */
  readonly id: string;
  readonly token: string;
  readonly user: string;
  readonly place: AskedIn;
}

export function userOf(id: string): APIUser {
  return { id, username: `user${id.slice(-4)}`, discriminator: '0', global_name: 'Anna', avatar: null };
}

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object-authorizing-integration-owners-object */
function ownersOf({ user, place: { guild, installedBy } }: Origin): APIAuthorizingIntegrationOwnersMap {
  return {
    ...(installedBy !== 'user' && { [ApplicationIntegrationType.GuildInstall]: guild ?? '0' }),
    ...(installedBy !== 'guild' && { [ApplicationIntegrationType.UserInstall]: user }),
  };
}

/** A text stands for no member of an enumeration by itself. */
const locale = z.custom<Locale>((value) => value === 'en-US').parse('en-US');

const permissions =
  PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages | PermissionFlagsBits.UseExternalApps;

function commonOf(origin: Origin): Omit<APIChatInputApplicationCommandInteraction, 'type' | 'data'> {
  const { application, id, token, user, place } = origin;
  const member = {
    user: userOf(user),
    roles: [],
    joined_at: '2024-01-01T00:00:00.000000+00:00',
    deaf: false,
    mute: false,
    flags: GuildMemberFlags.CompletedOnboarding,
    permissions: String(place.areOthersPrivate ? permissions & ~PermissionFlagsBits.UseExternalApps : permissions),
  };
  const asker = place.guild === null ? { user: userOf(user) } : { guild_id: place.guild, member };
  return {
    version: 1,
    id,
    application_id: application,
    token,
    channel: { id: place.channel, type: place.guild === null ? ChannelType.DM : ChannelType.GuildText },
    channel_id: place.channel,
    ...asker,
    app_permissions: String(permissions),
    locale,
    entitlements: [],
    authorizing_integration_owners: ownersOf(origin),
    context: place.context,
    attachment_size_limit: 10_485_760,
  };
}

export function pingInteraction({ application, id, token }: Origin): APIPingInteraction {
  return {
    version: 1,
    id,
    application_id: application,
    token,
    type: InteractionType.Ping,
    user: userOf('1400000000000000001'),
    app_permissions: '0',
    entitlements: [],
    authorizing_integration_owners: {},
    attachment_size_limit: 10_485_760,
  };
}

export interface ReflectOptions {
  readonly prompt: string;
  readonly tier?: string;
  readonly private?: boolean;
}

/** `/reflect`. */
export function reflectInteraction(origin: Origin, options: ReflectOptions): APIChatInputApplicationCommandInteraction {
  const { String: text, Boolean: choice } = ApplicationCommandOptionType;
  return {
    ...commonOf(origin),
    type: InteractionType.ApplicationCommand,
    data: {
      id: '1500000000000000001',
      name: reflectCommand,
      type: ApplicationCommandType.ChatInput,
      options: [
        { name: 'prompt', type: text, value: options.prompt },
        ...(options.tier === undefined ? [] : [{ name: 'tier', type: text, value: options.tier } as const]),
        ...(options.private === undefined ? [] : [{ name: 'private', type: choice, value: options.private } as const]),
      ],
    },
  };
}

/** "Reflect on this", from the menu of a message. */
export function reflectOnInteraction(origin: Origin, message: APIMessage): APIMessageApplicationCommandInteraction {
  return {
    ...commonOf(origin),
    type: InteractionType.ApplicationCommand,
    data: {
      id: '1500000000000000002',
      name: reflectOnThisCommand,
      type: ApplicationCommandType.Message,
      target_id: message.id,
      resolved: { messages: { [message.id]: message } },
    },
  };
}

/** A click on a button of a message. */
export function clickInteraction(
  origin: Origin,
  message: APIMessage,
  custom_id: string,
): APIMessageComponentButtonInteraction {
  return {
    ...commonOf(origin),
    type: InteractionType.MessageComponent,
    message,
    data: { component_type: ComponentType.Button, custom_id },
  };
}

/** Well signed, and yet no interaction that means anything. */
export const malformedBodies = {
  'an empty body': '',
  'half an object': '{"type":2,',
  null: 'null',
  'a list': '[]',
  'a text': '"reflect"',
  'an empty object': '{}',
  'a command of nobody':
    '{"type":2,"id":"1","application_id":"2","token":"t","channel_id":"3","data":{"name":"reflect"}}',
  'a command without data': '{"type":2,"id":"1","application_id":"2","token":"t","channel_id":"3","user":{"id":"4"}}',
  'a click without a button':
    '{"type":3,"id":"1","application_id":"2","token":"t","channel_id":"3","user":{"id":"4"},"data":{}}',
  'an unknown type': '{"type":99,"id":"1","application_id":"2","token":"t","version":1}',
  'a type that is a text': '{"type":"1"}',
} as const;
