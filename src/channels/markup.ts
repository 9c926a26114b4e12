/** A neutral document in a platform's own markup: which marks it knows is data, and everything else about it is common. Pure. */
import { type Block, type Document, type Inline, plainText } from './document.ts';

/** How one platform writes things. Each takes text that is escaped already. */
export interface Markup {
  /** Takes from text whatever the platform would act upon: mentions, links, marks. */
  readonly escape: (text: string) => string;
  /** The same within code, where marks mean nothing. */
  readonly escapeCode: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly emphasis: (text: string) => string;
  readonly strike: (text: string) => string;
  readonly link: (label: string, url: string) => string;
  readonly heading: (text: string, depth: number) => string;
  readonly bullet: string;
  /** A code block with its language, where the platform shows it. */
  readonly fence: (code: string, language: string | null) => string;
  readonly rule: string;
}

/** Spaces that a nested list is moved to the right by. */
const indent = '   ';

/** Blocks are apart by an empty line. */
export function renderDocument(document: Document, markup: Markup): string {
  return document.map((block) => renderBlock(block, markup)).join('\n\n');
}

export function renderBlock(block: Block, markup: Markup): string {
  switch (block.type) {
    case 'paragraph':
      return renderInlines(block.children, markup);
    case 'heading':
      return markup.heading(renderInlines(block.children, markup), block.depth);
    case 'quote':
      return linesOf(renderDocument(block.children, markup))
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
    case 'list':
      return block.items.map((item, index) => renderItem(item, markOf(block.start, index, markup), markup)).join('\n');
    case 'code':
      return markup.fence(markup.escapeCode(block.text), block.language);
    case 'table':
      return markup.fence(markup.escapeCode(renderTable(block.rows)), null);
    case 'rule':
      return markup.rule;
  }
}

function markOf(start: number | null, index: number, { bullet }: Markup): string {
  return start === null ? bullet : `${start + index}.`;
}

/** What belongs to an item stands below its first line, further to the right. */
function renderItem(item: Document, mark: string, markup: Markup): string {
  const [first = '', ...more] = linesOf(item.map((block) => renderBlock(block, markup)).join('\n'));
  return [`${mark} ${first}`.trimEnd(), ...more.map((line) => `${indent}${line}`.trimEnd())].join('\n');
}

export function renderInlines(children: readonly Inline[], markup: Markup): string {
  return children.map((inline) => renderInline(inline, markup)).join('');
}

function renderInline(inline: Inline, markup: Markup): string {
  switch (inline.type) {
    case 'text':
      return markup.escape(inline.text);
    case 'break':
      return '\n';
    case 'code':
      return inlineCode(markup.escapeCode(inline.text));
    case 'link':
      return markup.link(markup.escape(plainText(inline.children)), inline.url);
    case 'strong':
    case 'emphasis':
    case 'strike': {
      const text = renderInlines(inline.children, markup);
      // Marks around white space are shown as they are.
      return text.trim() === text && text !== '' && !text.includes('\n') ? markup[inline.type](text) : text;
    }
  }
}

/** No platform agrees on how a backtick is written within them. */
function inlineCode(text: string): string {
  const shown = text.replaceAll('`', '′').replaceAll(/\s+/g, ' ').trim();
  return shown === '' ? '' : `\`${shown}\``;
}

/** Columns of equal width, as text: platforms have no tables that bots may write everywhere. */
function renderTable(rows: readonly (readonly (readonly Inline[])[])[]): string {
  const cells = rows.map((row) => row.map((cell) => plainText(cell).replaceAll(/\s+/g, ' ').trim()));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => widthOf(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) => padded(row[column] ?? '', width))
      .join(' | ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('-|-'), ...body.map(line)].join('\n');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** In columns of a fixed font: letters of East Asia take two. https://www.unicode.org/reports/tr11/ */
function widthOf(text: string): number {
  const wide = text.match(
    /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g,
  );
  return [...text].length + (wide?.length ?? 0);
}

function linesOf(text: string): string[] {
  return text.split('\n');
}
