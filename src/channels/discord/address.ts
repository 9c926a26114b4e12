/** Where an answer belongs, and what was noted of it, as JSON that this folder writes and reads. */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import { tierNames } from '../../reflection/request.ts';
import type { Incoming, InteractionTicket } from './payloads.ts';

const place = {
  ticket: z.object({ application: z.string(), id: z.string().check(z.regex(/^\d{1,20}$/)), token: z.string() }),
  place: z.object({ guild: z.nullable(z.string()), channel: z.string() }),
  user: z.string(),
  isPrivate: z.boolean(),
  isUserInstalled: z.boolean(),
};
const address = z.object({ version: z.literal(1), ...place });
const question = z.object({
  ...place,
  type: z.literal('question'),
  by: z.enum(['command', 'message']),
  text: z.string(),
  tier: z.nullable(z.enum(tierNames)),
});

export type DiscordAddress = z.output<typeof address>;
export type DiscordQuestion = Extract<Incoming, { readonly type: 'question' }>;

/** Undefined for what this folder did not write. */
export function readAddress(text: string): DiscordAddress | undefined {
  return address.safeParse(valueOfJson(text)).data;
}

export function addressOf({ ticket, place, user, isPrivate, isUserInstalled }: DiscordQuestion): DiscordAddress {
  return { version: 1, ticket, place, user, isPrivate, isUserInstalled };
}

/** Undefined for what this folder did not write. */
export function readQuestion(text: string): DiscordQuestion | undefined {
  return question.safeParse(valueOfJson(text)).data;
}

/** From which Discord counts. https://discord.com/developers/docs/reference#snowflakes */
const firstMs = 1_420_070_400_000;

/** When an interaction was sent, in epoch milliseconds. */
export function sentAt({ id }: Pick<InteractionTicket, 'id'>): number {
  return Number(BigInt(id) >> 22n) + firstMs;
}

/** An id that is greater than those of all that was sent before a moment, in epoch milliseconds. */
export function idAt(epochMs: number): string {
  return String(BigInt(Math.max(0, Math.floor(epochMs) - firstMs)) << 22n);
}

const notes = z.object({
  version: z.literal(1),
  /** How messages are written: by the interaction's token, or by the bot in the channel. */
  way: z.enum(['token', 'channel']),
  /** So many messages of the answer are there for sure. */
  shown: z.number(),
  /** Since when the next one may be there, in epoch milliseconds; null while it was never tried. */
  triedAt: z.nullable(z.number()),
  /** The first message of the answer, where the bot posted it in the channel. */
  message: z.nullable(z.string()),
  /** The message that the interaction's first answer made, once Discord has told its id. */
  original: z.nullable(z.string()),
  /** Only whoever asked sees it: they wished it so, or it took the place of a message that nobody else sees. */
  isOriginalPrivate: z.boolean(),
  /** No more messages follow: whoever wants to read on clicks. */
  isCut: z.boolean(),
});

export type DiscordNotes = z.output<typeof notes>;

const nothingShown: DiscordNotes = {
  version: 1,
  way: 'token',
  shown: 0,
  triedAt: null,
  message: null,
  original: null,
  isOriginalPrivate: false,
  isCut: false,
};

/** What cannot be read says that anything may have been shown: only what can be repeated is done. */
export function readNotes(text: string | null): DiscordNotes {
  if (text === null) return nothingShown;
  return notes.safeParse(valueOfJson(text)).data ?? { ...nothingShown, triedAt: 0, isCut: true };
}
