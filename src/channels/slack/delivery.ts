/** How a run is shown in Slack: in a thread, or to whoever gave a command; see ChannelDelivery. */
import { type Log, whereFrom } from '../../errors.ts';
import type { ChannelDelivery, ChannelRun, Delivery, EndedRun, GoingRun } from '../../runs/deliver.ts';
import { advance, noProgress } from '../progress.ts';
import { readAddress, type SlackAddress } from './address.ts';
import { EphemeralAnswer, type EphemeralPlace } from './ephemeral-answer.ts';
import { RunNotes } from './notes.ts';
import { Posts, type PostTools, type Thread } from './posts.ts';
import { answerInThread, deliveryOf } from './thread-answer.ts';
import { ThreadProgress } from './thread-progress.ts';

export interface DeliveryTools extends PostTools {
  readonly log: Log;
}

export function slackDelivery(tools: DeliveryTools): ChannelDelivery {
  const failed = (run: ChannelRun, during: string, error: unknown): void => {
    tools.log({ level: 'error', event: 'slack.failed', during, reflection_id: run.id, ...whereFrom(error) });
  };
  return {
    async showProgress(run) {
      try {
        return await showProgress(tools, run);
      } catch (error) {
        failed(run, 'showProgress', error);
        return 'over';
      }
    },
    async deliver(run) {
      try {
        const delivery = await deliver(tools, run);
        if (delivery.type === 'refused') {
          tools.log({ level: 'warn', event: 'slack.answer_refused', reflection_id: run.id });
        }
        return delivery;
      } catch (error) {
        failed(run, 'deliver', error);
        return { type: 'failed', retryAfterMs: null };
      }
    },
  };
}

async function showProgress(tools: DeliveryTools, run: GoingRun): Promise<'over' | 'abandoned'> {
  const address = readAddress(run.address.address);
  const runNotes = new RunNotes(run);
  const thread = address && threadOf(address, runNotes);
  const place = address && ephemeralPlaceOf(address);
  const ephemeral = place && new EphemeralAnswer(tools, run, place, runNotes);
  let showing = thread && new ThreadProgress(tools, run, thread, runNotes);
  let progress = noProgress;
  for await (const lot of run.events()) {
    progress = advance(progress, lot);
    if (progress.isOver) continue;
    if (showing) {
      const shown = await showing.show(progress);
      if (shown === 'gone' && (showing.hasPosted || !ephemeral)) return 'abandoned';
      if (shown === 'gone') showing = undefined;
    }
    if (!showing) await ephemeral?.show(progress);
    await tools.pause(showing?.gapMs ?? ephemeralGapMs);
  }
  return 'over';
}

/** Nothing is shown more often there, so that it need not be looked more often. */
const ephemeralGapMs = 2_000;

async function deliver(tools: DeliveryTools, run: EndedRun): Promise<Delivery> {
  const address = readAddress(run.address.address);
  if (!address) return { type: 'refused' };
  const runNotes = new RunNotes(run);
  const thread = threadOf(address, runNotes);
  const place = ephemeralPlaceOf(address);
  const answerEphemerally = async (): Promise<Delivery> =>
    place ? new EphemeralAnswer(tools, run, place, runNotes).answer(run.record) : { type: 'refused' };
  if (!thread) return answerEphemerally();
  const posts = new Posts(tools, run, thread, runNotes);
  const failing = await answerInThread(posts, run.record, tools.pause);
  const delivery = deliveryOf(failing);
  if (delivery.type === 'failed') return delivery;
  if (delivery.type === 'refused' && place && !posts.hasPosted) return answerEphemerally();
  await endSession(tools, run, thread, posts);
  return delivery;
}

/** Takes away what says that something goes on. Best effort: by itself it lasts two minutes. */
async function endSession(
  { api, now }: DeliveryTools,
  run: ChannelRun,
  { channel, thread }: Thread,
  posts: Posts,
): Promise<void> {
  const place = { channel_id: channel, thread_ts: thread };
  if (!posts.hasEndedSession) await api.setSessionStatus({ ...place, status: 'active' });
  // The first one went when something was posted.
  if (now() - run.startedAt > statusIsRefreshedMs) await api.setThreadStatus({ ...place, status: '' });
}

const statusIsRefreshedMs = 80_000;

/** Undefined where only whoever asked sees the answer. */
function threadOf(address: SlackAddress, { notes }: RunNotes): Thread | undefined {
  const { thread } = address;
  return thread === null || notes.uses > 0 ? undefined : { ...address, thread };
}

function ephemeralPlaceOf(address: SlackAddress): EphemeralPlace | undefined {
  const { responseUrl } = address;
  return responseUrl === null ? undefined : { ...address, responseUrl };
}
