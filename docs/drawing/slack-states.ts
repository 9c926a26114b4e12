/** What people see in Slack, state by state. */
import type { AnyMessageChunk } from 'slack-web-api-client';
import { declineSentence } from '../../src/channels/decline-sentence.ts';
import { advance, noProgress } from '../../src/channels/progress.ts';
import { ended, endedEphemeral, goingOn } from '../../src/channels/slack/blocks.ts';
import { reflectionView } from '../../src/channels/slack/modal.ts';
import { mrkdwn } from '../../src/channels/slack/mrkdwn.ts';
import { chunksOf, nothingStreamed } from '../../src/channels/slack/stream.ts';
import type { ReflectionEvent } from '../../src/reflection/events.ts';
import type { Said } from './frame.ts';
import type { Picture } from './picture.ts';
import { type PicturedRun, picturedRun, uptoSecondLook } from './pictured-runs.ts';
import type { Piece } from './pieces.ts';
import { bot, person, plainBot, slackConversation, slackView, streamedBot } from './slack-picture.ts';

const onlyYou = 'Only visible to you';

export async function slackPictures(): Promise<Readonly<Record<string, Picture>>> {
  const corrected = await picturedRun('corrected');
  const kept = await picturedRun('kept');
  const failed = await picturedRun('failed');
  const stopped = await picturedRun('stopped');
  const long = await picturedRun('long');
  const limited = declineSentence({ type: 'member_limited', size: 10, retryAfterMs: 23_000 });
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
      piece: slackConversation([bot(endedEphemeral(kept.record).blocks, onlyYou)]),
    },
    'slack-reflection': {
      words: 'What “Show reflection” opens.',
      piece: slackView(reflectionView(corrected.record)),
    },
  };
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
