/** What each state of a run looks like in Discord. Everything of a person or a model is escaped, and every message fits. Pure. */
import type { Reflection } from '../../reflection/record.ts';
import { readDocument } from '../document.ts';
import { answerDocument, reflectionDocument, verdictOf } from '../findings.ts';
import type { Progress, Step } from '../progress.ts';
import { splitDocument } from '../split.ts';
import type { DiscordMessage } from './api.ts';
import { discordMarkdown } from './markdown.ts';
import { customIdOf, pageIdOf } from './payloads.ts';

/** A message has room for 2,000 letters: so many of a long text, that what stands around it fits as well. */
const partLetters = 1_500;
const draftLetters = 1_000;
/** Of lines of ours. Escaped they are twice as long at most. */
const stepLetters = 80;
const verdictLetters = 180;
const saidLetters = 900;

/** https://discord.com/developers/docs/components/reference */
const row = 1;
const button = 2;
const styles = { primary: 1, secondary: 2, danger: 4 } as const;

interface Button {
  readonly label: string;
  readonly id: string;
  readonly style?: keyof typeof styles;
}

function buttons(...shown: readonly Button[]): readonly object[] {
  const components = shown.map(({ label, id, style = 'secondary' }) => ({
    type: button,
    style: styles[style],
    label,
    custom_id: id,
  }));
  return components.length === 0 ? [] : [{ type: row, components }];
}

const marks = {
  pending: '▫️',
  running: '⏳',
  done: '✅',
  failed: '⚠️',
} as const satisfies Record<Step['status'], string>;

/** While it goes on: the steps, the draft as far as it has come, and a button that stops it. */
export function goingOn(progress: Progress, run: string): DiscordMessage {
  const steps = progress.steps.map(
    ({ title, status, detail }) =>
      `${marks[status]} ${escaped(detail === null ? title : `${title}: ${detail}`, stepLetters)}`,
  );
  const [begun, ...more] = splitDocument(readDocument(progress.text), discordMarkdown, draftLetters);
  const draft = begun === undefined ? [] : ['-# Draft, not the answer yet', more.length > 0 ? `${begun}\n…` : begun];
  return {
    content: [`**${escaped(progress.title, stepLetters)}**`, ...steps, ...draft].join('\n'),
    components: buttons({ label: 'Stop', id: customIdOf('stop', run), style: 'danger' }),
  };
}

/** The answer in texts of a message each; at least one. The same for the same record. */
export function answerParts(record: Reflection): readonly string[] {
  const parts = splitDocument(answerDocument(record), discordMarkdown, partLetters);
  return parts.length > 0 ? parts : ['The answer is empty.'];
}

/** What stands around an answer's first part. */
export interface Frame {
  /** A line before it, ready to be shown: where the answer stands apart from its question. */
  readonly heading: string | null;
  /** The part at which "Show the rest" begins; null without. */
  readonly rest: number | null;
}

/** The first message of the answer, with what the second look did, and all buttons. */
export function answered(record: Reflection, part: string, { heading, rest }: Frame): DiscordMessage {
  // Other records say it within the answer.
  const verdict = record.status === 'completed' ? [`-# ${escaped(verdictOf(record), verdictLetters)}`] : [];
  const more =
    rest === null ? [] : [{ label: 'Show the rest', id: pageIdOf('rest', record.id, rest), style: 'primary' } as const];
  const rated =
    record.status === 'completed'
      ? [
          { label: '👍', id: customIdOf('up', record.id) },
          { label: '👎', id: customIdOf('down', record.id) },
        ]
      : [];
  return {
    content: [...(heading === null ? [] : [heading]), part, ...verdict].join('\n'),
    components: buttons(...more, { label: 'Show reflection', id: customIdOf('show', record.id) }, ...rated),
  };
}

/** A part that follows the first. */
export function following(part: string): DiscordMessage {
  return { content: part, components: [] };
}

/** Above an answer that comes apart from its question. It names whoever asked, and pings nobody. */
export function lateHeading(user: string): string {
  return `An answer that took long, to a question of <@${user}>:`;
}

/** In place of what showed the run, where its answer stands apart from it. */
export function answeredBelow(): DiscordMessage {
  return said('The answer took long: it stands further down in this channel.');
}

/** A line of ours, and nothing to click. */
export function said(text: string): DiscordMessage {
  return { content: escaped(text, saidLetters), components: [] };
}

/** What one page shows, and whether there is another. Undefined past the end. */
export function page(kind: 'show' | 'rest', record: Reflection, part: number): DiscordMessage | undefined {
  const texts =
    kind === 'rest' ? answerParts(record) : splitDocument(reflectionDocument(record), discordMarkdown, partLetters);
  const text = texts[part];
  if (text === undefined) return undefined;
  const label = `Next (${part + 2} of ${texts.length})`;
  const next = part + 1 < texts.length ? [{ label, id: pageIdOf(kind, record.id, part + 1) }] : [];
  return { content: text, components: buttons(...next) };
}

/** In one line. */
function escaped(text: string, most: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const cut = line.length > most ? `${line.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…` : line;
  return discordMarkdown.escape(cut);
}
