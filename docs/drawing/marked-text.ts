/** Reads Slack's markup as a reader's client does, as far as the service writes it, and draws it. https://docs.slack.dev/messaging/formatting-message-text */
import { box, framed, type Look, lines, type Piece, type Run, stack, type TextStyle, textLine } from './pieces.ts';

export interface MarkedStyle extends TextStyle {
  readonly codeFill: string;
  readonly border: string;
}

/** What a platform's markup marks with; the marks that stand for themselves are letters of the private use area meanwhile. */
const literals: readonly string[] = ['*', '_', '~', '`'];
const firstLiteral = 0xe000;

/** Draws mrkdwn. */
export function drawMrkdwn(text: string, width: number, style: MarkedStyle): Piece {
  const parts = hidden(text).split(/```\n?([\s\S]*?)\n?```/);
  const pieces = parts.flatMap((part, index) =>
    index % 2 === 1 ? [fence(part, width, style)] : prose(part, width, style),
  );
  return stack(pieces, 0);
}

function hidden(text: string): string {
  return text
    .replaceAll(/\u2060([*_~`])\u2060/g, (_, mark: string) =>
      String.fromCharCode(firstLiteral + literals.indexOf(mark)),
    )
    .replaceAll('\u2060', '');
}

function shown(text: string): string {
  return text
    .replaceAll(/[\ue000-\ue003]/g, (letter) => literals[letter.charCodeAt(0) - firstLiteral] ?? '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function fence(code: string, width: number, style: MarkedStyle): Piece {
  const { codeFill, border, size, colour } = style;
  const codeStyle = { ...style, codeColour: colour };
  const written = code
    .split('\n')
    .map((line) => lines([{ text: shown(line), looks: ['code'] }], width - 20, codeStyle));
  const frame = (x: number, y: number, height: number) =>
    box(
      { x: x + 0.5, y: y + 2.5, width: width - 1, height: height - 5 },
      { fill: codeFill, stroke: border, radius: 4 },
    );
  return framed(stack(written, -size * 0.15), { left: 10, top: 10, bottom: 10 }, frame);
}

function prose(text: string, width: number, style: MarkedStyle): Piece[] {
  return text
    .replace(/^\n/, '')
    .split('\n')
    .map((line) => {
      if (line.trim() === '') return { height: Math.round(style.size * 0.6), draw: () => '' };
      const quoted = /^(?:&gt;|>) ?(.*)$/s.exec(line)?.[1];
      if (quoted !== undefined) return quote(quoted, width, style);
      const mark = /^( *)(?:(•|\d+\.) )?/.exec(line);
      const [all = '', spaces = '', bullet = ''] = mark ?? [];
      const left = spaces.length * 6;
      if (bullet === '') return moved(lines(runsOf(line.slice(all.length)), width - left, style), left);
      const hang = bullet === '•' ? 16 : 24;
      return moved(
        hanging(bullet, lines(runsOf(line.slice(all.length)), width - left - hang, style), hang, style),
        left,
      );
    });
}

function quote(text: string, width: number, style: MarkedStyle): Piece {
  const bar = (x: number, y: number, height: number) =>
    box({ x, y, width: 4, height }, { fill: style.border, radius: 2 });
  return framed(lines(runsOf(text), width - 16, style), { left: 14, top: 0, bottom: 0 }, bar);
}

function hanging(mark: string, piece: Piece, by: number, style: MarkedStyle): Piece {
  const marked = textLine([{ text: mark, looks: [] }], style);
  return { height: piece.height, draw: (x, y) => `${marked.draw(x, y)}\n${piece.draw(x + by, y)}` };
}

function moved(piece: Piece, by: number): Piece {
  return { height: piece.height, draw: (x, y) => piece.draw(x + by, y) };
}

const marked = /`([^`]+)`|\*([^*]+)\*|_([^_]+)_|~([^~]+)~|<([^|>]+)\|([^>]*)>|<([^>]+)>/;

/** Runs of one line. */
export function runsOf(text: string, looks: readonly Look[] = []): Run[] {
  const found = marked.exec(text);
  if (!found) return text === '' ? [] : [{ text: shown(text), looks }];
  const [all, code, strong, emphasis, strike, , label, address] = found;
  const within = (inner: string, look: Look): Run[] => runsOf(inner, [...looks, look]);
  const middle =
    code !== undefined
      ? [{ text: shown(code), looks: [...looks, 'code' as const] }]
      : [
          ...(strong === undefined ? [] : within(strong, 'strong')),
          ...(emphasis === undefined ? [] : within(emphasis, 'emphasis')),
          ...(strike === undefined ? [] : within(strike, 'strike')),
          ...(label === undefined ? [] : within(label, 'link')),
          ...(address === undefined ? [] : within(address, 'link')),
        ];
  return [
    ...runsOf(text.slice(0, found.index), looks),
    ...middle,
    ...runsOf(text.slice(found.index + all.length), looks),
  ];
}
