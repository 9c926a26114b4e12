/**
 * An answer as a neutral document, which each channel renders in its own way. It is read from Markdown, which is what models write. What a reader's client would
 * act upon by itself is no part of it: no images, no HTML, no links but to the web and to mail. Pure.
 */
import type { Definition, Nodes, PhrasingContent, Root, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { gfmTable } from 'micromark-extension-gfm-table';

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'link'; readonly url: string; readonly children: readonly Inline[] }
  | { readonly type: 'break' };

export type Block =
  | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly type: 'heading'; readonly depth: number; readonly children: readonly Inline[] }
  /** `start` is the first number, null for bullets. */
  | { readonly type: 'list'; readonly start: number | null; readonly items: readonly Document[] }
  | { readonly type: 'quote'; readonly children: Document }
  | { readonly type: 'code'; readonly language: string | null; readonly text: string }
  /** The first row is the head. */
  | { readonly type: 'table'; readonly rows: readonly (readonly (readonly Inline[])[])[] }
  | { readonly type: 'rule' };

export type Document = readonly Block[];

/** Longer than any answer that a model may write here. What is longer is not parsed: some Markdown takes time that grows with the square of its length. */
const longestParsed = 60_000;
/** Deeper nesting is given as text: no channel shows it, and it could exhaust the stack. */
const deepest = 12;
/** Marks of quotes and lists at the beginning of a line. */
const mostNestingMarks = 200;
/** Brackets and beginnings of addresses, for which the parser looks again and again. */
const mostLinkMarks = 4_000;
/** A longer address is given as text: it would fill a message by itself. */
const longestAddress = 1_000;

/** Reads Markdown. Never throws: whatever it is, it is a document. */
export function readDocument(markdown: string): Document {
  if (markdown.length > longestParsed || hasDeepNesting(markdown) || hasManyLinkMarks(markdown)) {
    return plainDocument(markdown);
  }
  const root = fromMarkdown(markdown, {
    extensions: [gfmTable(), gfmStrikethrough({ singleTilde: false }), gfmAutolinkLiteral()],
    mdastExtensions: [gfmTableFromMarkdown(), gfmStrikethroughFromMarkdown(), gfmAutolinkLiteralFromMarkdown()],
  });
  return new Reader(definitionsOf(root)).blocks(root.children, 0);
}

/** The text as paragraphs, with nothing in it that means anything. */
export function plainDocument(text: string): Document {
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => ({ type: 'paragraph', children: [{ type: 'text', text: paragraph }] }));
}

/** What a reader sees of inline content, without its form. */
export function plainText(children: readonly Inline[]): string {
  return children
    .map((inline) => {
      if (inline.type === 'break') return '\n';
      return 'children' in inline ? plainText(inline.children) : inline.text;
    })
    .join('');
}

/** Quotes and lists in one line, thousands deep, are how a parser is attacked. */
function hasDeepNesting(markdown: string): boolean {
  return markdown.split('\n').some((line) => {
    const marks = /^[\s>*+\-\d.)]*/.exec(line)?.[0].replaceAll(/\s/g, '').length ?? 0;
    return marks > mostNestingMarks && !/^\s*([-*_])\s*(?:\1\s*)+$/.test(line);
  });
}

function hasManyLinkMarks(markdown: string): boolean {
  return (markdown.match(/[[\]@]|www\.|:\/\//g)?.length ?? 0) > mostLinkMarks;
}

function definitionsOf(root: Root): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  for (const node of root.children) {
    if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node);
  }
  return found;
}

class Reader {
  readonly #definitions: ReadonlyMap<string, Definition>;

  constructor(definitions: ReadonlyMap<string, Definition>) {
    this.#definitions = definitions;
  }

