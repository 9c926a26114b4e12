/** Slack, set up from its variables: the channel of each workspace, and the routes that Slack calls. */
import { Hono } from '../../http/hono.ts';
import type { HttpEnv } from '../../http/http-env.ts';
import type { Installation, Workspace } from '../channel.ts';
import type { ChannelSetup, ChannelTools, SlackConfig } from '../setup.ts';
import { readChannelKey, type TokenCipher, tokenCipher } from '../token-cipher.ts';
import type { Workspaces } from '../workspaces.ts';
import { SlackApi } from './api.ts';
import { slackInstallRoutes } from './install.ts';
import { installStates } from './install-state.ts';
import { tokenOf } from './installation.ts';
import { reflectionView } from './modal.ts';
import { exchangeCode } from './oauth.ts';
import { slackRoutes } from './routes.ts';
import { slackChannel } from './slack-channel.ts';

export function slackSetup(config: SlackConfig, tools: ChannelTools): ChannelSetup {
  const { fetch, timeout, now, pause, log } = tools;
  const cipher = cipherOf(config, tools);
  /** An installation of the workspace's own goes before the operator's. */
  const apiOf = (workspace: Workspace, installation: Installation): SlackApi => {
    const token = async (): Promise<string | null> => {
      const own = cipher && (await tokenOf(cipher, workspace, await installation.read()));
      return own ?? config.botToken ?? null;
    };
    return new SlackApi({ fetch, timeout, url: config.url, token, log });
  };
  return {
    open: (workspace, installation) => slackChannel({ api: apiOf(workspace, installation), now, pause, log }),
    routes(workspaces) {
      const api = (workspace: Workspace) => apiOf(workspace, { read: () => workspaces.installation(workspace) });
      const routes = slackRoutes({
        workspaces,
        signingSecret: config.signingSecret,
        now,
        pause,
        log,
        openView: (workspace, trigger, record) =>
          api(workspace).openView({ trigger_id: trigger, view: reflectionView(record) }),
        whisper: ({ team, channel, thread }, user, text) =>
          api({ channel: 'slack', id: team }).postEphemeral({
            channel,
            user,
            text,
            ...(thread !== null && { thread_ts: thread }),
          }),
      });
      return cipher ? routes.route('/', installRoutes(config, cipher, workspaces, tools)) : routes;
    },
  };
}

function cipherOf({ install }: SlackConfig, { randomBytes }: ChannelTools): TokenCipher | null {
  const key = install && readChannelKey(install.tokenKey);
  return key ? tokenCipher({ key, randomBytes }) : null;
}

function installRoutes(
  { url, install }: SlackConfig,
  cipher: TokenCipher,
  workspaces: Workspaces,
  { fetch, timeout, now, log, randomBytes }: ChannelTools,
): Hono<HttpEnv> {
  const key = install && readChannelKey(install.tokenKey);
  if (!install || !key) return new Hono<HttpEnv>();
  const { clientId, clientSecret } = install;
  return slackInstallRoutes({
    workspaces,
    clientId,
    authorizeUrl: `${new URL(url).origin}/oauth/v2/authorize`,
    states: installStates({ key, randomBytes, now }),
    cipher,
    exchange: exchangeCode({ fetch, timeout, url, clientId, clientSecret }),
    log,
  });
}
