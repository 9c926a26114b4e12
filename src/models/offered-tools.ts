/** Collects the calls of an answer that may call tools. Few may, so the code that reads calls is loaded for them. */
import { loadedLater } from '../reflection/checks/loaded-later.ts';
import type { ModelCall } from '../reflection/model.ts';
import type { CalledTools } from './called-tools.ts';

const code = loadedLater(() => import('./called-tools.ts'));

export const prepareCalledTools = code.prepare;

/** Null where no tools are offered: what a server says of calls is not read then. */
export async function calledTools(call: ModelCall): Promise<CalledTools | null> {
  if (!call.toolUse) return null;
  await code.prepare();
  return code.loaded().callsOf(call);
}
