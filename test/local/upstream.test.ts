/** Finding a model server that runs already, a free port, and the file of variables. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toEnvFile } from '../../local/env-file.ts';
import { findPort } from '../../local/free-port.ts';
import { findUpstream } from '../../local/upstream.ts';
import { serve } from './file-server.ts';

const signal = AbortSignal.timeout(20_000);

/** A server with these models under `/v1/models`, for who brings the right key. */
function modelServer(models: readonly object[], key?: string) {
  return serve((request, response) => {
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) response.writeHead(401).end();
    else if (request.url === '/v1/models') response.end(JSON.stringify({ object: 'list', data: models }));
    else response.writeHead(404).end('not found');
  });
}

describe('another server', () => {
  test('with one model needs no name, and tells its context', async () => {
    await using server = await modelServer([{ id: 'llama3.1', max_model_len: 4096 }]);
    const url = `${new URL(server.url).origin}/v1`;
    expect(await findUpstream({ url, model: undefined, key: undefined }, signal)).toEqual({
      url,
      model: 'llama3.1',
      contextTokens: 4096,
    });
  });

  test('is found under /v1 when its bare address was given', async () => {
    await using server = await modelServer([{ id: 'a' }, { id: 'b' }]);
    const { origin } = new URL(server.url);
    expect(await findUpstream({ url: origin, model: 'b', key: undefined }, signal)).toMatchObject({
      url: `${origin}/v1`,
    });
  });

  test('with several models asks for a name and lists them', async () => {
    await using server = await modelServer([{ id: 'a' }, { id: 'b' }]);
    const url = `${new URL(server.url).origin}/v1`;
    await expect(findUpstream({ url, model: undefined, key: undefined }, signal)).rejects.toThrow(
      /--upstream-model: it has a, b/,
    );
  });

  test('that lists nothing is taken at its word when a model was named, and refused otherwise', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(404).end();
    });
    const url = new URL(server.url).origin;
    expect(await findUpstream({ url, model: 'x', key: undefined }, signal)).toEqual({
      url,
      model: 'x',
      contextTokens: undefined,
    });
    await expect(findUpstream({ url, model: undefined, key: undefined }, signal)).rejects.toThrow(/lists no models/);
  });

  test('is given the key, and a refusal of it is told', async () => {
    await using server = await modelServer([{ id: 'a' }], 'right');
    const url = `${new URL(server.url).origin}/v1`;
    expect(await findUpstream({ url, model: undefined, key: 'right' }, signal)).toMatchObject({ model: 'a' });
    await expect(findUpstream({ url, model: undefined, key: 'wrong' }, signal)).rejects.toThrow(/refuses the key/);
  });

  test('that is not there is told in one line', async () => {
    await expect(findUpstream({ url: 'http://127.0.0.1:9/v1', model: 'x', key: undefined }, signal)).rejects.toThrow(
      /127\.0\.0\.1:9\/v1 does not answer .*start that server first/,
    );
  });
});

describe('the port', () => {
  test('0 picks a free one', async () => {
    expect(await findPort(0)).toBeGreaterThan(0);
  });

  test('that is taken is told with what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(findPort(port)).rejects.toThrow(
      `Port ${port} is taken by another program: stop it, or choose another with --port`,
    );
    server.close();
  });
});

describe('the file of variables', () => {
  /** What Wrangler's reader makes of a value: quotes off, then escaped dollars back. */
  const read = (line: string) => /^\w+=(['"`])([\s\S]*)\1\n$/.exec(line)?.[2]?.replaceAll('\\$', '$');

  test('carries keys with every sign in them', () => {
    expect(toEnvFile({ UPSTREAM_KEY: `sk-a$HOME"#= b\\n` })).toBe(`UPSTREAM_KEY='sk-a\\$HOME"#= b\\n'\n`);
  });

  test('carries any line of text or refuses it, and never bends it', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        let line: string;
        try {
          line = toEnvFile({ KEY: value });
        } catch {
          return /[\r\n\\]/.test(value) || (value.includes("'") && value.includes('"'));
        }
        return read(line) === value || value.includes('\\$');
      }),
    );
  });
});
