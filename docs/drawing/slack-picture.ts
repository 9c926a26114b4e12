/** Draws what Slack is sent as its client shows it: blocks, streams and views. What the service does not send is not drawn, and an error says so. */
import type { AnyMessageBlock, AnyMessageChunk, ModalView } from 'slack-web-api-client';
import { readDocument } from '../../src/channels/document.ts';
import { renderDocument } from '../../src/channels/markup.ts';
import { sectionBlock } from '../../src/channels/slack/content.ts';
import { mrkdwn } from '../../src/channels/slack/mrkdwn.ts';
import {
  bodyWidth,
  buttons,
  card,
  conversation,
  pictureWidth,
  type Said,
  type ShownButton,
  type Skin,
  shortened,
} from './frame.ts';
import { drawMrkdwn } from './marked-text.ts';
import { box, framed, type Piece, space, stack, textLine } from './pieces.ts';

const colours = { codeFill: '#f8f8f8', border: '#dddddd', linkColour: '#1264a3', codeColour: '#c01343' } as const;

export const slackSkin: Skin = {
  background: '#ffffff',
  border: '#c9ced6',
  text: { size: 15, colour: '#1d1c1d', ...colours },
  small: { size: 13, colour: '#616061', ...colours },
  avatarRadius: 6,
  badge: { text: 'APP', fill: '#e4e4e4', colour: '#505050' },
  button: {
    plain: { fill: '#ffffff', stroke: '#bbbbbb', colour: '#1d1c1d' },
    primary: { fill: '#007a5a', stroke: '#007a5a', colour: '#ffffff' },
    danger: { fill: '#ffffff', stroke: '#e01e5a', colour: '#e01e5a' },
  },
};

/** Blocks and paragraphs that are shown of a long message, at its two ends. */
const most = { first: 2, last: 4 } as const;
const longSection = 2_000;

export function slackConversation(said: readonly Said[]): Piece {
  return conversation(said, slackSkin);
}

export function person(text: string): Said {
  return { name: 'Ada', isApp: false, body: [drawMrkdwn(text, bodyWidth, slackSkin.text)] };
}

export function bot(blocks: readonly AnyMessageBlock[], above?: string): Said {
  const body = shortened(blocks.flatMap(paragraphs), most, (block) => drawBlock(block), slackSkin);
  return { name: 'reflection', isApp: true, body, ...(above !== undefined && { above }) };
}

/** A long section by its paragraphs. */
function paragraphs(block: AnyMessageBlock): AnyMessageBlock[] {
  const text = block.type === 'section' ? (block.text?.text ?? '') : '';
  if (text.length < longSection) return [block];
  return text.split('\n\n').map((each) => sectionBlock(`${each}\n`));
}

/** What is said without blocks. */
export function plainBot(text: string, above: string): Said {
  return { name: 'reflection', isApp: true, above, body: [drawMrkdwn(text, bodyWidth, slackSkin.text)] };
}

function drawBlock(block: AnyMessageBlock, width = bodyWidth): Piece {
  switch (block.type) {
    case 'section':
      return drawMrkdwn(block.text?.text ?? '', width, slackSkin.text);
    case 'context':
      return stack(
        block.elements.map((element) => {
          if (element.type !== 'mrkdwn') throw new Error(`A context with ${element.type} is not drawn.`);
          return drawMrkdwn(element.text, width, slackSkin.small);
        }),
        2,
      );
    case 'actions':
      return buttons(
        block.elements.map((element): ShownButton => {
          if (element.type !== 'button') throw new Error(`An action ${element.type} is not drawn.`);
          return { text: element.text.text, look: element.style ?? 'plain' };
        }),
        slackSkin,
      );
    case 'context_actions':
      return buttons(
        block.elements.flatMap((element): ShownButton[] => {
          if (element.type !== 'feedback_buttons') throw new Error(`An action ${element.type} is not drawn.`);
          return ['👍', '👎'].map((text) => ({ text, look: 'plain' }));
        }),
        slackSkin,
      );
    default:
      throw new Error(`A block ${block.type} is not drawn.`);
  }
}

/** A stream as its chunks have made it. */
export function streamedBot(chunks: readonly AnyMessageChunk[]): Said {
  const tasks = new Map<string, Extract<AnyMessageChunk, { type: 'task_update' }>>();
  let title = '';
  let text = '';
  for (const chunk of chunks) {
    if (chunk.type === 'plan_update') title = chunk.title;
    else if (chunk.type === 'task_update') tasks.set(chunk.id, chunk);
    else if (chunk.type === 'markdown_text') text += chunk.text;
    else throw new Error(`A chunk ${chunk.type} is not drawn.`);
  }
  const plan = stack(
    [
      textLine([{ text: title, looks: ['strong'] }], slackSkin.text),
      ...[...tasks.values()].map((task) => drawTask(task.title, task.status)),
    ],
    3,
  );
  const frame = (x: number, y: number, height: number) =>
    box(
      { x: x + 0.5, y: y + 2.5, width: bodyWidth - 1, height: height - 5 },
      { fill: '#ffffff', stroke: '#dddddd', radius: 8 },
    );
  const said = renderDocument(readDocument(text.replaceAll('\u2060', '')), mrkdwn);
  return {
    name: 'reflection',
    isApp: true,
    body: [framed(plan, { left: 14, top: 12, bottom: 14 }, frame), drawMrkdwn(said, bodyWidth, slackSkin.text)],
  };
}

const taskMarks = {
  pending: { fill: '#ffffff', stroke: '#8d8d8d', path: '' },
  in_progress: { fill: '#ffffff', stroke: '#1264a3', path: 'M-3 0H3M0 -3V3' },
  complete: { fill: '#007a5a', stroke: '#007a5a', path: 'M-3 0L-1 2.5L3 -2.5' },
  error: { fill: '#e01e5a', stroke: '#e01e5a', path: 'M-2.5 -2.5L2.5 2.5M-2.5 2.5L2.5 -2.5' },
} as const;

function drawTask(title: string, status: keyof typeof taskMarks): Piece {
  const line = textLine([{ text: title, looks: [] }], slackSkin.small);
  const { fill, stroke, path } = taskMarks[status];
  const within = status === 'in_progress' ? stroke : '#ffffff';
  return {
    height: line.height,
    draw: (x, y) => {
      const mark = `<g transform="translate(${x + 7} ${y + 9})"><circle r="6" fill="${fill}" stroke="${stroke}" stroke-width="1.3"/><path d="${path}" stroke="${within}" stroke-width="1.5" fill="none"/></g>`;
      return `${mark}\n${line.draw(x + 21, y)}`;
    },
  };
}

export function slackView({ title, close, blocks }: ModalView): Piece {
  const width = pictureWidth - 32;
  const heading = textLine([{ text: title.text, looks: ['strong'] }], { ...slackSkin.text, size: 18 });
  const rule: Piece = { height: 1, draw: (x, y) => box({ x, y, width, height: 1 }, { fill: '#dddddd', radius: 0 }) };
  const end = buttons([{ text: close?.text ?? 'Close', look: 'plain' }], slackSkin);
  const body = blocks.map((block) => {
    if (block.type !== 'section') throw new Error(`A block ${block.type} is not drawn in a view.`);
    return drawBlock(block, width);
  });
  return card(stack([heading, rule, ...body, space(2), rule, end], 10), slackSkin);
}
