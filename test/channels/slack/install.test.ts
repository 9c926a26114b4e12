/** Installing by OAuth, with Slack's double: a token is kept for its workspace and for whoever began, and nothing is told to others. */
import { describe, expect, test } from 'vitest';
import type { CallResult } from '../../../src/channels/call.ts';
import type { Workspace } from '../../../src/channels/channel.ts';
import { type SlackInstallPorts, slackInstallRoutes } from '../../../src/channels/slack/install.ts';
import { installStates } from '../../../src/channels/slack/install-state.ts';
import { tokenOf } from '../../../src/channels/slack/installation.ts';
import { exchangeCode, type SlackGrant } from '../../../src/channels/slack/oauth.ts';
import { installPaths } from '../../../src/channels/slack/paths.ts';
import { readChannelKey, tokenCipher } from '../../../src/channels/token-cipher.ts';
import { AppError, type LogEntry } from '../../../src/errors.ts';
import { routeApp } from '../../http/route-app.ts';
import { everyScope } from '../../support/slack-double.ts';
import { slackWorld, team, token, user } from './slack-world.ts';

const service = 'https://reflection.example';
const client = { id: 'client-1', secret: 'client-secret', redirectUri: `${service}${installPaths.oauth}` };
const workspace: Workspace = { channel: 'slack', id: team };
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count));

function keyOf(letter: string) {
  const key = readChannelKey(btoa(letter.repeat(32)));
  if (!key) throw new Error('That is a key.');
  return key;
}

function installing(change: Partial<SlackInstallPorts> = {}, doubled: Parameters<typeof slackWorld>[0] = {}) {
  const world = slackWorld({ client, ...doubled });
  const key = keyOf('k');
  const cipher = tokenCipher({ key, randomBytes });
  const kept: (readonly [Workspace, string])[] = [];
  const log: LogEntry[] = [];
  const { app } = routeApp((all) =>
    all.route(
      '/',
      slackInstallRoutes({
        workspaces: {
          install: async (...installed) => {
            kept.push(installed);
          },
        },
        clientId: client.id,
        authorizeUrl: 'https://slack.com/oauth/v2/authorize',
        states: installStates({ key, randomBytes, now: () => world.clock.now }),
        cipher,
        exchange: exchangeCode({
          fetch: world.double.fetch,
          timeout: () => new AbortController().signal,
          url: 'https://slack.com/api',
          clientId: client.id,
          clientSecret: client.secret,
        }),
        log: (entry) => log.push(entry),
        ...change,
      }),
    ),
  );
  const begin = async (at = service) => {
    const response = await app.request(`${at}${installPaths.install}`);
    const page = new URL(response.headers.get('location') ?? '');
    const cookies = response.headers.get('set-cookie') ?? '';
    return {
      response,
      page,
      cookies,
      cookie: cookies.split(';')[0] ?? '',
      state: page.searchParams.get('state') ?? '',
    };
  };
  const comeBack = async (query: Readonly<Record<string, string>>, cookie: string) => {
    const headers = cookie === '' ? {} : { cookie };
    const response = await app.request(`${service}${installPaths.oauth}?${new URLSearchParams(query)}`, { headers });
    return { response, text: await response.text() };
  };
  return { ...world, begin, comeBack, kept, log, cipher, code: () => world.double.issueCode(team, user) };
}

const refusing = (result: CallResult<SlackGrant>) => ({ exchange: async () => result });

