/** Draws messages as Discord's client shows them. What the service does not send is not drawn, and an error says so. */
import * as z from 'zod/mini';
import type { DiscordMessage } from '../../src/channels/discord/api.ts';
import { readDocument } from '../../src/channels/document.ts';
import { renderDocument } from '../../src/channels/markup.ts';
import { mrkdwn } from '../../src/channels/slack/mrkdwn.ts';
import { type ButtonLook, bodyWidth, buttons, conversation, type Said, type Skin } from './frame.ts';
import { drawMrkdwn } from './marked-text.ts';
import type { Piece } from './pieces.ts';

const colours = { codeFill: '#2b2d31', border: '#4a4d55', linkColour: '#00a8fc', codeColour: '#e3e5e8' } as const;

const skin: Skin = {
  background: '#313338',
  border: '#1e1f22',
  text: { size: 15, colour: '#dbdee1', ...colours },
  small: { size: 12, colour: '#a3aab4', ...colours },
  avatarRadius: 18,
  badge: { text: 'APP', fill: '#5865f2', colour: '#ffffff' },
  button: {
    plain: { fill: '#4e5058', stroke: '#4e5058', colour: '#ffffff' },
    primary: { fill: '#5865f2', stroke: '#5865f2', colour: '#ffffff' },
    danger: { fill: '#da373c', stroke: '#da373c', colour: '#ffffff' },
  },
};

/** https://discord.com/developers/docs/components/reference#button-button-styles */
const looks: Readonly<Record<number, ButtonLook>> = { 1: 'primary', 2: 'plain', 4: 'danger' };

const rows = z.array(
  z.strictObject({
    type: z.literal(1),
    components: z.array(
      z.strictObject({ type: z.literal(2), style: z.literal([1, 2, 4]), label: z.string(), custom_id: z.string() }),
    ),
  }),
);

export function discordConversation(said: readonly Said[]): Piece {
  return conversation(said, skin);
}

/** `above`: what somebody did that it answers. */
export function discordBot(message: DiscordMessage, above?: string, isPrivate = false): Said {
  const row = rows.parse(message.components).map(({ components }) =>
    buttons(
      components.map(({ label, style }) => ({ text: label, look: looks[style] ?? 'plain' })),
      skin,
    ),
  );
  const alone = isPrivate ? [drawMrkdwn('Only you can see this', bodyWidth, skin.small)] : [];
  return {
    name: 'reflection',
    isApp: true,
    body: [...drawContent(message.content), ...row, ...alone],
    ...(above !== undefined && { above }),
  };
}

/** Discord's Markdown by way of the document that it says; lines that begin with `-#` are small. */
function drawContent(content: string): Piece[] {
  const shown = content.replaceAll('\u200b', '').replaceAll(/<@\d+>/g, '@Ada');
  const parts = shown.split(/^(-# .*)$/m).filter((part) => part.trim() !== '');
  return parts.map((part) => {
    const isSmall = part.startsWith('-# ');
    const markdown = isSmall ? part.slice(3) : part;
    const text = renderDocument(readDocument(markdown), mrkdwn);
    return drawMrkdwn(text, bodyWidth, isSmall ? skin.small : skin.text);
  });
}
