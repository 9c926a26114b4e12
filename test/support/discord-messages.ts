/** What people see in Discord: messages by channel, what they were before each edit, and whom they ping. */
import type { APIAllowedMentions, APIMessage } from 'discord-api-types/v10';
import { withNested } from './discord-component-limits.ts';
import { assertShowable, editableFlags, type MessageBody, type Shown } from './discord-message-limits.ts';
import { MessageFlags, MessageType } from './discord-values.ts';

export interface SeenMessage extends Shown {
  readonly id: string;
  readonly channel: string;
  /** The user who alone sees it; null: everybody in the channel does. */
  readonly onlyFor: string | null;
  /** It says that the application is thinking. */
  readonly isLoading: boolean;
  /** What it was, oldest first. */
  readonly earlier: readonly Shown[];
  /** User and role ids, `everyone` and `here`: who was pinged by one of its texts. */
  readonly pinged: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
  readonly editedAt: number | null;
}

/** Where a message is written, and who reads it. */
export interface Placed {
  readonly channel: string;
  readonly onlyFor: string | null;
  readonly isLoading?: boolean;
}

const nothing: Shown = { content: '', embeds: [], components: [], flags: 0 };

/** The first millisecond of 2015, from which Discord counts. https://discord.com/developers/docs/reference#snowflakes */
const epoch = 1_420_070_400_000;

export class DiscordMessages {
  readonly #now: () => number;
  readonly #author: string;
  readonly #messages = new Map<string, SeenMessage>();
  #ids = 0n;

  constructor(now: () => number, author: string) {
    this.#now = now;
    this.#author = author;
  }

  /** Later ones are larger. */
  snowflake(): string {
    return String((BigInt(Math.floor(this.#now()) - epoch) << 22n) + this.#ids++);
  }

  /** Throws a `DiscordRefusal` for what cannot be shown. */
  create(body: MessageBody, { channel, onlyFor, isLoading = false }: Placed): SeenMessage {
    const shown = changed(nothing, body, ~0);
    if (!isLoading) assertShowable(shown);
    const pinged = pingedBy(shown, body.allowed_mentions);
    const id = this.snowflake();
    return this.#keep({
      ...shown,
      id,
      channel,
      onlyFor,
      isLoading,
      earlier: [],
      pinged,
      at: this.#now(),
      editedAt: null,
    });
  }

  /** Fields that are left out stay. Throws a `DiscordRefusal` for what cannot be shown. */
  edit(message: SeenMessage, body: MessageBody): SeenMessage {
    const shown = changed(message, body, editableFlags);
    assertShowable(shown);
    const { content, embeds, components, flags } = message;
    const earlier = [...message.earlier, { content, embeds, components, flags }];
    const pinged = [...new Set([...message.pinged, ...pingedBy(shown, body.allowed_mentions)])];
    return this.#keep({ ...message, ...shown, isLoading: false, earlier, pinged, editedAt: this.#now() });
  }

  /** Of the application, or by a moderator. */
  delete(id: string): void {
    this.#messages.delete(id);
  }

  get(id: string): SeenMessage | undefined {
    return this.#messages.get(id);
  }

  /** What everybody in a channel sees, oldest first. */
  in(channel: string): SeenMessage[] {
    return [...this.#messages.values()].filter((message) => message.channel === channel && message.onlyFor === null);
  }

  /** What one user alone sees, oldest first. */
  onlyFor(user: string): SeenMessage[] {
    return [...this.#messages.values()].filter(({ onlyFor }) => onlyFor === user);
  }

  /** As it stands in Discord's answers. */
  json(message: SeenMessage): APIMessage {
    const { id, channel, content, embeds, components, flags, pinged, at, editedAt } = message;
    const author = { id: this.#author, username: 'reflection', discriminator: '0000', global_name: null, avatar: null };
    return {
      id,
      channel_id: channel,
      author: { ...author, bot: true },
      content,
      embeds: [...embeds],
      components: [...components],
      flags:
        flags |
        (message.onlyFor === null ? 0 : MessageFlags.Ephemeral) |
        (message.isLoading ? MessageFlags.Loading : 0),
      timestamp: new Date(at).toISOString(),
      edited_timestamp: editedAt === null ? null : new Date(editedAt).toISOString(),
      tts: false,
      mention_everyone: pinged.includes('everyone') || pinged.includes('here'),
      mention_roles: [],
      mentions: [],
      attachments: [],
      pinned: false,
      type: MessageType.Default,
    };
  }

  #keep(message: SeenMessage): SeenMessage {
    this.#messages.set(message.id, message);
    return message;
  }
}

/** Components V2 can be set, and never unset. */
function changed(before: Shown, body: MessageBody, settable: number): Shown {
  const { content, embeds, components, flags } = body;
  return {
    content: content === undefined ? before.content : (content ?? ''),
    embeds: embeds === undefined ? before.embeds : (embeds ?? []),
    components: components === undefined ? before.components : (components ?? []),
    flags:
      flags === undefined || flags === null
        ? before.flags
        : (before.flags & ~(settable & ~MessageFlags.IsComponentsV2)) | (flags & settable),
  };
}

/** https://discord.com/developers/docs/resources/message#allowed-mentions-object */
function pingedBy({ content, components }: Shown, { parse = [], users, roles }: APIAllowedMentions): string[] {
  const displays = components.flatMap(withNested).map((one) => one.content ?? '');
  const text = [content, ...displays].join('\n');
  const kinds: readonly string[] = parse;
  const idsIn = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, id]) => id ?? '');
  const everyone = kinds.includes('everyone') ? idsIn(/@(everyone|here)/g) : [];
  const named = (pattern: RegExp, kind: 'users' | 'roles', ids: readonly string[] = []) =>
    idsIn(pattern).filter((id) => kinds.includes(kind) || ids.includes(id));
  return [...everyone, ...named(/<@!?(\d+)>/g, 'users', users ?? []), ...named(/<@&(\d+)>/g, 'roles', roles ?? [])];
}
