/** The fields of a request that are about tools, as its schema holds them. What checks them is loaded by the few requests that have some. */
import * as z from 'zod/mini';
import { loadedLater } from './checks/loaded-later.ts';
import { isRecord } from './is-record.ts';
import type { ToolChoice } from './model.ts';
import type { AboutTools, toolCall as toolCallSchema, tool as toolSchema } from './tool-fields.ts';

/** Evaluated only where a request is about tools. */
const toolCode = loadedLater(() => import('./tool-fields.ts'));

/** In lists, whose items are looked at only where there are some: an object asks each of its own fields whether it may be left out. */
export const tool = z.lazy((): typeof toolSchema => toolCode.loaded().tool);
export const toolCall = z.lazy((): typeof toolCallSchema => toolCode.loaded().toolCall);
export const toolChoice = z.custom<ToolChoice>(
  (given) => toolCode.loaded().toolChoice.safeParse(given).success,
  'expected "none", "auto", "required" or {"type": "function", "function": {"name": "…"}}',
);

/** To be awaited before a body that is about tools is parsed. */
export const prepareTools = toolCode.prepare;

/** Throws a 400 where what is said of tools does not fit together, or the strategy has no place for a call. */
export function assertTools(request: AboutTools): void {
  toolCode.loaded().assertTools(request);
}

/** Whether a body offers tools, or holds what came of them. */
export function isAboutTools(body: unknown): boolean {
  if (!isRecord(body)) return false;
  const { messages } = body;
  if ('tools' in body || 'tool_choice' in body || 'parallel_tool_calls' in body) return true;
  return (
    Array.isArray(messages) &&
    messages.some((each) => isRecord(each) && ('tool_calls' in each || each['role'] === 'tool'))
  );
}
