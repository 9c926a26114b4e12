/** What Discord takes in a message at most, and what it refuses. Written by hand for this project, from the documentation that each case names. */
import { customIdOf } from '../../../src/channels/discord/payloads.ts';

const docs = 'https://discord.com/developers/docs';
const quiet = { allowed_mentions: { parse: [] } };
const saying = { content: 'Yes.', ...quiet };

const button = (change: object = {}) => ({
  type: 2,
  style: 1,
  label: 'Stop',
  custom_id: customIdOf('stop', 'refl_1'),
  ...change,
});
const row = (...components: object[]) => ({ type: 1, components });
const withButton = (change: object) => ({ ...saying, components: [row(button(change))] });
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(button({ custom_id: `${index}` })));
const embeds = (...lengths: number[]) => ({
  ...quiet,
  embeds: lengths.map((length) => ({ description: 'x'.repeat(length) })),
});
const displays = (...lengths: number[]) => ({
  ...quiet,
  flags: 1 << 15,
  components: lengths.map((length) => ({ type: 10, content: 'x'.repeat(length) })),
});
const field = (name: number, value: number) => ({ name: 'n'.repeat(name), value: 'v'.repeat(value) });
const fields = (all: object[]) => ({ ...quiet, embeds: [{ fields: all }] });

const choosing = (options: object[], change: object = {}) => ({
  ...saying,
  components: [row({ type: 3, custom_id: 'choose', options, ...change })],
});
const choice = (label: number, value: number) => ({ label: 'l'.repeat(label), value: 'v'.repeat(value) });
const onlyComponents = (...components: object[]) => ({ ...quiet, flags: 1 << 15, components });
const section = (count: number) =>
  onlyComponents({ type: 9, components: Array(count).fill({ type: 10, content: 'x' }), accessory: button() });
const gallery = (count: number) =>
  onlyComponents({ type: 12, items: Array(count).fill({ media: { url: 'https://example.com/a.png' } }) });

/** `error` is how Discord names the refusal, where it lists the fields at fault. */
export interface MessageLimit {
  readonly limit: string;
  readonly source: string;
  readonly passes: object;
  readonly refused: object;
  readonly code: number;
  readonly error?: string;
}

const invalid = 50035;
const createMessage = `${docs}/resources/message#create-message`;
const embedLimits = `${docs}/resources/message#embed-object-embed-limits`;
const selects = `${docs}/components/reference#string-select`;
const buttons = `${docs}/components/reference#button`;