  blocks(nodes: readonly RootContent[], depth: number): Block[] {
    return nodes.flatMap((node) => this.#block(node, depth));
  }

  #block(node: RootContent, depth: number): Block | [] {
    if (depth > deepest) return paragraph([{ type: 'text', text: textOf(node) }]);
    switch (node.type) {
      case 'paragraph':
        return paragraph(this.#inlines(node.children, depth));
      case 'heading':
        return { type: 'heading', depth: node.depth, children: this.#inlines(node.children, depth) };
      case 'blockquote':
        return { type: 'quote', children: this.blocks(node.children, depth + 1) };
      case 'list': {
        const items = node.children.map((item) => this.blocks(item.children, depth + 1));
        return { type: 'list', start: node.ordered ? (node.start ?? 1) : null, items };
      }
      case 'code':
        return { type: 'code', language: node.lang ?? null, text: node.value };
      case 'table':
        return {
          type: 'table',
          rows: node.children.map((row) => row.children.map((cell) => this.#inlines(cell.children, depth))),
        };
      case 'thematicBreak':
        return { type: 'rule' };
      case 'html':
        return paragraph([{ type: 'text', text: node.value }]);
      case 'definition':
        return [];
      default:
        return paragraph([{ type: 'text', text: textOf(node) }]);
    }
  }

  #inlines(nodes: readonly PhrasingContent[], depth: number): Inline[] {
    return nodes.flatMap((node) => this.#inline(node, depth));
  }

  #inline(node: PhrasingContent, depth: number): Inline | Inline[] {
    if (depth > deepest) return { type: 'text', text: textOf(node) };
    switch (node.type) {
      case 'text':
      case 'html':
        return { type: 'text', text: node.value };
      case 'strong':
      case 'emphasis':
        return { type: node.type, children: this.#inlines(node.children, depth + 1) };
      case 'delete':
        return { type: 'strike', children: this.#inlines(node.children, depth + 1) };
      case 'inlineCode':
        return { type: 'code', text: node.value };
      case 'break':
        return { type: 'break' };
      case 'link':
        return linkTo(node.url, this.#inlines(node.children, depth + 1));
      case 'linkReference': {
        const children = this.#inlines(node.children, depth + 1);
        const url = this.#definitions.get(node.identifier)?.url;
        return url === undefined ? children : linkTo(url, children);
      }
      case 'image':
        return linkTo(node.url, [{ type: 'text', text: node.alt || 'image' }]);
      case 'imageReference': {
        const text = node.alt || 'image';
        const url = this.#definitions.get(node.identifier)?.url;
        return url === undefined ? { type: 'text', text } : linkTo(url, [{ type: 'text', text }]);
      }
      default:
        return { type: 'text', text: textOf(node) };
    }
  }
}

function paragraph(children: readonly Inline[]): Block {
  return { type: 'paragraph', children };
}

const linkedProtocols = ['http:', 'https:', 'mailto:'];

/**
 * A link, where it leads to the web or to mail and says so: one that reads as one address and leads to another is given as text, with both. Links within
 * links are text.
 */
function linkTo(address: string, label: readonly Inline[]): Inline[] {
  const url = URL.parse(address);
  const text = plainText(label);
  if (!url || !mayLead(url)) return [{ type: 'text', text }];
  const named = hostNamedIn(text);
  if (named !== undefined && named !== url.host) return [{ type: 'text', text: `${text} (${url.href})` }];
  return [
    {
      type: 'link',
      url: url.href.replaceAll('`', '%60'),
      children: [{ type: 'text', text: text === '' ? url.href : text }],
    },
  ];
}

/** A host with other signs than hosts have is what a parser made of the text behind an address. */
function mayLead({ protocol, host, href }: URL): boolean {
  const isHost = protocol === 'mailto:' || /^[a-z0-9.:[\]-]+$/.test(host);
  return linkedProtocols.includes(protocol) && isHost && href.length <= longestAddress;
}

/** The host that a label names, where it reads as an address. */
function hostNamedIn(label: string): string | undefined {
  const [, host] =
    /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}(?::\d+)?)(?:[/?#]\S*)?\s*$/iu.exec(label) ?? [];
  return host === undefined ? undefined : URL.parse(`https://${host}`)?.host;
}

/** The text of a node and of all below it, without recursion. */
function textOf(node: Nodes): string {
  const texts: string[] = [];
  const waiting: Nodes[] = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if ('value' in next) texts.push(next.value);
    if ('children' in next) waiting.push(...next.children.toReversed());
  }
  return texts.join(' ');
}
