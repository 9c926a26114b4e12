/** The numbers of Discord's that the double and its sender use, by the names of `discord-api-types`. Its own enumerations are CommonJS, which the tests in workerd cannot load. */
import type * as discord from 'discord-api-types/v10';

export const ButtonStyle: Pick<
  typeof discord.ButtonStyle,
  'Primary' | 'Secondary' | 'Success' | 'Danger' | 'Link' | 'Premium'
> = { Primary: 1, Secondary: 2, Success: 3, Danger: 4, Link: 5, Premium: 6 };
export const ComponentType: Pick<
  typeof discord.ComponentType,
  | 'ActionRow'
  | 'Button'
  | 'StringSelect'
  | 'UserSelect'
  | 'RoleSelect'
  | 'MentionableSelect'
  | 'ChannelSelect'
  | 'Section'
  | 'TextDisplay'
  | 'Thumbnail'
  | 'MediaGallery'
  | 'File'
  | 'Separator'
  | 'Container'
> = {
  ActionRow: 1,
  Button: 2,
  StringSelect: 3,
  UserSelect: 5,
  RoleSelect: 6,
  MentionableSelect: 7,
  ChannelSelect: 8,
  Section: 9,
  TextDisplay: 10,
  Thumbnail: 11,
  MediaGallery: 12,
  File: 13,
  Separator: 14,
  Container: 17,
};
export const MessageFlags: Pick<
  typeof discord.MessageFlags,
  'SuppressEmbeds' | 'Ephemeral' | 'Loading' | 'SuppressNotifications' | 'IsVoiceMessage' | 'IsComponentsV2'
> = {
  SuppressEmbeds: 4,
  Ephemeral: 64,
  Loading: 128,
  SuppressNotifications: 4096,
  IsVoiceMessage: 8192,
  IsComponentsV2: 32768,
};
export const MessageType: Pick<typeof discord.MessageType, 'Default'> = { Default: 0 };
export const RESTJSONErrorCodes: Pick<
  typeof discord.RESTJSONErrorCodes,
  | 'UnknownMessage'
  | 'UnknownWebhook'
  | 'UnknownInteraction'
  | 'InteractionHasAlreadyBeenAcknowledged'
  | 'ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages'
  | 'CloudflareIsBlockingYourRequest'
  | 'MissingAccess'
  | 'CannotSendAnEmptyMessage'
  | 'InvalidWebhookToken'
  | 'InvalidFormBodyOrContentType'
  | 'RequestBodyContainsInvalidJSON'
> = {
  UnknownMessage: 10008,
  UnknownWebhook: 10015,
  UnknownInteraction: 10062,
  InteractionHasAlreadyBeenAcknowledged: 40060,
  ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages: 40094,
  CloudflareIsBlockingYourRequest: 40333,
  MissingAccess: 50001,
  CannotSendAnEmptyMessage: 50006,
  InvalidWebhookToken: 50027,
  InvalidFormBodyOrContentType: 50035,
  RequestBodyContainsInvalidJSON: 50109,
};
export const InteractionResponseType: Pick<
  typeof discord.InteractionResponseType,
  | 'Pong'
  | 'ChannelMessageWithSource'
  | 'DeferredChannelMessageWithSource'
  | 'DeferredMessageUpdate'
  | 'UpdateMessage'
  | 'ApplicationCommandAutocompleteResult'
  | 'Modal'
> = {
  Pong: 1,
  ChannelMessageWithSource: 4,
  DeferredChannelMessageWithSource: 5,
  DeferredMessageUpdate: 6,
  UpdateMessage: 7,
  ApplicationCommandAutocompleteResult: 8,
  Modal: 9,
};
export const InteractionType: Pick<
  typeof discord.InteractionType,
  'Ping' | 'ApplicationCommand' | 'MessageComponent' | 'ApplicationCommandAutocomplete' | 'ModalSubmit'
> = { Ping: 1, ApplicationCommand: 2, MessageComponent: 3, ApplicationCommandAutocomplete: 4, ModalSubmit: 5 };
export const ApplicationCommandOptionType: Pick<typeof discord.ApplicationCommandOptionType, 'String' | 'Boolean'> = {
  String: 3,
  Boolean: 5,
};
export const ApplicationCommandType: Pick<
  typeof discord.ApplicationCommandType,
  'ChatInput' | 'User' | 'Message' | 'PrimaryEntryPoint'
> = { ChatInput: 1, User: 2, Message: 3, PrimaryEntryPoint: 4 };
export const ApplicationIntegrationType: Pick<
  typeof discord.ApplicationIntegrationType,
  'GuildInstall' | 'UserInstall'
> = { GuildInstall: 0, UserInstall: 1 };
export const InteractionContextType: Pick<typeof discord.InteractionContextType, 'Guild' | 'BotDM' | 'PrivateChannel'> =
  { Guild: 0, BotDM: 1, PrivateChannel: 2 };
export const ChannelType: Pick<typeof discord.ChannelType, 'GuildText' | 'DM'> = { GuildText: 0, DM: 1 };
export const GuildMemberFlags: Pick<typeof discord.GuildMemberFlags, 'CompletedOnboarding'> = {
  CompletedOnboarding: 2,
};
export const PermissionFlagsBits: Pick<
  typeof discord.PermissionFlagsBits,
  'ViewChannel' | 'UseExternalApps' | 'SendMessages'
> = { ViewChannel: 1024n, UseExternalApps: 1125899906842624n, SendMessages: 2048n };
