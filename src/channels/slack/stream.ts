/** What a run's stream has shown, and the chunks that bring it up to date. https://docs.slack.dev/reference/methods/chat.appendStream */
import type { AnyMessageChunk, TaskUpdateChunk } from 'slack-web-api-client';
import type { Progress, Step } from '../progress.ts';
import { stepTitle } from './blocks.ts';
import { cut } from './content.ts';
import { taskOf } from './posts.ts';

/** A title has room for 256. Longer drafts are shown as answers only. */
const mostOf = { text: 9_000, title: 250 } as const;
/** A chunk has room for 12,000, and an escaped letter may take five. */
const pieceOfText = /[\s\S]{1,2000}/gu;

const statuses = {
  pending: 'pending',
  running: 'in_progress',
  done: 'complete',
  failed: 'error',
} as const satisfies Record<Step['status'], TaskUpdateChunk['status']>;

export interface Streamed {
  readonly plan: string;
  /** The tasks as they were told, by id. */
  readonly tasks: ReadonlyMap<string, string>;
  /** The draft as far as it was told; null where that is not known, or it was begun anew: a stream takes nothing back. */
  readonly text: string | null;
}

export const nothingStreamed: Streamed = { plan: '', tasks: new Map(), text: '' };

/** What was told may be repeated but for text: titles and statuses take the place of those before. Details would be added to, so they stand in the title. */
export function chunksOf(
  before: Streamed,
  progress: Progress,
  run: string,
): { readonly chunks: AnyMessageChunk[]; readonly after: Streamed } {
  const { title, steps } = progress;
  const tasks = new Map(before.tasks);
  const updates = steps.flatMap((step): AnyMessageChunk[] => {
    const update = {
      type: 'task_update' as const,
      id: taskOf(run, step.id),
      title: cut(plain(stepTitle(step)), mostOf.title),
      status: statuses[step.status],
    };
    const told = JSON.stringify(update);
    if (before.tasks.get(step.id) === told) return [];
    tasks.set(step.id, told);
    return [update];
  });
  const plan: AnyMessageChunk[] =
    title === before.plan ? [] : [{ type: 'plan_update', title: cut(title, mostOf.title) }];
  const { chunks, text } = textChunks(before.text, progress.text);
  return { chunks: [...plan, ...updates, ...chunks], after: { plan: title, tasks, text } };
}

function textChunks(
  before: string | null,
  text: string,
): { readonly chunks: AnyMessageChunk[]; readonly text: string | null } {
  if (before === null || !text.startsWith(before)) return { chunks: [], text: null };
  // Half a letter waits for its other half.
  const whole = text.slice(0, mostOf.text).replace(/[\ud800-\udbff]$/, '');
  const added = whole.slice(before.length);
  if (added === '') return { chunks: [], text: before };
  const pieces = (before === '' ? `_Draft:_\n\n${added}` : added).match(pieceOfText) ?? [];
  return { chunks: pieces.map((piece) => ({ type: 'markdown_text', text: escapeMarkdown(piece) })), text: whole };
}

/** A title is shown as it is. */
function plain(text: string): string {
  return text.replaceAll(/[<>]/g, ' ');
}

/**
 * Letter by letter, so that it does not matter where a text is cut: Slack reads its own marks in Markdown too, and a `]` that the next letter stands apart from
 * makes no link, no image and no definition.
 */
function escapeMarkdown(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(']', ']\u2060');
}
