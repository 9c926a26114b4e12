/** A document in messages of bounded length, as few as they are whole: no fence is left open, no mark, and no word cut where there is a space. Pure. */
import { type Block, type Document, type Inline, plainText } from './document.ts';
import { type Markup, renderBlock } from './markup.ts';

const betweenBlocks = '\n\n';

interface Fitting {
  readonly text: string;
  readonly isHeading: boolean;
}

/** `limit` in UTF-16 units, as both platforms count about; at least 100. */
export function splitDocument(document: Document, markup: Markup, limit: number): string[] {
  const messages: string[] = [];
  let message: Fitting[] = [];
  let length = 0;
  for (const next of document.flatMap((block) => fittingTexts(block, markup, limit))) {
    if (message.length > 0 && length + betweenBlocks.length + next.text.length > limit) {
      const headings = headingsAtEnd(message, next, limit);
      messages.push(textOf(message.slice(0, message.length - headings.length)));
      message = [...headings];
      length = textOf(message).length;
    }
    message.push(next);
    length = message.length === 1 ? next.text.length : length + betweenBlocks.length + next.text.length;
  }
  return message.length === 0 ? messages : [...messages, textOf(message)];
}

/** Those that go along with what they stand above; none where the message is nothing else, or they do not fit. */
function headingsAtEnd(message: readonly Fitting[], next: Fitting, limit: number): readonly Fitting[] {
  const headings = message.slice(message.findLastIndex(({ isHeading }) => !isHeading) + 1);
  return headings.length < message.length && textOf([...headings, next]).length <= limit ? headings : [];
}

function textOf(texts: readonly Fitting[]): string {
  return texts.map(({ text }) => text).join(betweenBlocks);
}

function fittingTexts(block: Block, markup: Markup, limit: number): Fitting[] {
  return fitting(block, markup, limit).map((text) => ({ text, isHeading: block.type === 'heading' }));
}

/** The block as texts that fit, halved for as long as one does not. */
function fitting(block: Block, markup: Markup, limit: number): string[] {
  const text = renderBlock(block, markup);
  if (text.length <= limit) return text.trim() === '' ? [] : [text];
  const halves = halved(block);
  // A single letter cannot be halved; it fits into any message but one with the marks of a hundred lists around it.
  return halves ? halves.flatMap((half) => fitting(half, markup, limit)) : [text.slice(0, limit)];
}

/** Two blocks that say the same; undefined where it is too small. */
function halved(block: Block): readonly [Block, Block] | undefined {
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return both(halvedInlines(block.children), (children) => ({ ...block, children }));
    case 'quote':
      return both(halvedDocument(block.children), (children) => ({ ...block, children }));
    case 'list':
      return halvedItems(block);
    case 'code':
      return both(halvedText(block.text, '\n'), (text) => ({ ...block, text }));
    case 'table': {
      const [head = [], ...body] = block.rows;
      if (body.length === 1) return halvedItems(cellsOf(block));
      return both(halvedArray(body), (rows) => ({ ...block, rows: [head, ...rows] }));
    }
    case 'rule':
      return undefined;
  }
}

type Halves<Whole> = readonly [Whole, Whole] | undefined;

function both<Half>(halves: Halves<Half>, toBlock: (half: Half) => Block): Halves<Block> {
  return halves && [toBlock(halves[0]), toBlock(halves[1])];
}

/** A row that no message has room for, cell by cell, each behind its column's head. */
function cellsOf({ rows }: Extract<Block, { readonly type: 'table' }>): Extract<Block, { readonly type: 'list' }> {
  const [head = [], row = []] = rows;
  const items = row.map((cell, column): Document => {
    const name = plainText(head[column] ?? []);
    const label: Inline = { type: 'strong', children: [{ type: 'text', text: name }] };
    return [{ type: 'paragraph', children: [label, { type: 'text', text: ' ' }, ...cell] }];
  });
  return { type: 'list', start: null, items };
}

function halvedArray<Item>(items: readonly Item[]): Halves<readonly Item[]> {
  const middle = items.length >> 1;
  return items.length < 2 ? undefined : [items.slice(0, middle), items.slice(middle)];
}

function halvedDocument(document: Document): Halves<Document> {
  const [only] = document;
  if (document.length !== 1 || !only) return halvedArray(document);
  const halves = halved(only);
  return halves && [[halves[0]], [halves[1]]];
}

/** Numbers go on in the second half. One long item goes on as one of the same number. */
function halvedItems(block: Extract<Block, { readonly type: 'list' }>): Halves<Block> {
  const { start, items } = block;
  const [only] = items;
  if (items.length === 1 && only) return both(halvedDocument(only), (item) => ({ ...block, items: [item] }));
  const halves = halvedArray(items);
  if (!halves) return undefined;
  const [before, after] = halves;
  return [
    { ...block, items: before },
    { ...block, start: start === null ? null : start + before.length, items: after },
  ];
}

function halvedInlines(children: readonly Inline[]): Halves<readonly Inline[]> {
  const text = plainText(children);
  const at = cutOf(text, ' ');
  if (at === undefined) return undefined;
  const [before, after] = cutInlines(children, at);
  return [before, after];
}

/** The content before a place in its plain text, and after it. */
function cutInlines(children: readonly Inline[], at: number): readonly [Inline[], Inline[]] {
  const [before, after]: [Inline[], Inline[]] = [[], []];
  let from = 0;
  for (const inline of children) {
    const length = plainText([inline]).length;
    if (from + length <= at) before.push(inline);
    else if (from >= at) after.push(inline);
    else {
      const [one, other] = cutInline(inline, at - from);
      before.push(one);
      after.push(other);
    }
    from += length;
  }
  return [before, after];
}

function cutInline(inline: Inline, at: number): readonly [Inline, Inline] {
  if (inline.type === 'break') return [inline, inline];
  // A link is one thing: cut, it is text with its address.
  if (inline.type === 'link') return cutText(`${plainText(inline.children)} (${inline.url})`, at);
  if ('children' in inline) {
    const [before, after] = cutInlines(inline.children, at);
    return [
      { ...inline, children: before },
      { ...inline, children: after },
    ];
  }
  return [
    { ...inline, text: inline.text.slice(0, at) },
    { ...inline, text: inline.text.slice(at) },
  ];
}

function cutText(text: string, at: number): readonly [Inline, Inline] {
  return [
    { type: 'text', text: text.slice(0, at) },
    { type: 'text', text: text.slice(at) },
  ];
}

function halvedText(text: string, separator: string): Halves<string> {
  const at = cutOf(text, separator);
  return at === undefined ? undefined : [text.slice(0, at), text.slice(at).replace(/^\n/, '')];
}

/** The place nearest to the middle that stands behind a separator, or the middle itself; never within a surrogate pair. */
function cutOf(text: string, separator: string): number | undefined {
  const middle = text.length >> 1;
  const before = text.lastIndexOf(separator, middle) + 1;
  const after = text.indexOf(separator, middle) + 1;
  const near = [before, after].filter((at) => at > text.length / 4 && at < (text.length * 3) / 4);
  const at = near.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle))[0] ?? middle;
  const safe = /[\udc00-\udfff]/.test(text[at] ?? '') ? at + 1 : at;
  return safe > 0 && safe < text.length ? safe : undefined;
}
