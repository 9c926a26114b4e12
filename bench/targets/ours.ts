/** Our Worker on plain `workerd`, the whole path on: key, limits, validation, run, event log, cache, storage on the disk. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Question } from '../client.ts';
import { startProgram } from '../processes.ts';
import { type Built, readWrangler, writeConfig } from './build.ts';
import { prompt, type Target } from './target.ts';

export const ourName = 'edge-reflection';
export const entrypointName = 'edge-reflection, entrypoint';

export interface OurTarget extends Target {
  /** Answered from the cache once it was asked before. */
  readonly hit: Question;
  /** The same question with a key whose tag is wrong; undefined while the service asks for no key. */
  readonly forged: Question | undefined;
  /** The same stream in the shape of OpenAI's chat completions. */
  readonly chatStreaming: Question;
  /** Any body, with the key. */
  ask(body: Readonly<Record<string, unknown>>): Question;
}

export interface OurChoice {
  readonly port: number;
  readonly upstream: string;
  /** The build that counts rows and calls. */
  readonly counting?: boolean;
  /** Who calls the model: the object that hosts the run, or an entrypoint as where it is deployed. */
  readonly modelCalls?: 'direct' | 'entrypoint';
  /** Beside those that every run of it has. */
  readonly variables?: Readonly<Record<string, string>>;
}

const adminToken = 'bench-admin-token-0123456789abcdef';

export async function startOurs(
  built: Built,
  { port, upstream, counting = false, modelCalls = 'direct', variables: more = {} }: OurChoice,
): Promise<OurTarget> {
  const name = modelCalls === 'direct' ? ourName : entrypointName;
  const address = `http://127.0.0.1:${port}`;
  const variables = { ...variablesFor(upstream), MODEL_CALLS: modelCalls, ...more };
  const config = await writeConfig(built, { port, counting, variables });
  const program = await startProgram({
    name,
    command: workerdBinary(),
    words: ['serve', config],
    readyUrl: `${address}/health`,
  });
  const key = await makeKey(address, adminToken);
  const url = `${address}/v1/reflections`;
  const ask = (body: Readonly<Record<string, unknown>>, asWhom = key): Question => ({
    url,
    headers: asWhom === undefined ? {} : { authorization: `Bearer ${asWhom}` },
    body: JSON.stringify(body),
  });
  const chat = {
    model: 'reflect-balanced:direct',
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    x_reflection: { cache: { mode: 'no-store' } },
  };
  const miss = { input: prompt, strategy: 'direct', cache: { mode: 'no-store' } };
  return {
    name,
    address,
    program,
    blocking: ask(miss),
    streaming: ask({ ...miss, stream: true }),
    chatStreaming: { ...ask(chat), url: `${address}/v1/chat/completions` },
    hit: ask({ input: prompt, strategy: 'direct' }),
    forged: key === undefined ? undefined : ask(miss, forgedFrom(key)),
    ask,
    stop: program.stop,
  };
}

/** The mock as the only model, and a value for every secret that `wrangler.toml` requires. */
function variablesFor(upstream: string): Readonly<Record<string, string>> {
  const secrets = readWrangler().requiredSecrets.map((name) => [name, randomBytes(32).toString('base64url')]);
  return {
    MODEL_PROVIDER: 'openai-compatible',
    UPSTREAM_URL: `${upstream}/v1`,
    UPSTREAM_MODEL: 'bench',
    UPSTREAM_CONTEXT: '128000',
    ...Object.fromEntries(secrets),
    ADMIN_TOKEN: adminToken,
  };
}

/** A key with limits that no run of this reaches; undefined where the service knows no keys. */
async function makeKey(address: string, token: string): Promise<string | undefined> {
  const limits = {
    requests_per_minute: 1_000_000,
    tokens_per_minute: 1_000_000_000,
    concurrent_runs: 10_000,
    daily_usd: 1_000_000,
    refused_per_minute: 1_000_000,
  };
  const response = await fetch(`${address}/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['reflect', 'read'], limits }),
  });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (response.status !== 201) throw new Error(`POST /v1/keys answered ${response.status}: ${text.slice(0, 500)}`);
  const { key }: { readonly key: string } = JSON.parse(text);
  return key;
}

/** The same key with another last letter but one: well-formed, of an account that is there, with a tag that is wrong. */
export function forgedFrom(key: string): string {
  const other = key.at(-2) === 'A' ? 'B' : 'A';
  return `${key.slice(0, -2)}${other}${key.slice(-1)}`;
}

function workerdBinary(): string {
  const workerd: { readonly default: string } = createRequire(import.meta.url)('workerd');
  return workerd.default;
}
