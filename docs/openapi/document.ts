/** The OpenAPI document: the table of operations, the schemas that validate, and the closed table of errors. */
import { readFileSync } from 'node:fs';
import { type ErrorCode, errorKinds } from '../../src/errors.ts';
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import { prepareTools } from '../../src/reflection/tools.ts';
import type { TrainingKind } from '../../src/training/training-rows.ts';
import { examples } from './examples.ts';
import { type Access, type Answer, type Operation, operations, type QueryParameter } from './operations.ts';
import { componentSchemas, type JsonSchema } from './schemas.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

const description = `An API that takes a second look before it answers: draft, check, gate, critique, confirm, revise, accept. The draft is kept unless there is
evidence that the revision is better.

Every refusal has one body, \`Problem\`: RFC 9457's members, OpenAI's \`error\`, and for a 400 each wrong field. In bodies null counts as not given. The routes under
\`/channels\` are called by Slack and Discord, which sign their requests, and are not described here.`;

const trainingKinds: readonly TrainingKind[] = ['sft', 'dpo', 'reflection-tuning'];

/** Refusals that every operation of an access may give, besides its own. */
const always: Readonly<Record<Access, readonly ErrorCode[]>> = {
  reflect: ['invalid_api_key', 'missing_scope', 'rate_limited', 'upstream_busy'],
  read: ['invalid_api_key', 'missing_scope', 'rate_limited', 'upstream_busy'],
  export: ['invalid_api_key', 'missing_scope', 'rate_limited', 'upstream_busy'],
  admin: ['invalid_api_key', 'upstream_busy'],
  anyone: [],
};
const ofBodies: readonly ErrorCode[] = ['invalid_request', 'body_too_large', 'unsupported_media_type'];

export async function openApiDocument(): Promise<JsonSchema> {
  await Promise.all([prepareChecks([{ type: 'words' }]), prepareTools()]);
  const byPath = Map.groupBy(operations, ({ path }) => path);
  const paths = Object.fromEntries(
    Array.from(byPath, ([path, each]) => [
      path,
      Object.fromEntries(each.map((operation) => [operation.method, operationObject(operation)])),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'edge-reflection', version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: '/' }],
    tags: ['Reflections', 'OpenAI', 'Account', 'Keys', 'Service'].map((name) => ({ name })),
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key, `er_live_…`, with the scope that is named.' },
        adminToken: { type: 'http', scheme: 'bearer', description: 'The operator’s `ADMIN_TOKEN`.' },
      },
    },
  };
}

function operationObject(operation: Operation): JsonSchema {
  const { id, tag, summary, description: told, access, body, query = [], headers = [] } = operation;
  const scope = access === 'admin' || access === 'anyone' ? '' : `Needs the scope \`${access}\`.`;
  const example = examples[id];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...((told || scope) && { description: [told, scope].filter(Boolean).join(' ') }),
    security: access === 'anyone' ? [] : [{ [access === 'admin' ? 'adminToken' : 'apiKey']: [] }],
    parameters: [
      ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name)),
      ...query.map((each) => parameter(each, 'query')),
      ...headers.map((each) => parameter(each, 'header')),
    ],
    ...(body && {
      requestBody: {
        required: !body.isOptional,
        content: {
          'application/json': {
            schema: { $ref: `#/components/schemas/${body.schema}` },
            ...(example !== undefined && { example }),
          },
        },
      },
    }),
    responses: { ...answersOf(operation), ...refusalsOf(operation) },
  };
}

function pathParameter(name: string): JsonSchema {
  const schema = name === 'kind' ? { type: 'string', enum: trainingKinds } : { type: 'string', minLength: 1 };
  return { name, in: 'path', required: true, schema };
}

function parameter({ name, schema, description: told }: QueryParameter, place: 'query' | 'header'): JsonSchema {
  return { name, in: place, required: false, description: told, schema };
}

function answersOf({ answers }: Operation): Record<string, JsonSchema> {
  return Object.fromEntries(answers.map((answer) => [answer.status, answerObject(answer)]));
}

function answerObject({ description: told, content }: Answer): JsonSchema {
  const media = Object.entries(content).map(([type, schema]) => [
    type,
    { schema: typeof schema === 'string' ? { $ref: `#/components/schemas/${schema}` } : schema },
  ]);
  return {
    description: told,
    headers: { 'X-Request-Id': { description: 'The id of the request.', schema: { type: 'string' } } },
    content: Object.fromEntries(media),
  };
}

/** One answer a status, with the codes that have it. */
function refusalsOf({ access, body, refusals }: Operation): Record<string, JsonSchema> {
  const codes = [...new Set([...always[access], ...(body ? ofBodies : []), ...refusals])];
  const byStatus = Map.groupBy(codes, (code) => errorKinds[code].status);
  return Object.fromEntries(
    Array.from(byStatus, ([status, each]) => [
      status,
      {
        description: each.map((code) => `\`${code}\`: ${errorKinds[code].title}`).join('. '),
        ...(each.some((code) => errorKinds[code].retryable) && {
          headers: { 'Retry-After': { description: 'Seconds, where known.', schema: { type: 'integer' } } },
        }),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
