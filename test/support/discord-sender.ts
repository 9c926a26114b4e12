/** Discord's side of `POST /channels/discord/interactions`: it signs what people do, sends it, and does with the answer what Discord would. https://discord.com/developers/docs/interactions/overview */
import type { APIInteraction, APIMessage } from 'discord-api-types/v10';
import type { DiscordDouble } from './discord-double.ts';
import {
  type AskedIn,
  clickInteraction,
  type Origin,
  pingInteraction,
  places,
  type ReflectOptions,
  reflectInteraction,
  reflectOnInteraction,
  userOf,
} from './discord-interactions.ts';
import type { SeenMessage } from './discord-messages.ts';
import { DiscordRefusal } from './discord-refusal.ts';
import { ButtonStyle, ComponentType } from './discord-values.ts';

export interface SenderSetting {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly application: string;
  /** Learns of every interaction and of what was answered to it. */
  readonly double: DiscordDouble;
  /** Where the service takes interactions. */
  readonly url: string;
  readonly deliver: (request: Request) => Promise<Response>;
}

/** What is signed, and with what it is sent; null: without that header. */
export interface Letter {
  readonly timestamp: string | null;
  readonly signature: string | null;
  readonly body: string;
}

type Sign = (timestamp: string, body: string) => Promise<string>;

export interface Forging {
  readonly letter: Letter & { readonly timestamp: string; readonly signature: string };
  /** With the application's own key. */
  readonly sign: Sign;
  /** With a key of somebody else. */
  readonly signAsStranger: Sign;
}

const redated = async ({ letter: { body }, sign }: Forging, timestamp: string): Promise<Letter> => ({
  timestamp,
  body,
  signature: await sign(timestamp, body),
});

/** Every one is to be answered with 401. Discord sends such letters itself, and drops an endpoint that takes them. */
export const forgeries = {
  'a flipped digit': ({ letter }) => {
    const last = letter.signature.endsWith('0') ? '1' : '0';
    return { ...letter, signature: letter.signature.slice(0, -1) + last };
  },
  'a cut signature': ({ letter }) => ({ ...letter, signature: letter.signature.slice(0, -2) }),
  'half a byte too many': ({ letter }) => ({ ...letter, signature: `${letter.signature}0` }),
  'a signature that is not hexadecimal': ({ letter }) => ({ ...letter, signature: 'zz'.repeat(64) }),
  'no signature': ({ letter }) => ({ ...letter, signature: null }),
  'no timestamp': ({ letter }) => ({ ...letter, timestamp: null }),
  'a longer body': ({ letter }) => ({ ...letter, body: `${letter.body} ` }),
  'a body that was written again': ({ letter }) => ({
    ...letter,
    body: JSON.stringify(JSON.parse(letter.body), null, 1),
  }),
  'another second': ({ letter }) => ({ ...letter, timestamp: String(Number(letter.timestamp) + 1) }),
  "a stranger's key": async ({ letter, signAsStranger }) => ({
    ...letter,
    signature: await signAsStranger(letter.timestamp, letter.body),
  }),
  'a letter of six minutes ago': (forging) => redated(forging, String(Number(forging.letter.timestamp) - 360)),
  'a letter of in six minutes': (forging) => redated(forging, String(Number(forging.letter.timestamp) + 360)),
  'a timestamp that is no number': (forging) => redated(forging, 'today'),
} satisfies Record<string, (forging: Forging) => Letter | Promise<Letter>>;

export type Forgery = keyof typeof forgeries;

export interface Delivered {
  readonly status: number;
  readonly body: string;
  /** What the person sees: null for an answer that was taken, otherwise why the interaction failed. */
  readonly failure: string | null;
  readonly interaction: APIInteraction;
}

export class DiscordSender {
  /** As the developer portal shows it. */
  readonly publicKey: string;
  readonly #setting: SenderSetting;
  readonly #sign: Sign;
  readonly #signAsStranger: Sign;

  private constructor(setting: SenderSetting, own: Signer, stranger: Signer) {
    this.publicKey = own.publicKey;
    this.#setting = setting;
    this.#sign = own.sign;
    this.#signAsStranger = stranger.sign;
  }

  /** With a fresh pair of keys. */
  static async create(setting: SenderSetting): Promise<DiscordSender> {
    return new DiscordSender(setting, await freshSigner(), await freshSigner());
  }

