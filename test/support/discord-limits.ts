/** What Discord takes in a body, and how it words a refusal. Limits: https://discord.com/developers/docs/resources/message#create-message and https://discord.com/developers/docs/components/reference */
import {
  type APIAllowedMentions,
  type APIEmbed,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  RESTJSONErrorCodes,
} from 'discord-api-types/v10';
import * as z from 'zod';

export type JSONValue = string | number | boolean | null | readonly JSONValue[] | { readonly [key: string]: JSONValue };

/** An answer of 4xx with Discord's own code in its JSON. https://discord.com/developers/docs/reference#error-messages */
export class DiscordRefusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: JSONValue | undefined;

  constructor(status: number, code: number, message: string, errors?: JSONValue) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

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
  displays: 4_000,
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

const customId = z.string().min(1).max(100);
const customIds = new Set<number>([
  ButtonStyle.Primary,
  ButtonStyle.Secondary,
  ButtonStyle.Success,
  ButtonStyle.Danger,
]);

/** A reason in Discord's form: its code goes along with the message. */
function refuse(context: z.core.$RefinementCtx, code: string, message: string, path: PropertyKey[] = []): void {
  context.addIssue({ code: 'custom', message, path, params: { code } });
}

const button = z
  .looseObject({
    type: z.literal(ComponentType.Button),
    style: z.int().min(ButtonStyle.Primary).max(ButtonStyle.Premium),
    label: z.string().min(1).max(80).optional(),
    emoji: z.looseObject({}).optional(),
    custom_id: customId.optional(),
    url: z.url().max(512).optional(),
    sku_id: z.string().optional(),
    disabled: z.boolean().optional(),
  })
  .superRefine(({ style, label, emoji, custom_id, url, sku_id }, context) => {
    const wanted = customIds.has(style) ? custom_id : style === ButtonStyle.Link ? url : sku_id;
    const given = [custom_id, url, sku_id].filter((one) => one !== undefined);
    if (wanted === undefined) refuse(context, 'BASE_TYPE_REQUIRED', 'This field is required', ['custom_id']);
    if (given.length > 1)
      refuse(
        context,
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    if (style !== ButtonStyle.Premium && label === undefined && emoji === undefined)
      refuse(context, 'BUTTON_COMPONENT_INVALID_LABEL', 'A button must have a label or an emoji', ['label']);
  });
const selects = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];
const select = z.looseObject({
  type: z.literal(selects),
  custom_id: customId,
  placeholder: z.string().max(150).optional(),
  options: z
    .array(z.looseObject({ label: z.string().min(1).max(100), value: z.string().min(1).max(100) }))
    .max(25)
    .optional(),
});
const row = z
  .looseObject({
    type: z.literal(ComponentType.ActionRow),
    components: z
      .array(z.discriminatedUnion('type', [button, select]))
      .min(1)
      .max(5),
  })
  .superRefine(({ components }, context) => {
    if (components.length > 1 && components.some(({ type }) => type !== ComponentType.Button))
      refuse(context, 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width', [
        'components',
      ]);
  });
