/** Where Discord calls: what it did not sign is refused, and everything else is answered at once. The work is done by runs. https://discord.com/developers/docs/interactions/overview */
import { valueOfJson } from '../../encoding.ts';
import { AppError, type Log, whereFrom } from '../../errors.ts';
import { Hono } from '../../http/hono.ts';
import type { HttpEnv } from '../../http/http-env.ts';
import type { Question, Workspace } from '../channel.ts';
import { settingsSentence } from '../setting-words.ts';
import { readSignedBody } from '../signed-body.ts';
import type { Workspaces } from '../workspaces.ts';
import { type DiscordMessage, ephemeralFlag } from './api.ts';
import { page, said } from './messages.ts';
import { type Incoming, readInteraction } from './payloads.ts';
import { isFromDiscord, type PublicKey } from './signature.ts';

export interface DiscordRoutesPorts {
  readonly workspaces: Pick<Workspaces, 'ask' | 'stop' | 'read' | 'rate' | 'settings' | 'changeSettings'>;
  readonly publicKey: PublicKey;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

export const discordPath = '/channels/discord/interactions';

/** A click or a message command comes with the whole message, with what it answers and forwards, and may escape each letter in six bytes. */
const mostBytes = 1_048_576;

/** https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object */
const pong = { type: 1 };
const nothingNew = { type: 6 };

type Of<Type extends Incoming['type']> = Extract<Incoming, { readonly type: Type }>;

/** No API key: the signature is the proof. */
export function discordRoutes(ports: DiscordRoutesPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>().post(discordPath, async (context) => {
    const body = await readSignedBody(context.req.raw, mostBytes);
    if (!(await isFromDiscord({ headers: context.req.raw.headers, body }, ports.publicKey, ports.now())))
      throw new AppError('invalid_signature', 'This request is not signed by Discord, or it is too old.');
    const incoming = readInteraction(valueOfJson(new TextDecoder().decode(body)));
    try {
      return context.json(await answerTo(ports, incoming));
    } catch (error) {
      ports.log({ level: 'error', event: 'discord.interaction_failed', type: incoming.type, ...whereFrom(error) });
      return context.json(privately('Sorry, this cannot be done at present. Try again in a minute.'));
    }
  });
}

async function answerTo(ports: DiscordRoutesPorts, incoming: Incoming): Promise<object> {
  const { workspaces } = ports;
  switch (incoming.type) {
    case 'ping':
      return pong;
    case 'question':
      await workspaces.ask(questionOf(incoming));
      return { type: 5, data: { flags: incoming.isPrivate ? ephemeralFlag : 0 } };
    case 'stop':
      return (await workspaces.stop(workspaceOf(incoming), incoming.run, incoming.user))
        ? nothingNew
        : privately('Only who asked may stop it.');
    case 'show':
    case 'rest':
      return shownPage(ports, incoming);
    case 'rating': {
      const created_at = Math.floor(ports.now() / 1_000);
      const feedback = { rating: incoming.rating, comment: null, preferred_output: null, created_at };
      const isRated = await workspaces.rate(workspaceOf(incoming), incoming.run, feedback);
      return privately(isRated ? 'Thanks, noted.' : gone);
    }
    case 'settings':
      return privately(settingsSentence(await settingsAfter(ports, incoming)));
    case 'unfit':
      return privately(incoming.message);
    case 'ignored':
      return privately('I do not know this.');
  }
}

const gone = 'This answer is not stored any more.';

async function shownPage({ workspaces }: DiscordRoutesPorts, incoming: Of<'show' | 'rest'>): Promise<object> {
  const record = await workspaces.read(workspaceOf(incoming), incoming.run);
  if (!record) return privately(gone);
  if (record.status === 'queued' || record.status === 'running') return privately('It is still going on.');
  const message = page(incoming.type, record, incoming.part);
  return message ? alone(message) : privately('There is nothing more.');
}

function settingsAfter({ workspaces }: DiscordRoutesPorts, { change, place, ...asker }: Of<'settings'>) {
  const workspace = workspaceOf({ place, ...asker });
  return Object.keys(change).length === 0
    ? workspaces.settings(workspace, place.channel)
    : workspaces.changeSettings(workspace, place.channel, change);
}

/** A server, or somebody who asks the bot alone. */
function workspaceOf({ place, user }: Pick<Of<'question'>, 'place' | 'user'>): Workspace {
  return { channel: 'discord', id: place.guild ?? `user:${user}` };
}

function questionOf(incoming: Of<'question'>): Question {
  const { ticket, user, place } = incoming;
  return {
    workspace: workspaceOf(incoming),
    id: ticket.id,
    member: user,
    room: place.channel,
    place: place.channel,
    content: JSON.stringify(incoming),
  };
}

/** Seen by whoever did something, and by nobody else. */
function alone(message: DiscordMessage): object {
  return { type: 4, data: { ...message, flags: ephemeralFlag, allowed_mentions: { parse: [] } } };
}

function privately(text: string): object {
  return alone(said(text));
}
