/** What a prompt holds of messages and tools, as text: to count its tokens by, and for those who review a conversation. */
import type { Message, ModelCall, ToolCall, ToolUse } from './model.ts';

/** What a model reads, in texts. */
export function promptTexts({ messages, toolUse }: Pick<ModelCall, 'messages' | 'toolUse'>): string[] {
  return [...messages.map(readText), ...(toolUse ? [toolText(toolUse)] : [])];
}

/** A message, its speaker and what it called. */
export function readText({ content, name = '', tool_calls }: Message): string {
  return name + content + callText(tool_calls);
}

/** Calls as the JSON that a model reads or writes; empty where there is none. */
export function callText(calls: readonly ToolCall[] | undefined): string {
  return calls ? JSON.stringify(calls) : '';
}

/** What of calls a model wrote for sure: their names and arguments, in whatever form. */
export function writtenCalls(calls: readonly ToolCall[] = []): string {
  return calls.map((call) => `${call.function.name} ${call.function.arguments}`).join('\n');
}

/** What a prompt holds for sure, however its server lays out calls and tools. */
export function leastPrompt({ messages, toolUse }: Pick<ModelCall, 'messages' | 'toolUse'>): string {
  const texts = messages.map(({ content, name = '', tool_calls }) => name + content + writtenCalls(tool_calls));
  return [...texts, ...(toolUse ? [JSON.stringify(toolUse.tools)] : [])].join('\n');
}

/** Longer than what Llama's template says before the tools. https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/prompt_format.md */
const toolRules =
  'Environment: ipython. Given the following functions, please respond with a JSON for a function call with its proper arguments that best answers the given prompt. Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}. Do not use variables. You have access to the following functions. To call a function, please respond with JSON for a function call.\n';

/** Tools with the rules of calling them, laid out as Llama's template does; empty where none are offered. */
export function toolText(toolUse: ToolUse | undefined): string {
  return toolUse ? toolRules + JSON.stringify(toolUse.tools, null, 4) : '';
}
