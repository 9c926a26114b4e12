/** What Discord takes as the components of a message. https://discord.com/developers/docs/components/reference */

import * as z from 'zod';
import { refuse } from './discord-refusal.ts';
import { ButtonStyle, ComponentType } from './discord-values.ts';

/** In all displays of a message. Discord enforces this limit, and does not document it. The page on Discord in https://github.com/vercel/chat does. */
export const mostDisplayed = 4_000;

const customId = z.string().min(1).max(100);
const customIds = new Set<number>([
  ButtonStyle.Primary,
  ButtonStyle.Secondary,
  ButtonStyle.Success,
  ButtonStyle.Danger,
]);

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
  content: z.string().min(1).max(mostDisplayed),
});
const media = z.looseObject({ url: z.string() });
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
export const component = z.discriminatedUnion('type', [...inContainer, container]);

const node = z.looseObject({
  type: z.number(),
  custom_id: z.string().optional(),
  content: z.string().optional(),
  components: z.array(z.unknown()).optional(),
  accessory: z.unknown().optional(),
});

/** A component and what it holds. */
export function withNested(value: unknown): z.output<typeof node>[] {
  const read = node.safeParse(value);
  return read.success ? [read.data, ...[...(read.data.components ?? []), read.data.accessory].flatMap(withNested)] : [];
}
