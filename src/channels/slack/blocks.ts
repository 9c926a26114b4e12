/** What a run looks like in Slack: while it goes on, and when it has ended. Pure. */
import type { ActionsBlock, AnyMessageBlock, Button, ContextActionsBlock, MessageMetadata } from 'slack-web-api-client';
import type { Reflection } from '../../reflection/record.ts';
import { readDocument } from '../document.ts';
import { answerDocument, verdictOf } from '../findings.ts';
import type { Progress, Step } from '../progress.ts';
import { cut, messagesOf, type SlackContent, sectionBlock, sectionsOf, smallLine } from './content.ts';
import { actionIds } from './payloads.ts';

/** Longer answers go on in "Show reflection". */
const mostMessages = 10;

/** An edit takes no more beside its blocks. https://docs.slack.dev/reference/methods/chat.update */
const mostOfText = 3_900;

const marks = { pending: '○', running: '◐', done: '●', failed: '✕' } as const satisfies Record<Step['status'], string>;

/** A step in one line. */
export function stepTitle({ title, detail }: Step): string {
  return detail === null ? title : `${title}: ${detail}`;
}

/** How a message is known again as what a run posted, and as which part of its answer. */
export function metadataOf(run: string, part: number, isAnswer: boolean): MessageMetadata {
  return { event_type: 'reflection', event_payload: { run, part, is_answer: isAnswer } };
}

export function goingOn({ title, steps, text }: Progress, run: string): SlackContent {
  const [draft = [], ...more] = text.trim() === '' ? [] : messagesOf(sectionsOf(readDocument(text)));
  return {
    text: `${title}…`,
    isAnswer: false,
    blocks: [
      smallLine([`${title}…`, ...steps.map((step) => `${marks[step.status]} ${stepTitle(step)}`)].join('\n')),
      ...(draft.length > 0 ? [smallLine('Draft so far:')] : []),
      ...draft.map(sectionBlock),
      ...(more.length > 0 ? [smallLine('…')] : []),
      { type: 'actions', elements: [stopButton(run)] },
    ],
  };
}

export function stopButton(run: string): Button {
  return { ...button('Stop', actionIds.stop, run), style: 'danger' };
}

/** The answer in the messages that it takes, the first with the verdict and the buttons. */
export function ended(record: Reflection): readonly [SlackContent, ...SlackContent[]] {
  const [first = [], ...rest] = messagesOf(sectionsOf(answerDocument(record)));
  const parts = rest.slice(0, mostMessages - 1);
  const isCut = parts.length < rest.length;
  const total = parts.length + 1;
  const notes = total > 1 ? [`Part 1 of ${total}. The answer goes on below.`] : [];
  return [
    contentOf(first, endOf(record, isCut ? [...notes, pointer] : notes)),
    ...parts.map((sections, index) => contentOf(sections, [smallLine(`Part ${index + 2} of ${total}.`)])),
  ];
}

/** The answer in one message, for whoever gave a command. */
export function endedEphemeral(record: Reflection): SlackContent {
  const [first = [], ...rest] = messagesOf(sectionsOf(answerDocument(record)));
  return contentOf(first, endOf(record, rest.length > 0 ? [pointer] : []));
}

/** Whether a message shows only a part of the answer. */
export function isCutShort(record: Reflection): boolean {
  return messagesOf(sectionsOf(answerDocument(record))).length > 1;
}

const pointer = 'There is more of it than fits here: “Show reflection” has all of it.';

function contentOf(sections: readonly string[], end: readonly AnyMessageBlock[]): SlackContent {
  return {
    text: cut(sections.join('\n\n'), mostOfText),
    isAnswer: true,
    blocks: [...sections.map(sectionBlock), ...end],
  };
}

function endOf(record: Reflection, notes: readonly string[]): AnyMessageBlock[] {
  return [
    ...notes.map((note) => smallLine(note)),
    // Of another end the answer itself tells.
    ...(record.status === 'completed' ? [smallLine(verdictOf(record))] : []),
    { type: 'actions', elements: [button('Show reflection', actionIds.show, record.id)] } satisfies ActionsBlock,
    ...(record.status === 'completed' ? [feedback(record.id)] : []),
  ];
}

function button(text: string, action_id: string, value: string): Button {
  return { type: 'button', text: { type: 'plain_text', text }, action_id, value };
}

function feedback(run: string): ContextActionsBlock {
  const rating = (text: string, value: 'up' | 'down') => ({
    text: { type: 'plain_text' as const, text },
    value: `${value}:${run}`,
  });
  return {
    type: 'context_actions',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: actionIds.feedback,
        positive_button: rating('Good answer', 'up'),
        negative_button: rating('Bad answer', 'down'),
      },
    ],
  };
}
