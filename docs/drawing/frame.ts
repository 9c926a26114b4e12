/** What both platforms' messages are drawn with: somebody's name beside what they say, buttons, and small text. */
import { drawMrkdwn, type MarkedStyle } from './marked-text.ts';
import { box, escapeXml, framed, type Piece, stack, textLine, widthOf } from './pieces.ts';

/** How a platform's client looks. */
export interface Skin {
  readonly background: string;
  readonly border: string;
  readonly text: MarkedStyle;
  readonly small: MarkedStyle;
  readonly avatarRadius: number;
  readonly badge: { readonly text: string; readonly fill: string; readonly colour: string };
  readonly button: Readonly<
    Record<ButtonLook, { readonly fill: string; readonly stroke: string; readonly colour: string }>
  >;
}
export type ButtonLook = 'plain' | 'primary' | 'danger';

export interface ShownButton {
  readonly text: string;
  readonly look: ButtonLook;
}

export interface Said {
  readonly name: string;
  readonly isApp: boolean;
  /** A line above it, such as that nobody else sees it. */
  readonly above?: string;
  readonly body: readonly Piece[];
}

export const pictureWidth = 640;
const padding = 16;
const avatar = 36;
const beside = avatar + 10;
/** Of what somebody says. */
export const bodyWidth = pictureWidth - 2 * padding - beside;

/** Messages below each other, on a card. */
export function conversation(said: readonly Said[], skin: Skin): Piece {
  return card(
    stack(
      said.map((each) => message(each, skin)),
      14,
    ),
    skin,
  );
}

export function card(piece: Piece, { background, border }: Skin): Piece {
  return framed(piece, { left: padding, top: padding, bottom: padding }, (x, y, height) =>
    box(
      { x: x + 0.5, y: y + 0.5, width: pictureWidth - 1, height: height - 1 },
      { fill: background, stroke: border, radius: 10 },
    ),
  );
}

function message({ name, isApp, above, body }: Said, skin: Skin): Piece {
  const { text, badge, avatarRadius } = skin;
  const named = textLine([{ text: name, looks: ['strong'] }], text);
  const column = stack([named, ...body], 4);
  const spoken: Piece = {
    height: column.height,
    draw: (x, y) => {
      const colour = isApp ? '#6b4ea0' : '#8a94a3';
      const right = x + beside + widthOf({ text: name, looks: ['strong'] }, text.size) + 10;
      const width = widthOf({ text: badge.text, looks: ['strong'] }, 10) + 8;
      const app = `${box({ x: right, y: y + 4, width, height: 14 }, { fill: badge.fill, radius: 3 })}<text x="${right + width / 2}" y="${y + 14.5}" font-size="10" font-weight="700" fill="${badge.colour}" text-anchor="middle">${badge.text}</text>`;
      return `${box({ x, y, width: avatar, height: avatar }, { fill: colour, radius: avatarRadius })}<text x="${x + avatar / 2}" y="${y + 24}" font-size="17" font-weight="700" fill="#ffffff" text-anchor="middle">${escapeXml(name.charAt(0))}</text>
${isApp ? app : ''}
${column.draw(x + beside, y)}`;
    },
  };
  return above === undefined ? spoken : stack([drawMrkdwn(above, bodyWidth, skin.small), spoken], 4);
}

export function buttons(shown: readonly ShownButton[], skin: Skin): Piece {
  const size = 13;
  const height = 30;
  return {
    height: height + 4,
    draw: (x, y) => {
      let left = x;
      return shown
        .map(({ text, look }) => {
          const { fill, stroke, colour } = skin.button[look];
          const width = Math.round(widthOf({ text, looks: ['strong'] }, size)) + 24;
          const drawn = `${box({ x: left + 0.5, y: y + 2.5, width, height: height - 1 }, { fill, stroke, radius: 6 })}<text x="${left + width / 2}" y="${y + 21.5}" font-size="${size}" font-weight="600" fill="${colour}" text-anchor="middle">${escapeXml(text)}</text>`;
          left += width + 8;
          return drawn;
        })
        .join('\n');
    },
  };
}

/** Where the middle of something long is left out of a picture, it says so. */
export function shortened<Item>(
  items: readonly Item[],
  most: { readonly first: number; readonly last: number },
  draw: (item: Item) => Piece,
  skin: Skin,
): Piece[] {
  const left = items.length - most.first - most.last;
  if (left <= 0) return items.map(draw);
  const gap = drawMrkdwn(`[ ${left} paragraphs of this message are left out of the picture ]`, bodyWidth, skin.small);
  return [...items.slice(0, most.first).map(draw), gap, ...items.slice(-most.last).map(draw)];
}
