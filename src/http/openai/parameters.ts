/** What becomes of the parameters that OpenAI documents: each is honoured, has one value that changes nothing, or is refused by name. Never dropped silently. */
import type { FieldProblem } from '../../errors.ts';

export type Parameter =
  /** Used as OpenAI says, or as `how` says. */
  | { readonly treatment: 'honoured'; readonly how: string }
  /** Taken where it has one of these values, which ask for what is done anyway; any other is refused. */
  | { readonly treatment: 'neutral'; readonly values: readonly unknown[]; readonly how: string }
  | { readonly treatment: 'refused'; readonly how: string };

const honoured = (how: string): Parameter => ({ treatment: 'honoured', how });
const refused = (how: string): Parameter => ({ treatment: 'refused', how });
const neutral = (values: readonly unknown[], how: string): Parameter => ({ treatment: 'neutral', values, how });

/** `POST /v1/chat/completions`. https://platform.openai.com/docs/api-reference/chat/create */
export const chatParameters = {
  model: honoured('`reflect-<tier>` or `reflect-<tier>:<strategy>`'),
  messages: honoured('in their order; text only'),
  temperature: honoured('as it is'),
  top_p: honoured('as it is'),
  seed: honoured('as it is; with it an answer may come from the cache'),
  stop: honoured('up to 4 sequences'),
  max_completion_tokens: honoured('the cap of the answer'),
  max_tokens: honoured('the same as `max_completion_tokens`'),
  stream: honoured('server-sent events, ended by `[DONE]`'),
  stream_options: honoured('`include_usage`'),
  response_format: honoured('becomes a check: `json_object` is `json`, `json_schema` is `json_schema`'),
  metadata: honoured('kept in the record'),
  store: honoured('keeps the reflection for 30 days, listed and exported'),
  user: honoured('kept in the record as `metadata.user`'),
  safety_identifier: honoured('kept in the record as `metadata.safety_identifier`'),
  x_reflection: honoured('any field of the native API, and `early_draft`'),
  n: neutral([1], 'there is one choice'),
  logprobs: neutral([false], 'there are no log probabilities'),
  top_logprobs: neutral([0], 'there are no log probabilities'),
  frequency_penalty: neutral([0], 'not every model has it'),
  presence_penalty: neutral([0], 'not every model has it'),
  logit_bias: neutral([{}], 'not every model has it'),
  modalities: neutral([['text']], 'there is text only'),
  service_tier: neutral(['auto', 'default'], 'there is one level of service; `model` names the tier'),
  verbosity: neutral(['medium'], 'say in the request how long the answer should be, or declare a check'),
  tools: honoured('functions, in one plain call: without a strategy in `model` it is `direct`, and others refuse them'),
  tool_choice: honoured('as it is'),
  parallel_tool_calls: honoured('as it is'),
  functions: neutral([[]], 'give `tools`'),
  function_call: neutral(['none', 'auto'], 'give `tools`'),
  audio: refused('there is text only'),
  moderation: refused('nothing is moderated here'),
  prediction: refused('there is no predicted output'),
  prompt_cache_key: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  prompt_cache_options: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  prompt_cache_retention: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  reasoning_effort: refused('name a strategy: `reflect-<tier>:<strategy>`'),
  web_search_options: refused('nothing is searched; give `x_reflection.sources`'),
} as const satisfies Record<string, Parameter>;

/** `POST /v1/responses`. https://platform.openai.com/docs/api-reference/responses/create */
export const responseParameters = {
  model: honoured('`reflect-<tier>` or `reflect-<tier>:<strategy>`'),
  input: honoured('a text, or messages in their order; text only. Reasoning of earlier responses is left out'),
  instructions: honoured('as it is'),
  temperature: honoured('as it is'),
  top_p: honoured('as it is'),
  max_output_tokens: honoured('the cap of the answer'),
  stream: honoured('server-sent events with the full sequence of their types'),
  background: honoured('the run goes on by itself; read it by its id'),
  store: honoured('keeps the reflection for 30 days, listed and exported. Otherwise it is readable for 24 hours'),
  metadata: honoured('kept in the record'),
  text: honoured('`format` becomes a check: `json_object` is `json`, `json_schema` is `json_schema`'),
  user: honoured('kept in the record as `metadata.user`'),
  safety_identifier: honoured('kept in the record as `metadata.safety_identifier`'),
  x_reflection: honoured('any field of the native API, and `early_draft`'),
  include: neutral([[]], 'there is nothing more to include'),
  parallel_tool_calls: neutral([true, false], 'there are no tools'),
  service_tier: neutral(['auto', 'default'], 'there is one level of service; `model` names the tier'),
  stream_options: neutral([{}, { include_obfuscation: false }], 'nothing is obfuscated'),
  tool_choice: neutral(['none', 'auto'], 'there are no tools'),
  tools: neutral([[]], 'there are no tools'),
  top_logprobs: neutral([0], 'there are no log probabilities'),
  truncation: neutral(['disabled'], 'nothing is left out of a conversation that is too long'),
  access_programs: refused('there are none'),
  background_options: refused('there are none'),
  context_management: refused('nothing is left out of a conversation'),
  conversation: refused('conversations are not kept; send the whole `input`'),
  image: refused('there is text only'),
  max_tool_calls: refused('there are no tools'),
  moderation: refused('nothing is moderated here'),
  previous_response_id: refused('conversations are not kept; send the whole `input`'),
  prompt: refused('there are no stored prompts'),
  prompt_cache_key: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  prompt_cache_options: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  prompt_cache_retention: refused('answers are cached by the whole request; see `x_reflection.cache`'),
  reasoning: neutral([{}], 'name a strategy: `reflect-<tier>:<strategy>`'),
} as const satisfies Record<string, Parameter>;

/** The given parameters that are refused, or whose value is. Null counts as not given. */
export function refusedParameters(
  body: Readonly<Record<string, unknown>>,
  parameters: Readonly<Record<string, Parameter>>,
): FieldProblem[] {
  return Object.entries(body).flatMap(([field, value]) => {
    const parameter = Object.hasOwn(parameters, field) ? parameters[field] : undefined;
    if (parameter === undefined || value === null || parameter.treatment === 'honoured') return [];
    if (parameter.treatment === 'neutral' && parameter.values.some((each) => isSame(each, value))) return [];
    const what = parameter.treatment === 'neutral' ? 'this value is not supported' : 'not supported';
    return [{ field, message: `${what}: ${parameter.how}` }];
  });
}

/** The values of the table hold no more than one member, so their order says nothing. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
