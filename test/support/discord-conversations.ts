/** What an interaction's token is good for, and for how long. https://discord.com/developers/docs/interactions/receiving-and-responding */
import type { APIInteraction } from 'discord-api-types/v10';
import * as z from 'zod';
import { assertMessage } from './discord-message-limits.ts';
import type { DiscordMessages, Placed, SeenMessage } from './discord-messages.ts';
import { DiscordRefusal, invalidField, readForm } from './discord-refusal.ts';
import {
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  PermissionFlagsBits,
  RESTJSONErrorCodes,
} from './discord-values.ts';

/** From the moment that Discord sends an interaction. In milliseconds. */
export const firstAnswerWithin = 3_000;
export const tokenLife = 15 * 60_000;
/** When only a user has installed the application. */
const mostFollowUps = 5;

export interface Conversation {
  readonly interaction: APIInteraction;
  readonly sentAt: number;
  /** Ids of messages that its token may read, edit and delete. */
  readonly messages: Set<string>;
  isAnswered: boolean;
  /** The id that `@original` stands for. */
  original: string | null;
  followUps: number;
}

const { Pong, ChannelMessageWithSource, DeferredChannelMessageWithSource } = InteractionResponseType;
const { DeferredMessageUpdate, UpdateMessage, Modal } = InteractionResponseType;

/** Which answers each interaction takes. */
const answersTo: Readonly<Record<APIInteraction['type'], readonly number[]>> = {
  [InteractionType.Ping]: [Pong],
  [InteractionType.ApplicationCommand]: [ChannelMessageWithSource, DeferredChannelMessageWithSource, Modal],
  [InteractionType.MessageComponent]: [
    ChannelMessageWithSource,
    DeferredChannelMessageWithSource,
    DeferredMessageUpdate,
    UpdateMessage,
    Modal,
  ],
  [InteractionType.ApplicationCommandAutocomplete]: [InteractionResponseType.ApplicationCommandAutocompleteResult],
  [InteractionType.ModalSubmit]: [ChannelMessageWithSource, DeferredChannelMessageWithSource],
};

const answer = z.looseObject({ type: z.int(), data: z.unknown().optional() });
const deferral = z.looseObject({ flags: z.literal([0, MessageFlags.Ephemeral]).optional() }).optional();
const modal = z.looseObject({
  custom_id: z.string().min(1).max(100),
  title: z.string().min(1).max(45),
  components: z
    .array(z.looseObject({ type: z.int() }))
    .min(1)
    .max(5),
});

const unknownInteraction = () => new DiscordRefusal(404, RESTJSONErrorCodes.UnknownInteraction, 'Unknown interaction');
const unknownMessage = () => new DiscordRefusal(404, RESTJSONErrorCodes.UnknownMessage, 'Unknown Message');
const unknownWebhook = () => new DiscordRefusal(404, RESTJSONErrorCodes.UnknownWebhook, 'Unknown Webhook');

export class DiscordConversations {
  readonly #now: () => number;
  readonly #application: string;
  readonly #messages: DiscordMessages;
  readonly #conversations = new Map<string, Conversation>();

  constructor(now: () => number, application: string, messages: DiscordMessages) {
    this.#now = now;
    this.#application = application;
    this.#messages = messages;
  }

