/** Pieces of a picture in plain SVG: text that wraps by the estimated width of its letters, frames, and pieces below each other. No font is embedded, so widths are estimates. */

/** Something that takes the whole width that it was made for. */
export interface Piece {
  /** In pixels. */
  readonly height: number;
  readonly draw: (x: number, y: number) => string;
}

/** Text of one look. */
export interface Run {
  readonly text: string;
  readonly looks: readonly Look[];
}
export type Look = 'strong' | 'emphasis' | 'strike' | 'code' | 'link';

export interface TextStyle {
  readonly size: number;
  readonly colour: string;
  readonly linkColour: string;
  readonly codeColour: string;
}

export const fonts = {
  text: "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif",
  code: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
} as const;

export function stack(pieces: readonly Piece[], gap: number): Piece {
  const height = pieces.reduce((sum, piece) => sum + piece.height, 0) + gap * Math.max(0, pieces.length - 1);
  return {
    height,
    draw: (x, y) => {
      let top = y;
      return pieces
        .map((piece) => {
          const drawn = piece.draw(x, top);
          top += piece.height + gap;
          return drawn;
        })
        .join('\n');
    },
  };
}

export function space(height: number): Piece {
  return { height, draw: () => '' };
}

/** With room around it, over what is drawn for the whole of it. */
export function framed(
  piece: Piece,
  room: { readonly left: number; readonly top: number; readonly bottom: number },
  frame: (x: number, y: number, height: number) => string,
): Piece {
  const height = room.top + piece.height + room.bottom;
  return { height, draw: (x, y) => `${frame(x, y, height)}\n${piece.draw(x + room.left, y + room.top)}` };
}

/** One line or several, none wider than `width`. A line of spaces keeps its height. */
export function lines(runs: readonly Run[], width: number, style: TextStyle): Piece {
  return stack(
    wrapped(runs, width, style.size).map((line) => textLine(line, style)),
    0,
  );
}

export function textLine(runs: readonly Run[], style: TextStyle): Piece {
  const { size, colour } = style;
  const height = Math.round(size * 1.47);
  return {
    height,
    draw: (x, y) => {
      const spans = runs.map((run) => span(run, style)).join('');
      return `<text x="${x}" y="${y + Math.round(size * 1.08)}" font-size="${size}" fill="${colour}" xml:space="preserve">${spans}</text>`;
    },
  };
}

function span({ text, looks }: Run, { linkColour, codeColour, size }: TextStyle): string {
  const attributes = [
    looks.includes('strong') ? 'font-weight="700"' : '',
    looks.includes('emphasis') ? 'font-style="italic"' : '',
    looks.includes('strike') ? 'text-decoration="line-through"' : '',
    looks.includes('code') ? `font-family="${fonts.code}" font-size="${size - 2}" fill="${codeColour}"` : '',
    looks.includes('link') ? `fill="${linkColour}"` : '',
  ].filter((attribute) => attribute !== '');
  return attributes.length === 0 ? escapeXml(text) : `<tspan ${attributes.join(' ')}>${escapeXml(text)}</tspan>`;
}

/** A rounded frame. */
export function box(
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  look: { readonly fill: string; readonly stroke?: string; readonly radius?: number },
): string {
  const { fill, stroke = 'none', radius = 6 } = look;
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"/>`;
}

/** The whole picture. `words`: for those who do not see it. */
export function svg(piece: Piece, width: number, words: string): string {
  const height = piece.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${fonts.text}">
<title>${escapeXml(words)}</title>
${piece
  .draw(0, 0)
  .split('\n')
  .filter((line) => line !== '')
  .join('\n')}
</svg>
`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/** In pixels, rather too wide than too narrow. */
export function widthOf({ text, looks }: Run, size: number): number {
  const scale = looks.includes('strong') ? 1.12 : 1.05;
  const width = [...text].reduce((sum, letter) => sum + (looks.includes('code') ? 0.55 : letterWidth(letter)), 0);
  return width * scale * size;
}

function letterWidth(letter: string): number {
  if (/[ .,;:!|'’`ijlI()[\]]/.test(letter)) return 0.3;
  if (/[tfr/“”"-]/.test(letter)) return 0.4;
  if (/[mwMW@%—…→]/.test(letter)) return 0.9;
  if (/[A-Z&]/.test(letter)) return 0.69;
  return letter < '\u3000' ? 0.59 : 1.1;
}

function wrapped(runs: readonly Run[], width: number, size: number): Run[][] {
  const found: Run[][] = [[]];
  let used = 0;
  for (const { text, looks } of runs) {
    for (const word of text.match(/\S+\s*|\s+/g) ?? []) {
      const taken = widthOf({ text: word, looks }, size);
      if (used > 0 && used + widthOf({ text: word.trimEnd(), looks }, size) > width) {
        found.push([]);
        used = 0;
      }
      const line = found.at(-1) ?? [];
      const last = line.at(-1);
      if (last && last.looks === looks) line[line.length - 1] = { text: last.text + word, looks };
      else line.push({ text: word, looks });
      used += taken;
    }
  }
  return found;
}