const display = z.looseObject({
  type: z.literal(ComponentType.TextDisplay),
  content: z.string().min(1).max(limits.displays),
});
const media = z.looseObject({ url: z.string().max(2_048) });
const thumbnail = z.looseObject({ type: z.literal(ComponentType.Thumbnail), media });
const inContainer = [
  row,
  display,
  z.looseObject({
    type: z.literal(ComponentType.Section),
    components: z.array(display).min(1).max(3),
    accessory: z.discriminatedUnion('type', [button, thumbnail]),
  }),
  z.looseObject({
    type: z.literal(ComponentType.MediaGallery),
    items: z.array(z.looseObject({ media })).min(1).max(10),
  }),
  z.looseObject({ type: z.literal(ComponentType.File), file: media }),
  z.looseObject({ type: z.literal(ComponentType.Separator) }),
] as const;
const container = z.looseObject({
  type: z.literal(ComponentType.Container),
  components: z.array(z.discriminatedUnion('type', inContainer)).min(1),
});
const component = z.discriminatedUnion('type', [...inContainer, container]);

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
  return message.superRefine(({ embeds, components, flags }, context) => {
    const together = (embeds ?? []).reduce((sum, one) => sum + lengthOf(one), 0);
    if (together > limits.embedsTogether)
      refuse(context, 'MAX_EMBED_SIZE_EXCEEDED', `Embed size exceeds maximum size of ${limits.embedsTogether}`, [
        'embeds',
      ]);
    if (((flags ?? 0) & ~permittedFlags[writing]) !== 0)
      refuse(context, 'MESSAGE_FLAGS_INVALID', 'Flags that cannot be set here', ['flags']);
    const all = (components ?? []).flatMap(withNested);
    const ids = all.flatMap(({ custom_id }) => (custom_id === undefined ? [] : [custom_id]));
    if (new Set(ids).size < ids.length)
      refuse(context, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated', ['components']);
    if (all.length > limits.components)
      refuse(context, 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', `At most ${limits.components} components`, [
        'components',
      ]);
    // Discord enforces this limit, and does not document it. The page on Discord in https://github.com/vercel/chat does.
    if (
      all.reduce(
        (sum, { type, content }) => sum + (type === ComponentType.TextDisplay ? (content?.length ?? 0) : 0),
        0,
      ) > limits.displays
    )
      refuse(
        context,
        'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
        `Components displayable text size exceeds maximum size of ${limits.displays}`,
        ['components'],
      );
  });
}

const node = z.looseObject({
  type: z.number(),
  custom_id: z.string().optional(),
  content: z.string().optional(),
  components: z.array(z.unknown()).optional(),
  accessory: z.unknown().optional(),
});

function withNested(value: unknown): z.output<typeof node>[] {
  const read = node.safeParse(value);
  return read.success ? [read.data, ...[...(read.data.components ?? []), read.data.accessory].flatMap(withNested)] : [];
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
    throw invalidForm({
      content: {
        _errors: [
          { code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', message: 'The flag allows components alone' },
        ],
      },
    });
  if (!isV2 && components.some(({ type }) => type !== ComponentType.ActionRow))
    throw invalidForm({
      components: { _errors: [{ code: 'UNION_TYPE_CHOICES', message: 'Value of field "type" must be one of (1,).' }] },
    });
  if (!isV2 && components.length > limits.rows)
    throw invalidForm({
      components: {
        _errors: [{ code: 'BASE_TYPE_BAD_LENGTH', message: `Must be between 1 and ${limits.rows} in length.` }],
      },
    });
}

export function invalidForm(errors: JSONValue): DiscordRefusal {
  return new DiscordRefusal(400, RESTJSONErrorCodes.InvalidFormBodyOrContentType, 'Invalid Form Body', errors);
}

/** Throws a `DiscordRefusal` that names every field at fault. */
export function readForm<Form>(schema: z.ZodType<Form>, body: unknown): Form {
  const read = schema.safeParse(body);
  if (!read.success) throw invalidForm(errorTree(read.error.issues));
  return read.data;
}

const codes: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  too_big: 'BASE_TYPE_MAX_LENGTH',
  too_small: 'BASE_TYPE_BAD_LENGTH',
  invalid_format: 'STRING_TYPE_REGEX',
  invalid_union: 'UNION_TYPE_CHOICES',
};

interface ErrorTree {
  [key: string]: ErrorTree | { code: string; message: string }[];
}

function errorTree(issues: readonly z.core.$ZodIssue[]): JSONValue {
  const root: ErrorTree = {};
  for (const issue of issues) {
    let at = root;
    for (const key of issue.path) {
      const below = at[String(key)];
      const next: ErrorTree = below === undefined || Array.isArray(below) ? {} : below;
      at[String(key)] = next;
      at = next;
    }
    const own =
      issue.code === 'custom'
        ? String(issue.params?.['code'] ?? 'BASE_TYPE_INVALID')
        : (codes[issue.code] ?? 'BASE_TYPE_CHOICES');
    const before = at['_errors'];
    at['_errors'] = [...(Array.isArray(before) ? before : []), { code: own, message: issue.message }];
  }
  return root;
}
