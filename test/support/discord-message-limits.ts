/** What Discord takes as a message. https://discord.com/developers/docs/resources/message#create-message */
import type { APIAllowedMentions, APIEmbed, APIMessageTopLevelComponent } from 'discord-api-types/v10';
import * as z from 'zod';
import { component, mostDisplayed, withNested } from './discord-component-limits.ts';
import { DiscordRefusal, invalidField, readForm, refuse } from './discord-refusal.ts';
import { ComponentType, MessageFlags, RESTJSONErrorCodes } from './discord-values.ts';

/** What of a message can be written. Null empties a field of an edit. */
export interface MessageBody {
  readonly content?: string | null;
  readonly embeds?: APIEmbed[] | null;
  readonly components?: APIMessageTopLevelComponent[] | null;
  readonly flags?: number | null;
  readonly allowed_mentions: APIAllowedMentions;
  readonly nonce?: string | number | null;
  readonly enforce_nonce?: boolean;
}

/** Text is counted in UTF-16 units: Discord does not say which characters it counts, and none count more. */
const limits = {
  content: 2_000,
  nonce: 25,
  embeds: 10,
  embedsTogether: 6_000,
  rows: 5,
  components: 40,
};

const { SuppressEmbeds, SuppressNotifications, Ephemeral, IsComponentsV2, IsVoiceMessage } = MessageFlags;
/** Which flags each way of writing may set. An edit ignores others. Discord does not say that it refuses privacy in a channel; here it is refused, for nothing would be private. */
const permittedFlags = {
  channelMessage: SuppressEmbeds | SuppressNotifications | IsVoiceMessage | IsComponentsV2,
  followUp: SuppressEmbeds | SuppressNotifications | Ephemeral | IsVoiceMessage | IsComponentsV2,
  answer: SuppressEmbeds | SuppressNotifications | Ephemeral | IsVoiceMessage | IsComponentsV2,
  edit: -1,
};
/** https://discord.com/developers/docs/resources/message#edit-message-json/form-params */
export const editableFlags = SuppressEmbeds | IsComponentsV2;

export type Writing = keyof typeof permittedFlags;

const embed = z.looseObject({
  title: z.string().max(256).optional(),
  description: z.string().max(4_096).optional(),
  fields: z
    .array(z.looseObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1_024) }))
    .max(25)
    .optional(),
  footer: z.looseObject({ text: z.string().max(2_048) }).optional(),
  author: z.looseObject({ name: z.string().max(256) }).optional(),
});

const mentions = z
  .strictObject({
    parse: z.array(z.enum(['roles', 'users', 'everyone'])).optional(),
    roles: z.array(z.string()).max(100).nullish(),
    users: z.array(z.string()).max(100).nullish(),
    replied_user: z.boolean().optional(),
  })
  .superRefine((value, context) => {
    for (const kind of ['roles', 'users'] as const)
      if (value.parse?.includes(kind) && value[kind]?.length)
        refuse(
          context,
          'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
          `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
        );
  });

const message = z.looseObject({
  content: z.string().max(limits.content).nullish(),
  embeds: z.array(embed).max(limits.embeds).nullish(),
  components: z.array(component).max(limits.components).nullish(),
  flags: z.int().min(0).nullish(),
  /** Discord would go without, and ping whomever the text names. Here it is needed on every create and edit, so that no test passes without. */
  allowed_mentions: mentions,
  nonce: z.union([z.string().max(limits.nonce), z.int()]).nullish(),
  enforce_nonce: z.boolean().optional(),
});

/** With the rules that look at several fields. */
function messageOf(writing: Writing) {
  return message
    .superRefine(({ embeds, flags }, context) => {
      const together = (embeds ?? []).reduce((sum, one) => sum + lengthOf(one), 0);
      const most = limits.embedsTogether;
      if (together > most)
        refuse(context, 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${most}`, ['embeds']);
      if (((flags ?? 0) & ~permittedFlags[writing]) !== 0)
        refuse(context, 'MESSAGE_FLAGS_INVALID', 'Flags that cannot be set here', ['flags']);
    })
    .superRefine(({ components }, context) => {
      const faulty = (code: string, text: string) => refuse(context, code, text, ['components']);
      const all = (components ?? []).flatMap(withNested);
      const ids = all.flatMap(({ custom_id }) => (custom_id === undefined ? [] : [custom_id]));
      if (new Set(ids).size < ids.length)
        faulty('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
      if (all.length > limits.components)
        faulty('COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', `At most ${limits.components} components`);
      const displayed = all.map(({ type, content }) => (type === ComponentType.TextDisplay ? content?.length : 0) ?? 0);
      if (displayed.reduce((sum, length) => sum + length, 0) > mostDisplayed)
        faulty(
          'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
          `Components displayable text size exceeds maximum size of ${mostDisplayed}`,
        );
    });
}

/** The characters of an embed that count together. https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
function lengthOf({ title = '', description = '', fields = [], footer, author }: z.output<typeof embed>): number {
  const parts = [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])];
  return parts.reduce((sum, part) => sum + (part?.length ?? 0), 0);
}

/** Throws a `DiscordRefusal` for what Discord would refuse whatever the message was before. */
export function assertMessage(body: unknown, writing: Writing): asserts body is MessageBody {
  readForm(messageOf(writing), body);
}

/** What a message is made of, once written. */
export interface Shown {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly flags: number;
}

/** Throws for a message that is empty, and for one that mixes the two kinds of components. */
export function assertShowable({ content, embeds, components, flags }: Shown): void {
  const isV2 = (flags & IsComponentsV2) !== 0;
  if (content === '' && embeds.length === 0 && components.length === 0)
    throw new DiscordRefusal(400, RESTJSONErrorCodes.CannotSendAnEmptyMessage, 'Cannot send an empty message');
  if (isV2 && (content !== '' || embeds.length > 0))
    throw invalidField(
      'content',
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      'The flag allows components alone',
    );
  if (!isV2 && components.some(({ type }) => type !== ComponentType.ActionRow))
    throw invalidField('components', 'UNION_TYPE_CHOICES', 'Value of field "type" must be one of (1,).');
  if (!isV2 && components.length > limits.rows)
    throw invalidField('components', 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${limits.rows} in length.`);
}
