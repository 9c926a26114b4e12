/** The JSON Schemas of the OpenAPI document: made from the zod schemas that validate, with the rules that zod holds in code and JSON Schema can say. */
import * as z from 'zod/mini';
import { chatBody } from '../../src/http/openai/chat-body.ts';
import { chatParameters, type Parameter, responseParameters } from '../../src/http/openai/parameters.ts';
import { responseBody } from '../../src/http/openai/response-body.ts';
import { problemBody } from '../../src/http/problem.ts';
import { reflectionRecord } from '../../src/http/reflection-record.ts';
import { feedbackAnswer, feedbackBody } from '../../src/http/routes/feedback.ts';
import { health } from '../../src/http/routes/health.ts';
import { deletedKey, keyBodies, keyPage, newKey, rotation, shownKey } from '../../src/http/routes/keys.ts';
import { model, modelList } from '../../src/http/routes/models.ts';
import { deletedReflection } from '../../src/http/routes/run.ts';
import { reflectionPage } from '../../src/http/routes/stored.ts';
import { usageAnswer } from '../../src/http/routes/usage.ts';
import { reflectionBody } from '../../src/reflection/request.ts';
import { chatCompletionAnswer, deletedResponse, responseAnswer } from './openai-answers.ts';

export type JsonSchema = { [member: string]: unknown };

const keys = keyBodies(Date.now);

/** What a caller sends. */
const sent = {
  ReflectionRequest: reflectionBody,
  FeedbackRequest: feedbackBody,
  KeyRequest: keys.creation,
  KeyChange: keys.change,
  KeyRotation: rotation,
  ChatCompletionRequest: chatBody,
  ResponseRequest: responseBody,
} as const satisfies Record<string, z.ZodMiniType>;

/** What a caller gets. */
const answered = {
  Reflection: reflectionRecord,
  ReflectionList: reflectionPage,
  DeletedReflection: deletedReflection,
  Feedback: feedbackAnswer,
  Usage: usageAnswer,
  Model: model,
  ModelList: modelList,
  Health: health,
  Key: shownKey,
  NewKey: newKey,
  KeyList: keyPage,
  DeletedKey: deletedKey,
  ChatCompletion: chatCompletionAnswer,
  Response: responseAnswer,
  DeletedResponse: deletedResponse,
  Problem: problemBody,
} as const satisfies Record<string, z.ZodMiniType>;

export type SchemaName = keyof typeof sent | keyof typeof answered;

/** Everything under `components.schemas`. The checks' code must be prepared. */
export function componentSchemas(): Record<SchemaName, JsonSchema> {
  const ofSent = (name: keyof typeof sent): JsonSchema => jsonSchema(name, sent[name], 'input');
  const native = ofSent('ReflectionRequest');
  return {
    ReflectionRequest: reflectionRequest(native),
    FeedbackRequest: withNulls(ofSent('FeedbackRequest')),
    KeyRequest: keyRequest(ofSent('KeyRequest')),
    KeyChange: keyRequest(ofSent('KeyChange')),
    KeyRotation: withNulls(ofSent('KeyRotation')),
    ChatCompletionRequest: openAiRequest(ofSent('ChatCompletionRequest'), native, chatParameters),
    ResponseRequest: openAiRequest(ofSent('ResponseRequest'), native, responseParameters),
    ...answeredSchemas(),
  };
}

function answeredSchemas(): Record<keyof typeof answered, JsonSchema> {
  const schemas = Object.entries(answered).map(([name, schema]) => [name, jsonSchema(name, schema, 'output')]);
  return Object.fromEntries(schemas);
}

function jsonSchema(name: string, schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  // Within the document a schema's own definitions stand below its name.
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', `"#/components/schemas/${name}/$defs/`));
}

const notBlank = { pattern: '\\S' };

/** The rules of the native body that its zod schema holds in code. */
function reflectionRequest(native: JsonSchema): JsonSchema {
  const properties = nativeProperties(native);
  const { input, messages, ...optional } = properties;
  return {
    ...native,
    properties: { input, messages, ...eachOrNull(optional) },
    oneOf: [{ required: ['input'] }, { required: ['messages'] }],
  };
}

function nativeProperties(native: JsonSchema): Record<string, JsonSchema> {
  const properties = propertiesOf(native);
  const prose = { ...properties['input'], ...notBlank };
  return {
    ...properties,
    input: prose,
    instructions: prose,
    webhook: { ...properties['webhook'], pattern: '^https?://' },
    budget: withNulls(properties['budget'] ?? {}),
    cache: withNulls(properties['cache'] ?? {}),
    metadata: {
      type: 'object',
      default: {},
      maxProperties: 16,
      propertyNames: { maxLength: 64, not: { const: '__proto__' } },
      additionalProperties: { type: 'string', maxLength: 512 },
    },
  };
}

/** An OpenAI request: its own fields, those that go on to the native body with that body's schemas, and the values that change nothing. */
function openAiRequest(
  own: JsonSchema,
  native: JsonSchema,
  parameters: Readonly<Record<string, Parameter>>,
): JsonSchema {
  const natives = nativeProperties(native);
  const properties = propertiesOf(own);
  const { input: _, messages, stream: __, background: ___, tier: ____, ...mayAsk } = natives;
  const passedOn: Record<string, JsonSchema | undefined> = {
    ...natives,
    max_tokens: natives['max_output_tokens'],
    max_completion_tokens: natives['max_output_tokens'],
    messages,
    x_reflection: {
      type: 'object',
      description: 'Any field of the native API that the request does not say itself, and `early_draft`.',
      properties: { early_draft: { type: 'boolean', default: false }, ...eachOrNull(mayAsk) },
      additionalProperties: false,
    },
  };
  const described = Object.entries(parameters).flatMap(([name, parameter]): [string, JsonSchema][] => {
    if (parameter.treatment === 'refused') return [];
    const schema = { ...(properties[name] ?? {}), ...(name === 'input' || name === 'stream' ? {} : passedOn[name]) };
    return [[name, { description: parameter.how, ...schema }]];
  });
  const required = own['required'];
  return {
    ...own,
    properties: Object.fromEntries(
      described.map(([name, schema]) => [
        name,
        Array.isArray(required) && required.includes(name) ? schema : orNull(schema),
      ]),
    ),
  };
}

function keyRequest(schema: JsonSchema): JsonSchema {
  const properties = propertiesOf(schema);
  return {
    ...schema,
    properties: {
      ...eachOrNull(properties),
      ...(Array.isArray(schema['required']) && { name: { ...properties['name'], ...notBlank } }),
      ...(properties['limits'] && { limits: orNull(withNulls(properties['limits'])) }),
    },
  };
}

function propertiesOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties ?? {}));
}

/** Official clients send null for what their caller left open, so it counts as not given. */
function withNulls(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: eachOrNull(propertiesOf(schema)) };
}

function eachOrNull(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orNull(schema)]));
}

function orNull({ description, default: usual, ...schema }: JsonSchema): JsonSchema {
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [schema, { type: 'null' }],
  };
}