  /** An interaction that Discord sends now. Sent again, it stays what it was. */
  open(interaction: APIInteraction): void {
    if (this.#conversations.has(interaction.id)) return;
    const fresh = { messages: new Set<string>(), isAnswered: false, original: null, followUps: 0 };
    this.#conversations.set(interaction.id, { interaction, sentAt: this.#now(), ...fresh });
  }

  get(id: string): Conversation | undefined {
    return this.#conversations.get(id);
  }

  /** Takes the first answer. Throws a `DiscordRefusal` for one that Discord would not take. */
  answer(id: string, token: string, body: unknown): void {
    const conversation = this.#conversations.get(id);
    if (conversation?.interaction.token !== token) throw unknownInteraction();
    if (conversation.isAnswered)
      throw new DiscordRefusal(
        400,
        RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
        'Interaction has already been acknowledged.',
      );
    if (this.#now() - conversation.sentAt > firstAnswerWithin) throw unknownInteraction();
    const { type, data } = readForm(answer, body);
    if (!answersTo[conversation.interaction.type].includes(type))
      throw invalidField('type', 'BASE_TYPE_CHOICES', 'Not an answer to this interaction');
    conversation.original = this.#take(conversation, type, data);
    if (conversation.original !== null) conversation.messages.add(conversation.original);
    conversation.isAnswered = true;
  }

  /** The message that it makes or is about; null for those that are about none. */
  #take({ interaction }: Conversation, type: number, data: unknown): string | null {
    if (type === ChannelMessageWithSource) {
      assertMessage(data, 'answer');
      return this.#messages.create(data, placeOf(interaction, data.flags)).id;
    }
    if (type === DeferredChannelMessageWithSource) {
      const { flags = 0 } = readForm(deferral, data) ?? {};
      const place = { ...placeOf(interaction, flags), isLoading: true };
      return this.#messages.create({ allowed_mentions: { parse: [] }, flags }, place).id;
    }
    if (type === Modal) readForm(modal, data);
    if (type === Modal || interaction.message === undefined) return null;
    if (type === UpdateMessage) {
      assertMessage(data, 'edit');
      this.#messages.edit(this.#messageOf(interaction.message.id), data);
    }
    return interaction.message.id;
  }

  /** Throws a `DiscordRefusal` when the token is unknown, its time is over, or nothing was answered yet. */
  byToken(application: string, token: string): Conversation {
    const found = [...this.#conversations.values()].find(({ interaction }) => interaction.token === token);
    if (!found || this.#now() - found.sentAt > tokenLife)
      throw new DiscordRefusal(401, RESTJSONErrorCodes.InvalidWebhookToken, 'Invalid Webhook Token');
    // A token that was never answered is unknown for 15 minutes, and then invalid: https://github.com/discord/discord-api-docs/issues/6851
    if (application !== this.#application || !found.isAnswered) throw unknownWebhook();
    return found;
  }

  /** A new message; straight after a deferral it is the deferred one instead, as Discord still does for old applications. */
  followUp(conversation: Conversation, body: unknown): SeenMessage {
    assertMessage(body, 'followUp');
    const original = this.#messages.get(conversation.original ?? '');
    if (original?.isLoading) return this.#messages.edit(original, body);
    if (isOnlyOfUser(conversation.interaction) && conversation.followUps >= mostFollowUps)
      throw new DiscordRefusal(
        400,
        RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages,
        'This interaction has hit the maximum number of follow up messages',
      );
    const message = this.#messages.create(body, placeOf(conversation.interaction, body.flags));
    conversation.followUps++;
    conversation.messages.add(message.id);
    return message;
  }

  edit(conversation: Conversation, id: string, body: unknown): SeenMessage {
    const message = this.read(conversation, id);
    assertMessage(body, 'edit');
    return this.#messages.edit(message, body);
  }

  /** `@original` stands for the message of the first answer. */
  read({ original, messages }: Conversation, id: string): SeenMessage {
    const meant = id === '@original' ? original : id;
    if (meant === null || !messages.has(meant)) throw unknownMessage();
    return this.#messageOf(meant);
  }

  #messageOf(id: string): SeenMessage {
    const message = this.#messages.get(id);
    if (!message) throw unknownMessage();
    return message;
  }
}

function isOnlyOfUser({ authorizing_integration_owners: owners }: APIInteraction): boolean {
  return Object.keys(owners).every((kind) => kind === '1');
}

/** Where external applications may not be used, those of users answer in private whatever they ask for: https://discord.com/developers/docs/topics/permissions */
function isMadePrivate(interaction: APIInteraction): boolean {
  const { member } = interaction;
  if (!member || !isOnlyOfUser(interaction)) return false;
  return (BigInt(member.permissions) & PermissionFlagsBits.UseExternalApps) === 0n;
}

function placeOf(interaction: APIInteraction, flags: number | null | undefined): Placed {
  const asker = interaction.member?.user ?? interaction.user;
  const isEphemeral = ((flags ?? 0) & MessageFlags.Ephemeral) !== 0 || isMadePrivate(interaction);
  return { channel: interaction.channel?.id ?? '', onlyFor: isEphemeral ? (asker?.id ?? null) : null };
}