export const messageLimits: readonly MessageLimit[] = [
  {
    limit: '2,000 characters of content',
    source: createMessage,
    passes: { ...quiet, content: 'x'.repeat(2_000) },
    refused: { ...quiet, content: 'x'.repeat(2_001) },
    code: invalid,
    error: 'BASE_TYPE_MAX_LENGTH',
  },
  {
    limit: 'something to say',
    source: createMessage,
    passes: saying,
    refused: { ...quiet, content: '', embeds: [], components: [] },
    code: 50006,
  },
  {
    limit: 'allowed mentions, without which it would ping',
    source: `${docs}/resources/message#allowed-mentions-object`,
    passes: saying,
    refused: { content: 'Yes.' },
    code: invalid,
  },
  {
    limit: 'mentions by kind or by id',
    source: `${docs}/resources/message#allowed-mentions-object-allowed-mentions-reference`,
    passes: { content: 'Yes.', allowed_mentions: { parse: ['roles'], users: ['1'] } },
    refused: { content: 'Yes.', allowed_mentions: { parse: ['users'], users: ['1'] } },
    code: invalid,
    error: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
  },
  {
    limit: '100 users to mention',
    source: `${docs}/resources/message#allowed-mentions-object`,
    passes: { content: 'Yes.', allowed_mentions: { users: Array(100).fill('1') } },
    refused: { content: 'Yes.', allowed_mentions: { users: Array(101).fill('1') } },
    code: invalid,
  },
  {
    limit: '10 embeds',
    source: createMessage,
    passes: embeds(...Array(10).fill(1)),
    refused: embeds(...Array(11).fill(1)),
    code: invalid,
  },
  {
    limit: '4,096 characters of a description',
    source: embedLimits,
    passes: embeds(4_096),
    refused: embeds(4_097),
    code: invalid,
    error: 'BASE_TYPE_MAX_LENGTH',
  },
  {
    limit: '6,000 characters in all embeds',
    source: embedLimits,
    passes: embeds(4_000, 2_000),
    refused: embeds(4_000, 2_001),
    code: invalid,
    error: 'MAX_EMBED_SIZE_EXCEEDED',
  },
  {
    limit: '256 characters of a title',
    source: embedLimits,
    passes: { ...quiet, embeds: [{ title: 'x'.repeat(256) }] },
    refused: { ...quiet, embeds: [{ title: 'x'.repeat(257) }] },
    code: invalid,
  },
  {
    limit: '25 fields',
    source: embedLimits,
    passes: fields(Array(25).fill(field(1, 1))),
    refused: fields(Array(26).fill(field(1, 1))),
    code: invalid,
  },
  {
    limit: '256 characters of a field’s name',
    source: embedLimits,
    passes: fields([field(256, 1)]),
    refused: fields([field(257, 1)]),
    code: invalid,
  },
  {
    limit: '1,024 characters of a field',
    source: embedLimits,
    passes: fields([field(1, 1_024)]),
    refused: fields([field(1, 1_025)]),
    code: invalid,
  },
  {
    limit: '2,048 characters of a footer',
    source: embedLimits,
    passes: { ...quiet, embeds: [{ footer: { text: 'x'.repeat(2_048) } }] },
    refused: { ...quiet, embeds: [{ footer: { text: 'x'.repeat(2_049) } }] },
    code: invalid,
  },
  {
    limit: '256 characters of an author',
    source: embedLimits,
    passes: { ...quiet, embeds: [{ author: { name: 'x'.repeat(256) } }] },
    refused: { ...quiet, embeds: [{ author: { name: 'x'.repeat(257) } }] },
    code: invalid,
  },
  {
    limit: '100 roles to mention',
    source: `${docs}/resources/message#allowed-mentions-object`,
    passes: { content: 'Yes.', allowed_mentions: { roles: Array(100).fill('1') } },
    refused: { content: 'Yes.', allowed_mentions: { roles: Array(101).fill('1') } },
    code: invalid,
  },
  {
    limit: '25 options of a select',
    source: selects,
    passes: choosing(Array(25).fill(choice(1, 1))),
    refused: choosing(Array(26).fill(choice(1, 1))),
    code: invalid,
  },
  {
    limit: '100 characters of an option’s label',
    source: selects,
    passes: choosing([choice(100, 1)]),
    refused: choosing([choice(101, 1)]),
    code: invalid,
  },
  {
    limit: '100 characters of an option’s value',
    source: selects,
    passes: choosing([choice(1, 100)]),
    refused: choosing([choice(1, 101)]),
    code: invalid,
  },
  {
    limit: '150 characters of a placeholder',
    source: selects,
    passes: choosing([choice(1, 1)], { placeholder: 'x'.repeat(150) }),
    refused: choosing([choice(1, 1)], { placeholder: 'x'.repeat(151) }),
    code: invalid,
  },
  {
    limit: '3 displays of a section',
    source: `${docs}/components/reference#section`,
    passes: section(3),
    refused: section(4),
    code: invalid,
  },
  {
    limit: '10 items of a gallery',
    source: `${docs}/components/reference#media-gallery`,
    passes: gallery(10),
    refused: gallery(11),
    code: invalid,
  },
  {
    limit: '5 rows of components',
    source: `${docs}/components/reference#legacy-message-component-behavior`,
    passes: { ...saying, components: rows(5) },
    refused: { ...saying, components: rows(6) },
    code: invalid,
  },
  {
    limit: '5 buttons in a row',
    source: `${docs}/components/reference#action-row`,
    passes: { ...saying, components: [row(...[1, 2, 3, 4, 5].map((id) => button({ custom_id: `${id}` })))] },
    refused: { ...saying, components: [row(...[1, 2, 3, 4, 5, 6].map((id) => button({ custom_id: `${id}` })))] },
    code: invalid,
  },
  {
    limit: '40 components, nested ones among them',
    source: `${docs}/components/reference#component-reference`,
    passes: { ...quiet, flags: 1 << 15, components: rows(20) },
    refused: { ...quiet, flags: 1 << 15, components: [...rows(20), { type: 14 }] },
    code: invalid,
    error: 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
  },
  {
    limit: 'no content beside components of the second kind',
    source: createMessage,
    passes: displays(1),
    refused: { ...displays(1), content: 'Yes.' },
    code: invalid,
  },
  {
    limit: 'components of the second kind with their flag',
    source: `${docs}/components/reference#component-reference`,
    passes: displays(1),
    refused: { ...displays(1), flags: 0 },
    code: invalid,
  },
  {
    limit: '4,000 characters in all displays',
    source: 'https://github.com/vercel/chat',
    passes: displays(2_000, 2_000),
    refused: displays(2_000, 2_001),
    code: invalid,
    error: 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
  },
  {
    limit: '100 characters of a custom id',
    source: `${docs}/components/reference#anatomy-of-a-component-custom-id`,
    passes: withButton({ custom_id: 'x'.repeat(100) }),
    refused: withButton({ custom_id: 'x'.repeat(101) }),
    code: invalid,
    error: 'BASE_TYPE_MAX_LENGTH',
  },
  {
    limit: '1 character of a custom id',
    source: `${docs}/components/reference#anatomy-of-a-component-custom-id`,
    passes: withButton({ custom_id: 'x' }),
    refused: withButton({ custom_id: '' }),
    code: invalid,
    error: 'BASE_TYPE_BAD_LENGTH',
  },
  {
    limit: 'a custom id for each component',
    source: `${docs}/components/reference#anatomy-of-a-component-custom-id`,
    passes: { ...saying, components: [row(button(), button({ custom_id: 'other' }))] },
    refused: { ...saying, components: [row(button(), button())] },
    code: invalid,
    error: 'COMPONENT_CUSTOM_ID_DUPLICATED',
  },
  {
    limit: '80 characters of a label',
    source: buttons,
    passes: withButton({ label: 'x'.repeat(80) }),
    refused: withButton({ label: 'x'.repeat(81) }),
    code: invalid,
  },
  {
    limit: 'a label or an emoji',
    source: buttons,
    passes: withButton({ label: undefined, emoji: { name: '🛑' } }),
    refused: withButton({ label: undefined }),
    code: invalid,
  },
  {
    limit: 'a custom id of a button that is no link',
    source: buttons,
    passes: withButton({ style: 5, custom_id: undefined, url: 'https://example.com' }),
    refused: withButton({ custom_id: undefined }),
    code: invalid,
  },
  {
    limit: 'a link without a custom id',
    source: buttons,
    passes: withButton({ style: 5, custom_id: undefined, url: 'https://example.com' }),
    refused: withButton({ style: 5, url: 'https://example.com' }),
    code: invalid,
  },
  {
    limit: '512 characters of a link',
    source: buttons,
    passes: withButton({ style: 5, custom_id: undefined, url: `https://example.com/${'x'.repeat(492)}` }),
    refused: withButton({ style: 5, custom_id: undefined, url: `https://example.com/${'x'.repeat(493)}` }),
    code: invalid,
  },
  {
    limit: '25 characters of a nonce',
    source: createMessage,
    passes: { ...saying, nonce: 'x'.repeat(25) },
    refused: { ...saying, nonce: 'x'.repeat(26) },
    code: invalid,
  },
  {
    limit: 'no privacy in a channel',
    source: createMessage,
    passes: { ...saying, flags: 1 << 2 },
    refused: { ...saying, flags: 1 << 6 },
    code: invalid,
    error: 'MESSAGE_FLAGS_INVALID',
  },
];
