/**
 * Where Slack calls: what is not signed by it is refused, and everything else is acknowledged within the three seconds that Slack waits. The work is done by
 * runs. https://docs.slack.dev/apis/events-api#responding
 */

import { valueOfJson } from '../../encoding.ts';
import { AppError, type Log, whereFrom } from '../../errors.ts';
import { Hono } from '../../http/hono.ts';
import type { HttpEnv } from '../../http/http-env.ts';
import type { Reflection } from '../../reflection/record.ts';
import type { CallResult } from '../call.ts';
import type { Workspace } from '../channel.ts';
import { readSignedBody } from '../signed-body.ts';
import type { Workspaces } from '../workspaces.ts';
import { settingsInWords, usage } from './command-words.ts';
import { slackPaths } from './paths.ts';
import { type Incoming, readCommand, readEvent, readInteraction, type SlackPlace } from './payloads.ts';
import { isFromSlack } from './signature.ts';

export interface SlackRoutesPorts {
  readonly workspaces: Pick<
    Workspaces,
    'ask' | 'stopPlace' | 'stop' | 'read' | 'rate' | 'settings' | 'changeSettings' | 'uninstall'
  >;
  readonly signingSecret: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly log: Log;
  /** Shows a reflection in a view, by a trigger that lives for three seconds. */
  readonly openView: (workspace: Workspace, trigger: string, record: Reflection) => Promise<CallResult<unknown>>;
  /** Says something that one person alone sees. */
  readonly whisper: (place: SlackPlace, user: string, text: string) => Promise<unknown>;
}

/** Slack allows for large events. In bytes. */
const mostBytes = 1_048_576;
/** Slack waits for three seconds, and a trigger lives no longer. */
const patienceMs = 2_500;

type Question = Extract<Incoming, { readonly type: 'question' }>;
type Click = Extract<Incoming, { readonly type: 'stop_run' | 'feedback' | 'show' }>;

/** No API key: the signature is the proof. */
export function slackRoutes(ports: SlackRoutesPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .post(slackPaths.events, async (context) => {
      const incoming = readEvent(valueOfJson(await signedText(ports, context.req.raw)));
      if (incoming.type === 'challenge') return context.json({ challenge: incoming.challenge });
      await take(ports, incoming);
      return context.body(null, 200);
    })
    .post(slackPaths.commands, async (context) => {
      const incoming = readCommand(new URLSearchParams(await signedText(ports, context.req.raw)));
      const text = await answerToCommand(ports, incoming);
      return text === null ? context.body(null, 200) : context.json({ response_type: 'ephemeral', text });
    })
    .post(slackPaths.interactions, async (context) => {
      const form = new URLSearchParams(await signedText(ports, context.req.raw));
      await take(ports, readInteraction(valueOfJson(form.get('payload') ?? '')));
      return context.body(null, 200);
    });
}

/** The body of a request that Slack signed. Throws `invalid_signature`, and `body_too_large` unread. */
async function signedText({ signingSecret, now }: SlackRoutesPorts, request: Request): Promise<string> {
  const body = await readSignedBody(request, mostBytes);
  if (isFromSlack({ headers: request.headers, body }, signingSecret, now())) return new TextDecoder().decode(body);
  throw new AppError('invalid_signature', 'This request is not signed by Slack, or it is too old.');
}

/** Throws `upstream_busy` where it could not be taken, so that Slack sends it again. */
async function take(ports: SlackRoutesPorts, incoming: Incoming): Promise<void> {
  const { workspaces, log } = ports;
  switch (incoming.type) {
    case 'question':
      return workspaces.ask(questionOf(incoming));
    case 'stop':
      return workspaces.stopPlace(workspaceOf(incoming.place.team), placeOf(incoming.place), incoming.user);
    case 'stop_run':
    case 'feedback':
    case 'show':
      return inTime(ports, clicked(ports, incoming));
    case 'uninstalled':
      return workspaces.uninstall(workspaceOf(incoming.team), incoming.at);
    case 'ignored':
      return log({ level: 'info', event: 'slack.ignored', reason: incoming.reason });
    default:
      return undefined;
  }
}

async function clicked({ workspaces, now, openView, whisper }: SlackRoutesPorts, click: Click): Promise<void> {
  const workspace = workspaceOf(click.team);
  const tell = async (text: string) => {
    if (click.place) await whisper(click.place, click.user, text);
  };
  if (click.type === 'stop_run') {
    const isStopped = await workspaces.stop(workspace, click.run, click.user);
    return isStopped ? undefined : tell('Only whoever asked can stop this, while it goes on.');
  }
  if (click.type === 'feedback') {
    const created_at = Math.floor(now() / 1_000);
    const feedback = { rating: click.rating, comment: null, preferred_output: null, created_at };
    const isKept = await workspaces.rate(workspace, click.run, feedback);
    return isKept ? undefined : tell('This reflection is not stored any more.');
  }
  const record = await workspaces.read(workspace, click.run);
  if (!record) return tell('This reflection is not stored any more.');
  const opened = await openView(workspace, click.trigger, record);
  if (opened.type !== 'done') await tell('The reflection could not be opened just now. Click again in a moment.');
}

/** Waits for as long as Slack does. What takes longer goes on, and nobody waits for it. */
async function inTime({ pause, log }: SlackRoutesPorts, work: Promise<void>): Promise<void> {
  const told = work.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const ended = await Promise.race([told, pause(patienceMs).then(() => 'late' as const)]);
  if (ended === 'late') return log({ level: 'warn', event: 'slack.late' });
  if (ended) throw ended.error;
}

/** What whoever gave a command is told at once; null for nothing. */
async function answerToCommand(ports: SlackRoutesPorts, incoming: Incoming): Promise<string | null> {
  try {
    switch (incoming.type) {
      case 'question':
        await ports.workspaces.ask(questionOf(incoming));
        return 'Taking a second look…';
      case 'settings':
        return settingsInWords(await settled(ports, incoming));
      case 'usage':
        return usage;
      case 'unfit':
        return incoming.message;
      default:
        await take(ports, incoming);
        return null;
    }
  } catch (error) {
    // Slack gives no command a second time, so whoever gave it is told.
    ports.log({ level: 'error', event: 'slack.command_failed', ...whereFrom(error) });
    return 'That could not be taken just now. Try again in a moment.';
  }
}

function settled(
  { workspaces }: SlackRoutesPorts,
  { place, change }: Extract<Incoming, { readonly type: 'settings' }>,
) {
  const workspace = workspaceOf(place.team);
  return Object.keys(change).length === 0
    ? workspaces.settings(workspace, place.channel)
    : workspaces.changeSettings(workspace, place.channel, change);
}

function questionOf(incoming: Question) {
  const { id, place, user: member } = incoming;
  return {
    workspace: workspaceOf(place.team),
    id,
    member,
    room: place.channel,
    place: placeOf(place),
    content: JSON.stringify(incoming),
  };
}

/** What a stop without a run's id is about. */
function placeOf({ channel, thread }: SlackPlace): string {
  return `${channel}:${thread ?? ''}`;
}

function workspaceOf(team: string): Workspace {
  return { channel: 'slack', id: team };
}
