/** Installing the app in a workspace by OAuth: to Slack's page, and back with a code. https://docs.slack.dev/authentication/installing-with-oauth */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type Log, whereFrom } from '../../errors.ts';
import { Hono } from '../../http/hono.ts';
import type { HttpEnv } from '../../http/http-env.ts';
import type { Workspace } from '../channel.ts';
import type { TokenCipher } from '../token-cipher.ts';
import type { Workspaces } from '../workspaces.ts';
import { commandName } from './command-words.ts';
import { type InstallStates, longestInstallation } from './install-state.ts';
import { writeInstallation } from './installation.ts';
import type { ExchangeCode } from './oauth.ts';
import { installPaths } from './paths.ts';
import { botScopes } from './scopes.ts';

export interface SlackInstallPorts {
  readonly workspaces: Pick<Workspaces, 'install'>;
  readonly clientId: string;
  /** Slack's page, where somebody allows the app: `https://slack.com/oauth/v2/authorize`. */
  readonly authorizeUrl: string;
  readonly states: InstallStates;
  readonly cipher: TokenCipher;
  readonly exchange: ExchangeCode;
  readonly log: Log;
}

/** `__Host-`: sent back to this host alone, and over TLS. Lax, because the way back begins at Slack. */
const cookieName = 'slack-install';
const cookieOptions = { prefix: 'host', httpOnly: true, sameSite: 'Lax', secure: true, path: '/' } as const;

export function slackInstallRoutes(ports: SlackInstallPorts): Hono<HttpEnv> {
  return new Hono<HttpEnv>()
    .get(installPaths.install, async (context) => {
      const { state, cookie } = await ports.states.begin();
      setCookie(context, cookieName, cookie, { ...cookieOptions, maxAge: longestInstallation });
      const page = new URL(ports.authorizeUrl);
      page.searchParams.set('client_id', ports.clientId);
      page.searchParams.set('scope', Object.keys(botScopes).join(','));
      page.searchParams.set('state', state);
      const redirectUri = redirectUriOf(context.req.url);
      if (redirectUri !== null) page.searchParams.set('redirect_uri', redirectUri);
      return context.redirect(page.href, 302);
    })
    .get(installPaths.oauth, async (context) => {
      const { status, text } = await installed(ports, context);
      deleteCookie(context, cookieName, cookieOptions);
      return context.html(pageOf(text), status);
    });
}

/** Slack comes back over TLS alone. Where a tunnel or a proxy hides that, Slack takes the address that its settings of the app name. */
function redirectUriOf(url: string): string | null {
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' ? `${origin}${installPaths.oauth}` : null;
}

interface Told {
  readonly status: 200 | 400 | 401 | 502;
  readonly text: string;
}

const beginAgain = `Begin again at ${installPaths.install}.`;

const told = {
  done: {
    status: 200,
    text: `Installed. In Slack, type ${commandName} and a question, write the bot a message, or invite it to a channel and mention it.`,
  },
  strange: {
    status: 401,
    text: `This installation was begun in another browser, was finished before, or is older than ten minutes. ${beginAgain}`,
  },
  denied: { status: 400, text: `The installation was not allowed in Slack, so nothing was installed. ${beginAgain}` },
  expired: { status: 400, text: `Slack does not know this installation any more. ${beginAgain}` },
  organisation: {
    status: 400,
    text: `The app cannot be installed in a whole organisation. Choose a single workspace. ${beginAgain}`,
  },
  misconfigured: {
    status: 502,
    text: 'Slack refused this service. Whoever runs it should look at SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the redirect URL of the app.',
  },
  silent: { status: 502, text: `Slack did not answer as it should, so nothing was installed. ${beginAgain}` },
  unkept: { status: 502, text: `The installation could not be kept just now. ${beginAgain}` },
} as const satisfies Record<string, Told>;

const codeErrors: readonly string[] = ['invalid_code', 'code_expired', 'code_already_used'];

async function installed(ports: SlackInstallPorts, context: Context<HttpEnv>): Promise<Told> {
  const { req } = context;
  const cookie = getCookie(context, cookieName, 'host');
  if (!(await ports.states.holds(req.query('state'), cookie))) return told.strange;
  const code = req.query('code');
  if (!code) return told.denied;
  const result = await ports.exchange(code, redirectUriOf(req.url));
  if (result.type !== 'done') ports.log({ level: 'warn', event: 'slack.install_unanswered', ...result });
  if (result.type === 'refused') return codeErrors.includes(result.error) ? told.expired : told.misconfigured;
  if (result.type !== 'done') return told.silent;
  const { team, token } = result.answer;
  if (team === null) return told.organisation;
  const workspace: Workspace = { channel: 'slack', id: team };
  try {
    await ports.workspaces.install(workspace, await writeInstallation(ports.cipher, workspace, token));
    return told.done;
  } catch (error) {
    ports.log({ level: 'error', event: 'slack.install_failed', ...whereFrom(error) });
    return told.unkept;
  }
}

/** `text` is one of our own. */
function pageOf(text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Installing in Slack</title>
<p>${text}</p>
</html>
`;
}
