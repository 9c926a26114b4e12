/** Who may use the Worker on this machine: the secrets it is started with, and the API key that it then makes. */
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { keptSecret } from './kept-secret.ts';
import { machineKey } from './machine-key.ts';
import { readPrivate } from './private-file.ts';
import type { Access } from './ready-text.ts';

/** Where secrets are kept, for whom they are made, and whom to tell of it. */
export interface Desk {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface MachineSecrets {
  readonly adminToken: string;
  readonly tagSecret: string;
}

/** The secrets in the desk's folder, made where they are missing. */
export function machineSecrets(desk: Desk): Promise<MachineSecrets> {
  const { folder, say } = desk;
  return alone(desk, async () => ({
    adminToken: await keptSecret(join(folder, 'admin-token'), say),
    tagSecret: await keptSecret(join(folder, 'tag-secret'), say),
  }));
}

/** A key for the Worker that answers at `address`. What an ephemeral launch makes is shown, as its folder goes with it. */
export async function accessTo(address: string, adminToken: string, desk: Desk, ephemeral: boolean): Promise<Access> {
  const apiKey = await alone(desk, () => machineKey({ ...desk, address, adminToken }));
  if (!ephemeral) return { apiKey, kept: desk.folder };
  const webhookSecret = (await readPrivate(join(desk.folder, 'webhook-secret'))) ?? '';
  return { apiKey, kept: { adminToken, webhookSecret } };
}

/** Two first starts at once would otherwise each take what they made for what is kept. */
function alone<Result>({ folder, signal, say }: Desk, work: () => Promise<Result>): Promise<Result> {
  return withFileLock(join(folder, 'keys.lock'), signal, () => say('Another start is making the keys …'), work);
}
