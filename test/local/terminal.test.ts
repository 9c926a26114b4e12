/** What the launcher writes for a person, and where it keeps things. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cacheFolder } from '../../local/cache-folder.ts';
import { models } from '../../local/models.ts';
import { channelsIn } from '../../local/own-variables.ts';
import { formatBytes, formatSeconds, ProgressBar, progressLine } from '../../local/progress.ts';
import { readyText } from '../../local/ready-text.ts';
import { readCurl } from './launched.ts';

describe('the cache folder', () => {
  const home = join('/', 'home', 'ada');

  test.each([
    ['linux', {}, join(home, '.cache', 'edge-reflection')],
    ['linux', { XDG_CACHE_HOME: join('/', 'big') }, join('/', 'big', 'edge-reflection')],
    ['darwin', {}, join(home, 'Library', 'Caches', 'edge-reflection')],
    ['win32', { LOCALAPPDATA: join(home, 'Local') }, join(home, 'Local', 'edge-reflection', 'Cache')],
  ])('on %s with %j is the user’s own', (platform, environment, folder) => {
    expect(cacheFolder({ platform, home, environment })).toBe(folder);
  });
});

describe('progress', () => {
  test('shows the share, the sizes, the speed and the time left', () => {
    const line = progressLine({ receivedBytes: 202_000_000, totalBytes: 808_000_000, bytesPerSecond: 6_060_000 });
    expect(line).toBe('[######..................]  25%  202 MB of 808 MB  6.1 MB/s  1 min 40 s left');
  });

  test('does not divide by a speed of nothing', () => {
    expect(progressLine({ receivedBytes: 0, totalBytes: 0, bytesPerSecond: 0 })).toContain('waiting');
  });

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [98_362_432, '98.4 MB'],
    [807_694_464, '808 MB'],
    [1_055_609_824, '1.1 GB'],
  ])('writes %i bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test.each([
    [5, '5 s'],
    [65, '1 min 05 s'],
    [3700, '1 h 01 min'],
  ])('writes %i seconds as %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

  test('redraws one line on a terminal, ten times a second at most, and ends it', () => {
    const written: string[] = [];
    let now = 0;
    const bar = new ProgressBar({ isTTY: true, write: (text: string) => written.push(text) }, () => now);
    for (let step = 1; step <= 100; step += 1) {
      now += 10;
      bar.update(step, 100);
    }
    bar.close();
    bar.close();
    expect(written.length).toBeLessThan(14);
    expect(written.slice(0, -1).every((text) => text.startsWith('\r'))).toBe(true);
    expect(written.at(-2)).toContain('100%');
    expect(written.at(-1)).toBe('\n');
  });

  test('writes a line at every tenth of the way into a log', () => {
    const written: string[] = [];
    let now = 0;
    const bar = new ProgressBar({ write: (text: string) => written.push(text) }, () => now);
    for (let step = 0; step <= 1000; step += 1) {
      now += 200;
      bar.update(step, 1000);
    }
    bar.close();
    expect(written).toHaveLength(11);
  });
});

describe('the text when all is ready', () => {
  const address = 'http://127.0.0.1:8787';
  const access = { apiKey: 'er_test_key', kept: '/project/.local' } as const;
  const channels = { slack: null, discord: null };

  test('shows the key, in a line to paste as well, and the secrets that are kept nowhere', () => {
    const ready = { address, channels, answerer: { kind: 'workers-ai' }, stateFolder: undefined } as const;
    expect(readyText({ ...ready, access })).toContain("-H 'authorization: Bearer er_test_key'");
    expect(readyText({ ...ready, access })).toContain('kept in /project/.local');
    const kept = { adminToken: 'admin', webhookSecret: 'whsec_x' };
    expect(readyText({ ...ready, access: { apiKey: 'er_test_key', kept } })).toMatch(
      /Admin +admin\n +Webhooks +whsec_x/,
    );
  });

  test('says where Slack has no token to answer with', () => {
    const shown = (botToken: string | undefined) => {
      const slack = { url: 'https://slack.com/api', signingSecret: 'secret', botToken, install: null };
      const answerer = { kind: 'workers-ai' } as const;
      return readyText({ address, access, answerer, channels: { slack, discord: null }, stateFolder: undefined });
    };
    expect(shown(undefined)).toMatch(/Slack +\/channels.*\n +It can answer commands alone: SLACK_BOT_TOKEN is not set/);
    expect(shown('xoxb-1')).not.toContain('SLACK_BOT_TOKEN');
  });

  test('has the line of the README, with the key of this machine', () => {
    const text = readyText({ address, channels, access, answerer: { kind: 'workers-ai' }, stateFolder: undefined });
    const printed = readCurl(text);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const folded = /^curl -s [\s\S]*?'$(?=\n```)/m.exec(readme)?.[0].replace(/\s*\\?\n\s*/g, ' ') ?? '';
    const written = readCurl(folded.replace(/"(authorization: Bearer )\$\(cat \.local\/api-key\)"/, "'$1er_test_key'"));
    expect({ ...written, body: JSON.parse(written.body) }).toEqual({ ...printed, body: JSON.parse(printed.body) });
    expect(printed.url).toBe(`${address}/v1/reflections`);
  });

  test('names the model, its size and licence, and says that it is often wrong', () => {
    const choice = { kind: 'named', model: models['llama-3.2-1b'] } as const;
    const text = readyText({
      address,
      channels,
      access,
      answerer: { kind: 'local', choice },
      stateFolder: '/project/.local/state',
    });
    expect(text).toContain('llama-3.2-1b, 1.2 billion parameters, 808 MB');
    expect(text).toContain('Llama 3.2 Community License');
    expect(text).toContain('Built with Llama');
    expect(text).toContain('often wrong');
    expect(text).toContain('loopback');
    expect(text).toContain('/project/.local/state');
  });

  test('says whose model it is when another server answers, and that nothing is kept', () => {
    const answerer = { kind: 'upstream', url: 'http://127.0.0.1:11434/v1', model: 'llama3.1', class: 'large' } as const;
    const text = readyText({ address, channels, access, answerer, stateFolder: undefined });
    expect(text).toContain('llama3.1 at http://127.0.0.1:11434/v1 (taken as large)');
    expect(text).toContain('removed on exit');
    expect(text).not.toContain('often wrong');
  });

  test('says that calls count when Workers AI answers', () => {
    expect(
      readyText({ address, channels, access, answerer: { kind: 'workers-ai' }, stateFolder: undefined }),
    ).toContain('Cloudflare account');
  });
});

describe('the channels', () => {
  test('are named with where their platforms call, if they are set up', () => {
    const { slack, discord } = channelsIn({
      SLACK_SIGNING_SECRET: 's',
      SLACK_BOT_TOKEN: 'xoxb-1',
      DISCORD_PUBLIC_KEY: 'ab'.repeat(32),
    }).config;
    const access = { apiKey: 'er_test_key', kept: '/project/.local' };
    const ready = {
      address: 'http://127.0.0.1:1',
      access,
      answerer: { kind: 'workers-ai' },
      stateFolder: undefined,
    } as const;
    const none = readyText({ ...ready, channels: { slack: null, discord: null } });
    expect(none).not.toMatch(/Slack|Discord/);
    expect(readyText({ ...ready, channels: { slack, discord } })).toMatch(
      /Slack +\/channels\/slack\/events.*\n +Discord +\/channels\/discord\/interactions/,
    );
  });
});

describe('the models', () => {
  test('are pinned: whole numbers of bytes, whole checksums, one file each', () => {
    const all = Object.values(models);
    for (const { bytes, sha256 } of all) {
      expect(Number.isInteger(bytes) && bytes > 0).toBe(true);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(new Set(all.map(({ file }) => file)).size).toBe(all.length);
  });
});
