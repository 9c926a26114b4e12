/** What is kept of a workspace that installed the app by OAuth. */
import * as z from 'zod/mini';
import { valueOfJson } from '../../encoding.ts';
import type { Workspace } from '../channel.ts';
import type { TokenCipher } from '../token-cipher.ts';

const installation = z.object({ version: z.literal(1), sealedToken: z.string() });

export async function writeInstallation(cipher: TokenCipher, workspace: Workspace, token: string): Promise<string> {
  const kept: z.output<typeof installation> = { version: 1, sealedToken: await cipher.seal(token, workspace) };
  return JSON.stringify(kept);
}

/** The bot's token; null where there is no installation, or none that this key opens. */
export async function tokenOf(cipher: TokenCipher, workspace: Workspace, kept: string | null): Promise<string | null> {
  const read = installation.safeParse(valueOfJson(kept ?? ''));
  return read.success ? ((await cipher.open(read.data.sealedToken, workspace)) ?? null) : null;
}
