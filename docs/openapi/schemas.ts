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
import { toolChoice } from '../../src/reflection/tool-fields.ts';
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

export type SchemaName = 'Check' | keyof typeof sent | keyof typeof answered;

/** Everything under `components.schemas`. The code of checks and tools must be prepared. */
export function componentSchemas(): Record<SchemaName, JsonSchema> {
  const ofSent = (name: keyof typeof sent): JsonSchema => jsonSchema(name, sent[name], 'input');
  const native = ofSent('ReflectionRequest');
  return {
    ReflectionRequest: reflectionRequest(native),
    Check: checkSchema(native),
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
  return {
    ...native,
    properties: eachOrNull(properties, []),
    oneOf: [onlyOf('input', 'string', 'messages'), onlyOf('messages', 'array', 'input')],
  };
}

/** One field is given, and the other is not or is null. */
function onlyOf(given: string, type: string, other: string): JsonSchema {
  return { required: [given], properties: { [given]: { type }, [other]: { type: 'null' } } };
}

function nativeProperties(native: JsonSchema): Record<string, JsonSchema> {
  const properties = propertiesOf(native);
  const prose = { ...properties['input'], ...notBlank };
  return {
    ...properties,
    input: prose,
    instructions: prose,
    messages: messagesSchema(properties['messages'] ?? {}),
    tools: toolsSchema(properties['tools'] ?? {}),
    tool_choice: jsonSchema('ReflectionRequest', toolChoice, 'input'),
    sources: sourcesSchema(properties['sources'] ?? {}),
    checks: { ...properties['checks'], items: { $ref: '#/components/schemas/Check' } },
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

/** A declared check, by its type. */
function checkSchema(native: JsonSchema): JsonSchema {
  const { items } = propertiesOf(native)['checks'] ?? {};
  const { oneOf } = recordOf(items);
  if (!Array.isArray(oneOf)) throw new Error('The checks are one of several types.');
  return { oneOf: oneOf.map((each) => oneCheck(recordOf(each))), discriminator: { propertyName: 'type' } };
}

/** Texts that may be of blanks alone. */
const mayBeBlank = ['id', 'type', 'prompt', 'pattern', 'flags'];

function oneCheck(schema: JsonSchema): JsonSchema {
  const properties = Object.fromEntries(
    Object.entries(propertiesOf(schema)).map(([name, each]) => [
      name,
      name === 'letter'
        ? { ...each, minLength: 1, maxLength: 1 }
        : mayBeBlank.includes(name)
          ? each
          : withoutBlanks(each),
    ]),
  );
  const isBounded = ['min', 'max', 'exactly'].every((name) => name in properties);
  return { ...withNulls({ ...schema, properties }), ...(isBounded && { anyOf: bounds }) };
}

const isInteger = { type: 'integer' };
const isNull = { type: 'null' };

/** Either `exactly`, or one of the others or both. */
const bounds: readonly JsonSchema[] = [
  { required: ['exactly'], properties: { exactly: isInteger, min: isNull, max: isNull } },
  { required: ['min'], properties: { min: isInteger, exactly: isNull } },
  { required: ['max'], properties: { max: isInteger, exactly: isNull } },
];

function withoutBlanks(schema: JsonSchema): JsonSchema {
  if (schema['type'] === 'string' && schema['enum'] === undefined && schema['const'] === undefined)
    return { ...notBlank, ...schema };
  return schema['type'] === 'array' ? { ...schema, items: withoutBlanks(recordOf(schema['items'])) } : schema;
}

/** What somebody says is not blank; of its parts, one at least is not. An assistant that calls tools may say nothing, and a tool may find nothing. */
function messagesSchema(messages: JsonSchema): JsonSchema {
  const { oneOf } = recordOf(messages['items']);
  if (!Array.isArray(oneOf)) throw new Error('The messages are one of several kinds.');
  const [asking = {}, assistant = {}, toolResult = {}] = oneOf.map(recordOf);
  const content = saidContent(propertiesOf(asking)['content'] ?? {});
  const { tool_calls, ...spoken } = propertiesOf(assistant);
  const kinds = [
    { ...asking, properties: { ...propertiesOf(asking), content } },
    { ...assistant, properties: { ...spoken, content }, required: ['role', 'content'] },
    { ...assistant, properties: { ...spoken, tool_calls }, required: ['role', 'tool_calls'] },
    toolResult,
  ];
  return { ...messages, items: { anyOf: kinds } };
}

/** Parameters are a schema of any members. */
function toolsSchema(tools: JsonSchema): JsonSchema {
  const items = recordOf(tools['items']);
  const { function: each = {}, ...rest } = propertiesOf(items);
  const parameters = { anyOf: [{ type: 'object' }, { type: 'null' }] };
  const described = { ...each, properties: { ...propertiesOf(each), parameters } };
  return { ...tools, items: { ...items, properties: { ...rest, function: described } } };
}

function saidContent({ anyOf }: JsonSchema): JsonSchema {
  const [text, parts] = Array.isArray(anyOf) ? anyOf.map(recordOf) : [];
  const notBlankPart = { properties: { text: notBlank } };
  return {
    anyOf: [
      { ...text, ...notBlank },
      { ...parts, contains: notBlankPart },
    ],
  };
}

function sourcesSchema(sources: JsonSchema): JsonSchema {
  const items = recordOf(sources['items']);
  const { text, ...properties } = propertiesOf(items);
  return { ...sources, items: { ...items, properties: { ...properties, text: { ...text, ...notBlank } } } };
}

/** An OpenAI request: its own fields, those that go on to the native body with that body's schemas, and the values that change nothing. */
function openAiRequest(
  own: JsonSchema,
  native: JsonSchema,
  parameters: Readonly<Record<string, Parameter>>,
): JsonSchema {
  const natives = nativeProperties(native);
  const properties = propertiesOf(own);
  const { input: _, messages, stream: __, background: ___, tier: ____, ...rest } = natives;
  const { tools: _____, tool_choice: ______, parallel_tool_calls: _______, ...mayAsk } = rest;
  const passedOn: Record<string, JsonSchema | undefined> = {
    ...natives,
    max_tokens: natives['max_output_tokens'],
    max_completion_tokens: natives['max_output_tokens'],
    messages,
    tools: { ...natives['tools'], minItems: 0 },
    x_reflection: {
      type: 'object',
      description: 'Any field of the native API that the request does not say itself, and `early_draft`.',
      properties: { early_draft: { type: 'boolean', default: false }, ...eachOrNull(mayAsk, []) },
      additionalProperties: false,
    },
  };
  const described = Object.entries(parameters).flatMap(([name, parameter]): [string, JsonSchema][] => {
    if (parameter.treatment === 'refused') return [];
    if (name === 'input') return [[name, { description: parameter.how, ...responseInput }]];
    if (parameter.treatment === 'neutral') return [[name, { description: parameter.how, enum: parameter.values }]];
    const schema = { ...(properties[name] ?? {}), ...(name === 'stream' ? {} : passedOn[name]) };
    return [[name, { description: parameter.how, ...schema }]];
  });
  return { ...own, properties: eachOrNull(Object.fromEntries(described), requiredOf(own)) };
}

/** Texts and messages, as they are asked and as they were answered. */
const responseInput: JsonSchema = {
  anyOf: [
    { type: 'string', ...notBlank },
    {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      items: {
        type: 'object',
        properties: {
          type: { const: 'message' },
          role: { enum: ['system', 'developer', 'user', 'assistant'] },
          content: {
            anyOf: [
              { type: 'string', ...notBlank },
              {
                type: 'array',
                minItems: 1,
                maxItems: 64,
                items: {
                  type: 'object',
                  properties: { type: { enum: ['input_text', 'output_text'] }, text: { type: 'string', ...notBlank } },
                  required: ['type', 'text'],
                },
              },
            ],
          },
        },
        required: ['role', 'content'],
        additionalProperties: false,
      },
    },
  ],
};

function keyRequest(schema: JsonSchema): JsonSchema {
  const { name, limits, scopes, ...properties } = propertiesOf(schema);
  const printed = { not: { pattern: '[\\u0000-\\u001f\\u007f-\\u009f]' } };
  return withNulls({
    ...schema,
    properties: {
      ...(name && { name: { ...name, ...notBlank, ...printed } }),
      ...properties,
      ...(scopes && { scopes: { ...scopes, uniqueItems: true } }),
      ...(limits && { limits: withNulls(limits) }),
    },
  });
}

function propertiesOf({ properties }: JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties ?? {}));
}

function recordOf(value: unknown): JsonSchema {
  return Object.fromEntries(Object.entries(Object(value)));
}

/** Official clients send null for what their caller left open, so it counts as not given. */
function withNulls(schema: JsonSchema): JsonSchema {
  return { ...schema, properties: eachOrNull(propertiesOf(schema), requiredOf(schema)) };
}

function eachOrNull(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly unknown[],
): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, required.includes(name) ? schema : orNull(schema)]),
  );
}

function requiredOf({ required }: JsonSchema): readonly unknown[] {
  return Array.isArray(required) ? required : [];
}

function orNull({ description, default: usual, ...schema }: JsonSchema): JsonSchema {
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [schema, { type: 'null' }],
  };
}
