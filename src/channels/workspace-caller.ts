/** Who asks in the name of a workspace: its account, and the key that its runs are started with. Both follow from the workspace's name. */

import type { Caller } from '../accounts/accounts.ts';
import { accountBytes, accountIdOf, keyIdBytes, keyIdOf } from '../accounts/ids.ts';
import { sha256 } from '../encoding.ts';
import type { Workspace } from './channel.ts';

/**
 * Whoever knows a workspace's name knows these, and can do nothing with them: an API key has a tag that only the service makes, and no text with such a
 * tag has this hash. So requests in a workspace's name come from its channel alone.
 */
export function workspaceCaller({ channel, id }: Workspace): Caller {
  const name = `workspace:${channel}:${id}`;
  const bytes = bytesOf(sha256(name));
  return {
    account: accountIdOf(bytes.subarray(0, accountBytes)),
    key: keyIdOf(bytes.subarray(0, keyIdBytes)),
    secretHash: sha256(`secret of ${name}`),
  };
}

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from(hexadecimal.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}
