/**
 * What Discord sends, as the few things that this service does something about. https://discord.com/developers/docs/interactions/receiving-and-responding
 */
import * as z from 'zod/mini';
import { type TierName, tierNames } from '../../reflection/request.ts';
import type { RoomSettings, Unfit } from '../channel.ts';
import { readLanguage, readTier } from '../setting-words.ts';
import { reflectCommand, reflectOnThisCommand, settingsCommand } from './commands.ts';

/** By what an answer is sent: for 15 minutes, and by whoever knows the token, so it stands in no log. */
export interface InteractionTicket {
  readonly application: string;
  readonly id: string;
  readonly token: string;
}

/** Where it was asked. `guild` is null in private messages. */
export interface DiscordPlace {
  readonly guild: string | null;
  readonly channel: string;
}

/** Who does something, and where. */
interface Asker {
  readonly ticket: InteractionTicket;
  readonly place: DiscordPlace;
  readonly user: string;
}

export type Incoming =
  | { readonly type: 'ping' }
  | (Asker & {
      readonly type: 'question';
      readonly by: 'command' | 'message';
      readonly text: string;
      readonly tier: TierName | null;
      readonly isPrivate: boolean;
      /** Only its user has installed the app: then five messages may follow the first. */
      readonly isUserInstalled: boolean;
    })
  | (Asker & { readonly type: 'stop'; readonly run: string })
  /** How the answer came about, or more of the answer: the part that is asked for, 0 for the first. */
  | (Asker & { readonly type: 'show' | 'rest'; readonly run: string; readonly part: number })
  | (Asker & { readonly type: 'rating'; readonly run: string; readonly rating: 'up' | 'down' })
  /** Of the channel that it is said in. Without a change, they are asked for. */
  | (Asker & { readonly type: 'settings'; readonly change: Partial<RoomSettings> })
  | Unfit
  | { readonly type: 'ignored'; readonly reason: string };

const ignored = (reason: string): Incoming => ({ type: 'ignored', reason });

const interactionTypes = { ping: 1, command: 2, component: 3 } as const;

const user = z.object({ id: z.string() });
const common = {
  id: z.string(),
  application_id: z.string(),
  token: z.string(),
  guild_id: z.optional(z.string()),
  channel_id: z.string(),
  member: z.optional(z.object({ user })),
  user: z.optional(user),
  authorizing_integration_owners: z.optional(z.record(z.string(), z.string())),
};
const option = z.object({ name: z.string(), value: z.union([z.string(), z.boolean(), z.number()]) });
const command = z.object({
  ...common,
  type: z.literal(interactionTypes.command),
  data: z.object({
    name: z.string(),
    options: z.optional(z.array(option)),
    target_id: z.optional(z.string()),
    resolved: z.optional(z.object({ messages: z.optional(z.record(z.string(), z.object({ content: z.string() }))) })),
  }),
});
const component = z.object({
  ...common,
  type: z.literal(interactionTypes.component),
  data: z.object({ custom_id: z.string() }),
});
const ping = z.object({ type: z.literal(interactionTypes.ping) });

/** The `custom_id` of a button: what a click does, and to which run. It is seen by everybody. At most 100 letters. */
const customId = /^v1:(stop|up|down):(.{1,80})$/;
const pageId = /^v1:(show|rest)(?:\.(\d{1,3}))?:(.{1,80})$/;

export function customIdOf(action: 'show' | 'stop' | 'up' | 'down', run: string): string {
  return `v1:${action}:${run}`;
}

/** Of a button that shows a page to whoever clicks alone. */
export function pageIdOf(action: 'show' | 'rest', run: string, part: number): string {
  return `v1:${action}.${part}:${run}`;
}

/** A body of `POST /channels/discord/interactions`. */
export function readInteraction(body: unknown): Incoming {
  if (ping.safeParse(body).success) return { type: 'ping' };
  const asked = command.safeParse(body);
  if (asked.success) return readCommand(asked.data);
  const clicked = component.safeParse(body);
  return clicked.success ? readClick(clicked.data) : ignored('not an interaction');
}

function readCommand(interaction: z.output<typeof command>): Incoming {
  const { data } = interaction;
  const asker = askerOf(interaction);
  if (!asker) return ignored('asked by nobody');
  const options = new Map(data.options?.map(({ name, value }) => [name, value]));
  const tier = tierNames.find((name) => name === options.get('tier')) ?? null;
  const owners = interaction.authorizing_integration_owners ?? {};
  const question = {
    type: 'question',
    ...asker,
    tier,
    isPrivate: options.get('private') === true,
    // 0: the server has installed it, 1: a user has. https://discord.com/developers/docs/resources/application#application-object-application-integration-types
    isUserInstalled: '1' in owners && !('0' in owners),
  } as const;
  if (data.name === reflectCommand)
    return asking({ ...question, by: 'command', text: String(options.get('prompt') ?? '') });
  if (data.name === settingsCommand) return readSettings(asker, options);
  if (data.name !== reflectOnThisCommand) return ignored(`command ${data.name}`);
  const text = data.resolved?.messages?.[data.target_id ?? '']?.content ?? '';
  return asking({ ...question, by: 'message', text });
}

/** What is said of a question without words: a message may hold a picture and nothing else. */
const noWords = {
  command: 'There is no question in that. Write it as the prompt.',
  message: 'There are no words in that message.',
} as const satisfies Record<Extract<Incoming, { readonly type: 'question' }>['by'], string>;

function asking(question: Extract<Incoming, { readonly type: 'question' }>): Incoming {
  const text = question.text.trim();
  return text === '' ? { type: 'unfit', message: noWords[question.by] } : { ...question, text };
}

function readSettings(asker: Asker, options: ReadonlyMap<string, unknown>): Incoming {
  if (asker.place.guild === null) return { type: 'unfit', message: 'There are settings in servers alone.' };
  const [tier, language, isOn] = [options.get('tier'), options.get('language'), options.get('on')];
  const read = [
    ...(tier === undefined ? [] : [readTier(tier)]),
    ...(language === undefined ? [] : [readLanguage(language)]),
  ];
  let change: Partial<RoomSettings> = typeof isOn === 'boolean' ? { isOn } : {};
  for (const setting of read) {
    if (setting.type === 'unfit') return setting;
    change = { ...change, ...setting.change };
  }
  return { type: 'settings', change, ...asker };
}

function readClick(interaction: z.output<typeof component>): Incoming {
  const asker = askerOf(interaction);
  const { custom_id } = interaction.data;
  const [, page, part = '0', pageOf] = pageId.exec(custom_id) ?? [];
  if (asker && pageOf !== undefined)
    return { type: page === 'show' ? 'show' : 'rest', run: pageOf, part: Number(part), ...asker };
  const [, action, run] = customId.exec(custom_id) ?? [];
  if (!asker || run === undefined) return ignored('a click on nothing');
  if (action === 'stop') return { type: 'stop', run, ...asker };
  return { type: 'rating', rating: action === 'up' ? 'up' : 'down', run, ...asker };
}

function askerOf(interaction: Pick<z.output<typeof command>, keyof typeof common>): Asker | undefined {
  const { application_id: application, id, token, guild_id = null, channel_id: channel, member } = interaction;
  const asker = member?.user.id ?? interaction.user?.id;
  return asker === undefined
    ? undefined
    : { user: asker, ticket: { application, id, token }, place: { guild: guild_id, channel } };
}
