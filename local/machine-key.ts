/** The API key of this machine: the kept one while it works, otherwise a new one, made over the Worker's own API. */
import { join } from 'node:path';
import * as z from 'zod/mini';
import { LaunchError, messageOf } from './launch-error.ts';
import { readPrivate, writePrivate } from './private-file.ts';
import { ownRequestId } from './worker-log.ts';

/** By this name a later launch finds the account again. */
const keyName = 'this machine';

const keyFile = 'api-key';
const webhookFile = 'webhook-secret';

/** They stop a script that has lost its way, and nothing that one person does with a slow model. */
const accountLimits = {
  requests_per_minute: 600,
  tokens_per_minute: 10_000_000,
  concurrent_runs: 8,
  daily_usd: 50,
};

const madeKey = z.object({ key: z.string(), webhook_secret: z.string() });
const listedKeys = z.object({ data: z.array(z.object({ name: z.string(), account: z.string() })) });

/** Whatever else a file holds is not worth asking the Worker about. */
const keyShape = /^er_[\w-]{20,200}$/;

/** At least 24 bytes in base64. */
const webhookSecretShape = /^whsec_[A-Za-z0-9+/]{32,200}={0,2}$/;

export interface KeyPlace {
  /** Where the Worker answers. */
  readonly address: string;
  /** Where `api-key` and `webhook-secret` are kept. */
  readonly folder: string;
  readonly adminToken: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Gives a key that the Worker at `address` takes, and says so when it is not the one that was kept. Its file is written last and at once:
 * a launch that is ended on the way leaves the one before, or none. Throws a `LaunchError` when the Worker makes none.
 */
export async function machineKey(place: KeyPlace): Promise<string> {
  const kept = await readPrivate(join(place.folder, keyFile));
  if (kept !== undefined) {
    const fault = await faultOf(kept, place);
    if (fault === undefined) return kept;
    place.say(fault);
  }
  const { key, webhook_secret } = await makeKey(place);
  await writePrivate(join(place.folder, webhookFile), webhook_secret);
  await writePrivate(join(place.folder, keyFile), key);
  return key;
}

/** Why a kept key is to be replaced, in a line for a person; undefined while it serves. */
async function faultOf(kept: string, place: KeyPlace): Promise<string | undefined> {
  const [path, webhookPath] = [join(place.folder, keyFile), join(place.folder, webhookFile)];
  if (!keyShape.test(kept) || !(await holds(kept, place))) {
    return `The API key in ${path} does not work any longer: a new one is in its place.`;
  }
  if (webhookSecretShape.test((await readPrivate(webhookPath)) ?? '')) return undefined;
  // The Worker tells it once, with its key.
  return `${webhookPath} holds no webhook secret: a new API key with a new one is in its place.`;
}

/** A key that lacks a scope holds: its owner has taken that from it. */
async function holds(key: string, place: KeyPlace): Promise<boolean> {
  const response = await ask(place, 'GET', '/v1/usage', key);
  if (response.ok || response.status === 403) return true;
  if (response.status === 401) return false;
  throw new LaunchError(`The Worker answers ${response.status} to GET /v1/usage, so its key could not be checked.`);
}

async function makeKey(place: KeyPlace): Promise<z.infer<typeof madeKey>> {
  const listed = listedKeys.safeParse(await answered(place, 'GET', '/v1/keys?limit=100'));
  const account = listed.data?.data.find(({ name }) => name === keyName)?.account;
  // The account goes on with what is stored for it, and with the limits that its owner may have given it.
  const owner = account === undefined ? { limits: accountLimits } : { account };
  const made = madeKey.safeParse(
    await answered(place, 'POST', '/v1/keys', { name: keyName, scopes: ['reflect', 'read', 'export'], ...owner }),
  );
  if (!made.success) throw new LaunchError('The Worker made an API key, and did not tell it.');
  return made.data;
}

async function answered(place: KeyPlace, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const response = await ask(place, method, path, place.adminToken, body);
  if (response.ok) return response.json();
  const words = (await response.text()).slice(0, 1000);
  throw new LaunchError(
    `The Worker answers ${response.status} to ${method} ${path}, so no API key could be made:\n${words}`,
  );
}

async function ask(
  { address, signal }: KeyPlace,
  method: 'GET' | 'POST',
  path: string,
  token: string,
  body?: object,
): Promise<Response> {
  try {
    return await fetch(`${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': ownRequestId },
      signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new LaunchError(`The Worker does not answer ${method} ${path} (${messageOf(error)}).`, { cause: error });
  }
}
