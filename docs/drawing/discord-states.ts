/** What people see in Discord, state by state. */

import { declineSentence } from '../../src/channels/decline-sentence.ts';
import {
  answered,
  answerParts,
  following,
  goingOn,
  lateHeading,
  page,
  said,
} from '../../src/channels/discord/messages.ts';
import { advance, noProgress } from '../../src/channels/progress.ts';
import type { Reflection } from '../../src/reflection/record.ts';
import { discordBot, discordConversation } from './discord-picture.ts';
import type { Picture } from './picture.ts';
import { picturedRun, uptoSecondLook } from './pictured-runs.ts';

const used = 'Ada used */reflect*';
const clicked = 'Ada clicked *Show reflection*';

const first = (record: Reflection, rest: number | null = null, heading: string | null = null) =>
  answered(record, answerParts(record)[0] ?? '', { heading, rest });

export async function discordPictures(): Promise<Readonly<Record<string, Picture>>> {
  const corrected = await picturedRun('corrected');
  const kept = await picturedRun('kept');
  const failed = await picturedRun('failed');
  const stopped = await picturedRun('stopped');
  const long = await picturedRun('several_parts');
  const [, ...rest] = answerParts(long.record);
  const going = goingOn(advance(noProgress, uptoSecondLook(corrected.log)), corrected.record.id);
  const reflection = page('show', corrected.record, 0);
  if (!reflection) throw new Error('A reflection has a page.');
  const limited = declineSentence({ type: 'member_limited', size: 10, retryAfterMs: 23_000 });
  return {
    'discord-going-on': {
      words: 'While it goes on: the steps, the draft, and a button that stops it.',
      piece: discordConversation([discordBot(going, used)]),
    },
    'discord-corrected': {
      words: 'A corrected answer, and what was corrected.',
      piece: discordConversation([discordBot(first(corrected.record), used)]),
    },
    'discord-private': {
      words: 'An answer that was kept as drafted, and that whoever asked alone sees.',
      piece: discordConversation([discordBot(first(kept.record), used, true)]),
    },
    'discord-failed': {
      words: 'A question that the models had no room for.',
      piece: discordConversation([discordBot(first(failed.record), used)]),
    },
    'discord-stopped': {
      words: 'An answer that was stopped.',
      piece: discordConversation([discordBot(first(stopped.record), used)]),
    },
    'discord-long': {
      words: 'A long answer, in several messages.',
      piece: discordConversation([
        discordBot(first(long.record), used),
        ...rest.map((part) => discordBot(following(part))),
      ]),
    },
    'discord-rest': {
      words: 'A long answer whose other messages could not be sent: a button shows them.',
      piece: discordConversation([discordBot(first(long.record, 1), used)]),
    },
    'discord-late': {
      words: 'An answer that came later than fifteen minutes after its question.',
      piece: discordConversation([discordBot(first(kept.record, null, lateHeading('1')))]),
    },
    'discord-declined': {
      words: 'Whoever asks too often is told so.',
      piece: discordConversation([discordBot(said(limited), used)]),
    },
    'discord-reflection': {
      words: 'What “Show reflection” shows to whoever clicks.',
      piece: discordConversation([discordBot(reflection, clicked, true)]),
    },
  };
}
