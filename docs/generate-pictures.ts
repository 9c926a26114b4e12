/**
 * Draws what people see in Slack and in Discord, from what the channels send of runs of the real engine: `docs/pictures/`. Run by `npm run docs`; a test fails
 * when a picture is not what this would draw.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AnyMessageChunk } from 'slack-web-api-client';
import { advance, noProgress } from '../src/channels/progress.ts';
import { ended, endedAside, goingOn } from '../src/channels/slack/blocks.ts';
import { reflectionView } from '../src/channels/slack/modal.ts';
import { mrkdwn } from '../src/channels/slack/mrkdwn.ts';
import { chunksOf, nothingStreamed } from '../src/channels/slack/stream.ts';
import { unansweredWords } from '../src/channels/unanswered.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import { pictureWidth, type Said } from './drawing/frame.ts';
import { type PicturedRun, picturedRun } from './drawing/pictured-runs.ts';
import { type Piece, svg } from './drawing/pieces.ts';
import { bot, person, plainBot, slackConversation, slackView, streamedBot } from './drawing/slack-picture.ts';

export const pictureFolder = new URL('pictures/', import.meta.url);

/** By file name, what each picture holds. */
export async function pictures(): Promise<ReadonlyMap<string, string>> {
  const shown = { ...(await slackPictures()) };
  return new Map(
    Object.entries(shown).map(([name, { words, piece }]) => [`${name}.svg`, svg(piece, pictureWidth, words)]),
  );
}

interface Picture {
  /** For those who do not see it. */
  readonly words: string;
  readonly piece: Piece;
}

const onlyYou = 'Only visible to you';

async function slackPictures(): Promise<Readonly<Record<string, Picture>>> {
  const corrected = await picturedRun('corrected');
  const kept = await picturedRun('kept');
  const failed = await picturedRun('failed');
  const stopped = await picturedRun('stopped');
  const long = await picturedRun('long');
  const limited = unansweredWords({ type: 'member_limited', size: 10, retryAfterMs: 23_000 });
  const asked = (run: PicturedRun): Said => person(`*@reflection* ${mrkdwn.escape(run.question)}`);
  const answered = (run: PicturedRun): Piece =>
    slackConversation([asked(run), ...ended(run.record).map(({ blocks }) => bot(blocks))]);
  return {
    'slack-stream': {
      words: 'While it goes on, as a stream: a plan with its tasks, and the draft.',
      piece: slackConversation([asked(corrected), streamedBot(streamed(uptoSecondLook(corrected.log)))]),
    },
    'slack-edited': {
      words: 'While it goes on, as one message that is edited: the steps, the draft, and a button that stops it.',
      piece: slackConversation([
        asked(corrected),
        bot(goingOn(advance(noProgress, uptoSecondLook(corrected.log)), corrected.record.id).blocks),
      ]),
    },
    'slack-corrected': { words: 'A corrected answer, and what was corrected.', piece: answered(corrected) },
    'slack-kept': { words: 'An answer that was kept as drafted.', piece: answered(kept) },
    'slack-failed': { words: 'A question that the models had no room for.', piece: answered(failed) },
    'slack-stopped': { words: 'An answer that was stopped.', piece: answered(stopped) },
    'slack-long': { words: 'A long answer, in two messages.', piece: answered(long) },
    'slack-declined': {
      words: 'Whoever asks too often is told so, and nobody else.',
      piece: slackConversation([asked(kept), plainBot(mrkdwn.escape(limited), onlyYou)]),
    },
    'slack-command': {
      words: 'The answer to a command, which only whoever gave it sees.',
      piece: slackConversation([bot(endedAside(kept.record).blocks, onlyYou)]),
    },
    'slack-reflection': {
      words: 'What “Show reflection” opens.',
      piece: slackView(reflectionView(corrected.record)),
    },
  };
}

/** Up to where what the critic found is being confirmed. */
function uptoSecondLook(log: readonly ReflectionEvent[]): readonly ReflectionEvent[] {
  const at = log.findIndex((event) => event.type === 'pass.started' && event.role === 'confirm');
  return log.slice(0, at + 1);
}

/** What a stream was sent in all, event by event. */
function streamed(log: readonly ReflectionEvent[]): readonly AnyMessageChunk[] {
  let progress = noProgress;
  let shown = nothingStreamed;
  return log.flatMap((event) => {
    progress = advance(progress, [event]);
    const { chunks, after } = chunksOf(shown, progress, event.reflection_id);
    shown = after;
    return chunks;
  });
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(pictureFolder, { recursive: true });
  for (const [name, text] of await pictures()) writeFileSync(new URL(name, pictureFolder), text);
}
