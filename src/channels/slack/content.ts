/** How much a message of Slack's shows, and text in pieces that fit. https://docs.slack.dev/reference/block-kit */
import type { AnyMessageBlock, SectionBlock } from 'slack-web-api-client';
import * as z from 'zod/mini';
import type { Document } from '../document.ts';
import { splitDocument } from '../split.ts';
import { mrkdwn } from './mrkdwn.ts';

/** `text` is what notifications and clients without blocks show. */
export interface SlackContent {
  readonly text: string;
  readonly blocks: AnyMessageBlock[];
  /** Whether its sections are the answer, or a part of it: then they are read again where the conversation goes on. */
  readonly isAnswer: boolean;
}

const section = z.object({ type: z.literal('section'), text: z.object({ text: z.string() }) });

/** A section has room for 3,000. */
const mostOfSection = 2_900;

/**
 * Of what says something in one message; buttons and small lines come on top. Slack does not document what all blocks may have together: about 13,000 letters
 * were seen to pass. https://github.com/slackapi/bolt-js/issues/2509
 */
const mostOfMessage = { letters: 10_000, json: 10_500, sections: 40 } as const;

/** A document as texts for one section each. Never empty. */
export function sectionsOf(document: Document): string[] {
  const sections = splitDocument(document, mrkdwn, mostOfSection)
    .map(shown)
    .filter((text) => text.trim() !== '');
  return sections.length > 0 ? sections : ['—'];
}

/** The sections by message, as few messages as their order allows. */
export function messagesOf(sections: readonly string[]): string[][] {
  const messages: string[][] = [];
  let room = { letters: 0, json: 0, sections: 0 };
  for (const section of sections) {
    const size = { letters: section.length, json: JSON.stringify(sectionBlock(section)).length + 1, sections: 1 };
    const message = messages.at(-1);
    if (message && size.letters <= room.letters && size.json <= room.json && room.sections > 0) message.push(section);
    else {
      messages.push([section]);
      room = mostOfMessage;
    }
    room = {
      letters: room.letters - size.letters,
      json: room.json - size.json,
      sections: room.sections - 1,
    };
  }
  return messages;
}

export function sectionBlock(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

/** The text of a block as Slack tells of it; undefined for what is no section. */
export function textOfSection(block: unknown): string | undefined {
  const parsed = section.safeParse(block);
  return parsed.success ? parsed.data.text.text : undefined;
}

/** Text of somebody else's as a small line of our own. */
export function smallLine(text: string, most = 1_000): AnyMessageBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: shown(mrkdwn.escape(cut(text, most))) }] };
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Without what nobody sees and JSON takes six letters for. */
function shown(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '').toWellFormed();
}
