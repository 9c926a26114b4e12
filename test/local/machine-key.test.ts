/** The key of a launch, made and kept over the Worker's own API: what a second start finds, and what it does with what it finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { accessTo, type Desk, machineSecrets } from '../../local/access.ts';
import { LaunchError } from '../../local/launch-error.ts';
import { type KeyPlace, machineKey } from '../../local/machine-key.ts';
import { keyPage } from '../../src/http/routes/keys.ts';
import { type BundledWorker, startBundledWorker } from './bundled-worker.ts';

let worker: BundledWorker;
let folder = '';
let said: string[] = [];

beforeAll(async () => {
  worker = await startBundledWorker('machine-key-test', { KEY_MODE: 'test' });
}, 60_000);

afterAll(() => worker?.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  said = [];
});

afterEach(async () => {
  for (const { id } of await keys()) await administer('DELETE', `/v1/keys/${id}`);
  await rm(folder, { recursive: true, force: true });
});

const kept = async (name: string): Promise<string> => (await readFile(join(folder, name), 'utf8')).trim();
const say = (line: string) => said.push(line);
const desk = (): Desk => ({ folder, signal: AbortSignal.timeout(20_000), say });
const place = (part: Partial<KeyPlace> = {}): KeyPlace => ({
  ...desk(),
  address: worker.address,
  adminToken: worker.adminToken,
  ...part,
});

async function administer(method: string, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${worker.adminToken}` };
  return (await fetch(`${worker.address}${path}`, { method, headers })).json();
}

const keys = async () => keyPage.parse(await administer('GET', '/v1/keys?limit=100')).data;

const opens = async (key: string): Promise<number> =>
  (await fetch(`${worker.address}/v1/usage`, { headers: { authorization: `Bearer ${key}` } })).status;

describe('the key of this machine', () => {
  test('is made at the first start, works, and is found again by every later one, which says nothing', async () => {
    const first = await machineKey(place());
    expect(await opens(first)).toBe(200);
    expect([await kept('api-key'), (await kept('webhook-secret')).slice(0, 6)]).toEqual([first, 'whsec_']);
    expect(await machineKey(place())).toBe(first);
    expect(await machineKey(place())).toBe(first);
    expect([said, (await keys()).length]).toEqual([[], 1]);
  });

  test.skipIf(process.platform === 'win32')('is kept in files that only their owner reads', async () => {
    await machineKey(place());
    for (const name of await readdir(folder)) {
      expect([name, ((await stat(join(folder, name))).mode & 0o777).toString(8)]).toEqual([name, '600']);
    }
  });

  test.each([
    ['empty', () => ''],
    ['of somebody else', () => `er_test_${'A'.repeat(96)}`],
    ['half of it', (key: string) => key.slice(0, 50)],
    ['with a letter changed', (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['binary', () => '\u0000\ufffd\u0000'],
    ['something else', () => 'remember the milk'],
    ['two keys', (key: string) => `${key}\n${key}`],
  ])('is made anew in the same account where its file is damaged: %s', async (_, damage) => {
    const first = await machineKey(place());
    await writeFile(join(folder, 'api-key'), damage(first));
    const second = await machineKey(place());
    expect([second === first, await opens(second), await kept('api-key')]).toEqual([false, 200, second]);
    expect(said).toEqual([
      `The API key in ${join(folder, 'api-key')} does not work any longer: a new one is in its place.`,
    ]);
    expect(new Set((await keys()).map(({ account }) => account)).size).toBe(1);
  });

  test('is made anew once it was revoked', async () => {
    const first = await machineKey(place());
    const [made] = await keys();
    await administer('DELETE', `/v1/keys/${made?.id}`);
    const second = await machineKey(place());
    expect([await opens(first), await opens(second), said.length]).toEqual([401, 200, 1]);
  });

  test('stays where its owner has taken a scope from it', async () => {
    const first = await machineKey(place());
    const [made] = await keys();
    await fetch(`${worker.address}/v1/keys/${made?.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${worker.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scopes: ['reflect'] }),
    });
    expect(await machineKey(place())).toBe(first);
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['cut', 'whsec_abc'],
    ['something else', 'remember the milk'],
  ])('is made anew, with its webhook secret, where the secret’s file is %s', async (_, text) => {
    const first = await machineKey(place());
    const path = join(folder, 'webhook-secret');
    if (text === undefined) await rm(path);
    else await writeFile(path, text);
    const second = await machineKey(place());
    expect([second === first, await opens(second), await kept('api-key')]).toEqual([false, 200, second]);
    expect(await kept('webhook-secret')).toMatch(/^whsec_[\w+/]{40,}=*$/);
    expect(said).toEqual([`${path} holds no webhook secret: a new API key with a new one is in its place.`]);
    expect(await machineKey(place())).toBe(second);
  });

  test('is made whole where a start was ended before the last of its files was written', async () => {
    // What such a start leaves: the secret of a key that nobody knows, and parts.
    await writeFile(join(folder, 'webhook-secret'), 'whsec_b2YgYSBrZXkgdGhhdCBub2JvZHkgaGFzIGV2ZXIga25vd24=\n');
    await writeFile(join(folder, 'api-key.part'), 'er_test_ha');
    const made = await machineKey(place());
    expect([await opens(made), said]).toEqual([200, []]);
    expect(await kept('webhook-secret')).not.toContain('b2YgYSBrZXkg');
    expect((await readdir(folder)).sort()).toEqual(['api-key', 'webhook-secret']);
  });

  test('is not made with a wrong admin token, and the line says why and holds no secret', async () => {
    const failure = await machineKey(place({ adminToken: 'not-the-admin-token' })).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LaunchError);
    expect(String(failure)).toContain('The Worker answers 401 to GET /v1/keys');
    expect(String(failure)).not.toContain('not-the-admin-token');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a Worker that does not do its part', () => {
  async function failing(status: number, body: string): Promise<string> {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    const address = server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  test('leaves the kept key alone', async () => {
    const first = await machineKey(place());
    for (const address of [await failing(502, '{}'), 'http://127.0.0.1:1']) {
      await expect(machineKey(place({ address }))).rejects.toThrow(LaunchError);
      expect(await kept('api-key')).toBe(first);
    }
  });

  test('and tells no key is named', async () => {
    const address = await failing(200, '{"data": []}');
    await expect(machineKey(place({ address }))).rejects.toThrow('The Worker made an API key, and did not tell it.');
    expect(await readdir(folder)).toEqual([]);
  });

  test('and is slow is left when the launch ends', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const address = mute.address();
    const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    const stop = new AbortController();
    const making = machineKey(place({ address: url, signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('called off')), 50);
    await expect(making).rejects.toThrow('called off');
    mute.closeAllConnections();
    mute.close();
  });
});

describe('two starts at once', () => {
  test('in several processes make one of each', async () => {
    await mkdir(join(folder, 'kept'));
    const script = join(folder, 'start.mjs');
    await writeFile(
      script,
      `import { accessTo, machineSecrets } from ${JSON.stringify(new URL('../../local/access.ts', import.meta.url).href)};
       const desk = { folder: ${JSON.stringify(join(folder, 'kept'))}, signal: AbortSignal.timeout(20_000), say: () => undefined };
       const secrets = await machineSecrets(desk);
       const { apiKey } = await accessTo(${JSON.stringify(worker.address)}, ${JSON.stringify(worker.adminToken)}, desk, false);
       process.stdout.write(JSON.stringify([secrets, apiKey]));`,
    );
    const starts = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
        let told = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          told += text;
        });
        expect(await once(child, 'close')).toEqual([0, null]);
        return told;
      }),
    );
    expect(new Set(starts).size).toBe(1);
    expect(await keys()).toHaveLength(1);
    expect((await readdir(join(folder, 'kept'))).sort()).toEqual([
      'admin-token',
      'api-key',
      'tag-secret',
      'webhook-secret',
    ]);
  });

  test('wait for each other, and say so', async () => {
    const both = await Promise.all([machineSecrets(desk()), machineSecrets(desk())]);
    expect(both[0]).toEqual(both[1]);
    expect(said).toEqual(['Another start is making the keys …']);
  });
});

test('an ephemeral launch is told the secrets that go with its folder, and a lasting one where they are', async () => {
  const ephemeral = await accessTo(worker.address, worker.adminToken, desk(), true);
  expect(ephemeral.kept).toEqual({ adminToken: worker.adminToken, webhookSecret: await kept('webhook-secret') });
  const lasting = await accessTo(worker.address, worker.adminToken, desk(), false);
  expect(lasting).toEqual({ apiKey: ephemeral.apiKey, kept: folder });
});