  ping(): APIInteraction {
    return pingInteraction(this.#origin('0', places.guild));
  }

  reflect(user: string, place: AskedIn, options: ReflectOptions): APIInteraction {
    return reflectInteraction(this.#origin(user, place), options);
  }

  /** The message command, on what somebody else wrote. */
  reflectOn(user: string, place: AskedIn, content: string): APIInteraction {
    return reflectOnInteraction(this.#origin(user, place), this.#written(place, content));
  }

  /** Throws when nobody could click: the message has no such button, or it is disabled, or somebody else alone sees the message. */
  click(user: string, place: AskedIn, message: SeenMessage, customId: string): APIInteraction {
    const isSeen = message.channel === place.channel && (message.onlyFor ?? user) === user;
    const button = buttonsOf(message).find((one) => one.customId === customId);
    if (!isSeen || !button || button.isDisabled) throw new Error(`There is no button ${customId} to click`);
    return clickInteraction(this.#origin(user, place), this.#setting.double.messages.json(message), customId);
  }

  /** Once, or once more. Discord takes the first answer alone. */
  async send(interaction: APIInteraction): Promise<Delivered> {
    this.#setting.double.send(interaction);
    const response = await this.#setting.deliver(this.#request(await this.#letter(JSON.stringify(interaction))));
    const { status } = response;
    const body = await response.text();
    const type = response.headers.get('content-type');
    return { status, body, interaction, failure: this.#failureOf(interaction, status, type, body) };
  }

  /** Signed well, whatever it says. */
  async sendText(body: string): Promise<Response> {
    return this.#setting.deliver(this.#request(await this.#letter(body)));
  }

  /** Sent by somebody who is not Discord. */
  async sendForged(interaction: APIInteraction, forgery: Forgery): Promise<Response> {
    const letter = await this.#letter(JSON.stringify(interaction));
    const forged = await forgeries[forgery]({ letter, sign: this.#sign, signAsStranger: this.#signAsStranger });
    return this.#setting.deliver(this.#request(forged));
  }

  #failureOf(interaction: APIInteraction, status: number, type: string | null, body: string): string | null {
    // The service answers by the callback route instead: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
    if (status === 202 && body === '') return null;
    if (status !== 200) return `status ${status}`;
    if (!type?.startsWith('application/json')) return `content of type ${type}`;
    try {
      this.#setting.double.answeredInline(interaction, JSON.parse(body));
      return null;
    } catch (error) {
      if (error instanceof DiscordRefusal || error instanceof SyntaxError) return error.message;
      throw error;
    }
  }

  #origin(user: string, place: AskedIn): Origin {
    const id = this.#setting.double.messages.snowflake();
    return { application: this.#setting.application, id, token: `aW50ZXJhY3Rpb246${id}`, user, place };
  }

  #written(place: AskedIn, content: string): APIMessage {
    const { double, now } = this.#setting;
    const shown = { content, embeds: [], components: [], flags: 0, isLoading: false, earlier: [], pinged: [] };
    const placed = { channel: place.channel, onlyFor: null, at: now(), editedAt: null };
    const message = double.messages.json({ id: double.messages.snowflake(), ...shown, ...placed });
    return { ...message, author: userOf('1400000000000000099') };
  }

  async #letter(body: string): Promise<Forging['letter']> {
    const timestamp = String(Math.floor(this.#setting.now() / 1_000));
    return { timestamp, body, signature: await this.#sign(timestamp, body) };
  }

  #request({ timestamp, signature, body }: Letter): Request {
    const headers = new Headers({
      'content-type': 'application/json',
      'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
    });
    if (timestamp !== null) headers.set('x-signature-timestamp', timestamp);
    if (signature !== null) headers.set('x-signature-ed25519', signature);
    return new Request(this.#setting.url, { method: 'POST', headers, body });
  }
}

interface Signer {
  readonly publicKey: string;
  readonly sign: Sign;
}

async function freshSigner(): Promise<Signer> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  // workerd's types leave open which of the two comes back.
  if (!('privateKey' in pair)) throw new Error('A pair of keys was asked for');
  const { publicKey, privateKey } = pair;
  const raw = await crypto.subtle.exportKey('raw', publicKey);
  if (!(raw instanceof ArrayBuffer)) throw new Error('The bytes of a key were asked for');
  const sign: Sign = async (timestamp, body) =>
    hexadecimal(await crypto.subtle.sign('Ed25519', privateKey, new TextEncoder().encode(timestamp + body)));
  return { sign, publicKey: hexadecimal(raw) };
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface SeenButton {
  readonly label: string;
  /** Null for a link. */
  readonly customId: string | null;
  readonly isDisabled: boolean;
}

/** What can be clicked under a message, in its order. */
export function buttonsOf({ components }: Pick<SeenMessage, 'components'>): SeenButton[] {
  const rows = components.flatMap((one) => (one.type === ComponentType.Container ? one.components : [one]));
  const buttons = rows.flatMap((one) => (one.type === ComponentType.ActionRow ? one.components : []));
  return buttons.flatMap((one) => {
    if (one.type !== ComponentType.Button || one.style === ButtonStyle.Premium) return [];
    const customId = 'custom_id' in one ? one.custom_id : null;
    return [{ label: one.label ?? '', customId, isDisabled: one.disabled ?? false }];
  });
}