test('begins at Slack’s page, with every scope that a call of ours takes', async () => {
  const { begin } = installing();
  const { response, page, cookies } = await begin();
  expect(response.status).toBe(302);
  expect(page.origin + page.pathname).toBe('https://slack.com/oauth/v2/authorize');
  expect(page.searchParams.get('client_id')).toBe(client.id);
  expect(page.searchParams.get('redirect_uri')).toBe(client.redirectUri);
  const scopes = page.searchParams.get('scope')?.split(',') ?? [];
  expect(new Set(scopes)).toEqual(new Set(everyScope));
  expect(cookies).toMatch(/^__Host-slack-install=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});

test('names no address to come back to where it does not see one that Slack takes', async () => {
  const { page } = await installing().begin('http://localhost:8787');
  expect(page.searchParams.has('redirect_uri')).toBe(false);
});

test('whoever comes back has installed it: the token is kept, encrypted, for its workspace', async () => {
  const world = installing();
  const { state, cookie } = await world.begin();
  const { response, text } = await world.comeBack({ state, code: world.code() }, cookie);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(text).toContain('/reflect');
  expect(response.headers.get('set-cookie')).toMatch(/^__Host-slack-install=; Max-Age=0; Path=\/.*Secure/);
  const [installed] = world.kept;
  expect(installed?.[0]).toEqual(workspace);
  expect(installed?.[1]).not.toContain(token);
  expect(await tokenOf(world.cipher, workspace, installed?.[1] ?? null)).toBe(token);
});

test.each([null, '', 'xoxb-plain', '{"version":2,"sealedToken":"x"}', '{"version":1,"sealedToken":"x"}'])(
  'of %j no token is read',
  async (kept) => {
    expect(await tokenOf(installing().cipher, workspace, kept)).toBe(null);
  },
);

describe('nothing is installed, and nothing is asked of Slack,', () => {
  test.each<
    readonly [
      string,
      (
        begun: { state: string; cookie: string },
        world: ReturnType<typeof installing>,
      ) => { state: string; cookie: string },
    ]
  >([
    ['without a state', ({ cookie }) => ({ state: '', cookie })],
    ['without the cookie', ({ state }) => ({ state, cookie: '' })],
    ['with another cookie', ({ state }) => ({ state, cookie: `__Host-slack-install=${'x'.repeat(43)}` })],
    ['with a cookie of another name', ({ state, cookie }) => ({ state, cookie: cookie.replace('__Host-', '') })],
    ['with an altered state', ({ state, cookie }) => ({ state: `${state.slice(0, -2)}AA`, cookie })],
    ['with a later end', ({ state, cookie }) => ({ state: state.replace(/^\d/, '9'), cookie })],
    ['with a state that is none', ({ cookie }) => ({ state: '1790000000.%00', cookie })],
    [
      'after more than ten minutes',
      (begun, world) => {
        world.clock.now += 601_000;
        return begun;
      },
    ],
  ])('%s', async (_, change) => {
    const world = installing();
    const { state, cookie } = change(await world.begin(), world);
    const { response, text } = await world.comeBack({ state, code: world.code() }, cookie);
    expect(response.status).toBe(401);
    expect(text).toContain(`Begin again at ${installPaths.install}.`);
    expect(world.kept).toEqual([]);
    expect(world.double.calls).toEqual([]);
  });

  test('with a state that another key signed', async () => {
    const states = installStates({ key: keyOf('o'), randomBytes, now: () => 1_790_000_000_000 });
    const { state, cookie } = await states.begin();
    const { response } = await installing().comeBack({ state, code: 'x' }, `__Host-slack-install=${cookie}`);
    expect(response.status).toBe(401);
  });

  test('where somebody did not allow it', async () => {
    const world = installing();
    const { state, cookie } = await world.begin();
    const { response } = await world.comeBack({ state, error: 'access_denied' }, cookie);
    expect(response.status).toBe(400);
    expect(world.double.calls).toEqual([]);
  });
});

describe('nothing is installed, and the page says so,', () => {
  test.each(['no-such-code', '<script>alert(1)</script>'])('with the code %j', async (code) => {
    const world = installing();
    const { state, cookie } = await world.begin();
    const { response, text } = await world.comeBack({ state, code }, cookie);
    expect(response.status).toBe(400);
    expect(text).not.toContain('script');
    expect(world.kept).toEqual([]);
  });

  test('with a code that was used', async () => {
    const world = installing();
    const { state, cookie } = await world.begin();
    const code = world.code();
    await world.comeBack({ state, code }, cookie);
    expect((await world.comeBack({ state, code }, cookie)).response.status).toBe(400);
    expect(world.kept).toHaveLength(1);
  });

  test.each<readonly [string, Partial<SlackInstallPorts>, number]>([
    ['for a whole organisation', refusing({ type: 'done', answer: { team: null, token } }), 400],
    ['where the secret is wrong', refusing({ type: 'refused', error: 'bad_client_secret' }), 502],
    ['where Slack is silent', refusing({ type: 'unknown' }), 502],
    ['where Slack has no time', refusing({ type: 'later', retryAfterMs: null }), 502],
    [
      'where it cannot be kept',
      { workspaces: { install: () => Promise.reject(new AppError('upstream_busy', 'It cannot be asked.')) } },
      502,
    ],
  ])('%s', async (_, change, status) => {
    const world = installing(change);
    const { state, cookie } = await world.begin();
    const { response, text } = await world.comeBack({ state, code: world.code() }, cookie);
    expect(response.status).toBe(status);
    expect(text).toMatch(/<p>[A-Z][^<]+\.<\/p>/);
    expect(world.log).toHaveLength(status === 502 ? 1 : 0);
    expect(text + JSON.stringify(world.log)).not.toMatch(/client-secret|xoxb/);
    expect(world.kept).toEqual([]);
  });
});

describe('a code is exchanged', () => {
  const answering = (answer: () => Response | Promise<Response>) =>
    exchangeCode({
      fetch: async () => answer(),
      timeout: () => new AbortController().signal,
      url: 'https://slack.com/api/',
      clientId: client.id,
      clientSecret: client.secret,
    })('code', null);
  const grant = { ok: true, access_token: token, token_type: 'bot', team: { id: team } };

  test.each<readonly [string, () => Response | Promise<Response>, CallResult<SlackGrant>]>([
    ['for a token', () => Response.json(grant), { type: 'done', answer: { team, token } }],
    [
      'for an organisation',
      () => Response.json({ ...grant, team: null, is_enterprise_install: true }),
      { type: 'done', answer: { team: null, token } },
    ],
    ['for a person’s token, which is none', () => Response.json({ ...grant, token_type: 'user' }), { type: 'unknown' }],
    ['for a refusal', () => Response.json({ ok: false, error: 'x' }), { type: 'refused', error: 'x' }],
    ['too often', () => new Response('', { status: 429 }), { type: 'later', retryAfterMs: null }],
    ['for nonsense', () => new Response('<html>', { status: 500 }), { type: 'unknown' }],
    ['for nothing', () => Promise.reject(new TypeError('fetch failed')), { type: 'unknown' }],
  ])('%s', async (_, answer, result) => {
    expect(await answering(answer)).toEqual(result);
  });
});
