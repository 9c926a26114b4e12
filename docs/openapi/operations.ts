/** Every operation of the API, as data: what it takes, what it answers, and which codes it refuses with. */
import type { ErrorCode } from '../../src/errors.ts';
import type { JsonSchema, SchemaName } from './schemas.ts';

export type Access = 'reflect' | 'read' | 'export' | 'admin' | 'anyone';

export interface QueryParameter {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly description: string;
}

export interface Answer {
  readonly status: 200 | 201 | 202;
  readonly description: string;
  /** By media type: the name of a schema, or what stands in place of one. */
  readonly content: Readonly<Record<string, SchemaName | JsonSchema>>;
}

export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  readonly path: string;
  readonly tag: 'Reflections' | 'OpenAI' | 'Account' | 'Keys' | 'Service';
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly query?: readonly QueryParameter[];
  readonly headers?: readonly QueryParameter[];
  readonly body?: { readonly schema: SchemaName; readonly isOptional?: boolean };
  readonly answers: readonly Answer[];
  /** Beside those that every operation of its access has. */
  readonly refusals: readonly ErrorCode[];
}

const json = (schema: SchemaName) => ({ 'application/json': schema });
/** OpenAPI 3.1 has no words for the events of a stream. */
const eventStream = { 'text/event-stream': {} } as const;

const limit: QueryParameter = {
  name: 'limit',
  schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  description: 'The size of the page.',
};
const after: QueryParameter = {
  name: 'after',
  schema: { type: 'string' },
  description: 'The `last_id` of the page before.',
};

const idempotencyKey: QueryParameter = {
  name: 'Idempotency-Key',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  description: 'A request with the same key and body joins or replays the first one.',
};

/** What a request that starts a run may be refused with. */
const starting = [
  'invalid_request',
  'unsupported_parameter',
  'tier_policy',
  'context_length_exceeded',
  'request_exceeds_limit',
  'idempotency_mismatch',
  'budget_exhausted',
  'upstream_quota',
  'upstream_failed',
  'upstream_busy',
  'only_if_cached_miss',
  'deadline',
] as const satisfies readonly ErrorCode[];

const day = (name: string, description: string): QueryParameter => ({
  name,
  schema: { type: 'string', format: 'date', pattern: '^[2-9]\\d{3}-' },
  description,
});

export const operations: readonly Operation[] = [
  {
    id: 'createReflection',
    method: 'post',
    path: '/v1/reflections',
    tag: 'Reflections',
    summary: 'Answer a request, with a second look',
    description:
      'Waits for the answer, streams its events (`stream`), or leaves it in the background (`background`). The last message is the user’s. A background run is not streamed. A check needs at least one of its bounds, and their order must make sense.',
    access: 'reflect',
    headers: [idempotencyKey],
    body: { schema: 'ReflectionRequest' },
    answers: [
      { status: 200, description: 'The record, or its events.', content: { ...json('Reflection'), ...eventStream } },
      { status: 202, description: 'It runs in the background; `Location` says where.', content: json('Reflection') },
    ],
    refusals: [...starting],
  },
  {
    id: 'listReflections',
    method: 'get',
    path: '/v1/reflections',
    tag: 'Reflections',
    summary: 'List stored reflections, newest first',
    access: 'read',
    query: [after, limit],
    answers: [{ status: 200, description: 'A page.', content: json('ReflectionList') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'getReflection',
    method: 'get',
    path: '/v1/reflections/{id}',
    tag: 'Reflections',
    summary: 'Read the record so far',
    access: 'read',
    answers: [{ status: 200, description: 'The record.', content: json('Reflection') }],
    refusals: ['not_found'],
  },
  {
    id: 'deleteReflection',
    method: 'delete',
    path: '/v1/reflections/{id}',
    tag: 'Reflections',
    summary: 'Delete a run, its log and its cache entry',
    access: 'reflect',
    answers: [{ status: 200, description: 'It is gone.', content: json('DeletedReflection') }],
    refusals: ['not_found', 'upstream_busy'],
  },
  {
    id: 'followReflection',
    method: 'get',
    path: '/v1/reflections/{id}/events',
    tag: 'Reflections',
    summary: 'Replay the events of a run, then follow it',
    access: 'read',
    query: [
      {
        name: 'starting_after',
        schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
        description: 'The number of the last event that was seen.',
      },
    ],
    headers: [
      {
        name: 'Last-Event-ID',
        schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
        description: 'The same, as browsers send it; it wins.',
      },
    ],
    answers: [{ status: 200, description: 'Server-sent events.', content: eventStream }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'cancelReflection',
    method: 'post',
    path: '/v1/reflections/{id}/cancel',
    tag: 'Reflections',
    summary: 'Stop a run and its cost',
    access: 'reflect',
    answers: [{ status: 200, description: 'The record as it ended.', content: json('Reflection') }],
    refusals: ['invalid_request', 'not_found', 'body_too_large', 'unsupported_media_type'],
  },
  {
    id: 'rateReflection',
    method: 'post',
    path: '/v1/reflections/{id}/feedback',
    tag: 'Reflections',
    summary: 'Say what you think of an answer',
    access: 'reflect',
    body: { schema: 'FeedbackRequest' },
    answers: [{ status: 200, description: 'What is kept.', content: json('Feedback') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'getFeedback',
    method: 'get',
    path: '/v1/reflections/{id}/feedback',
    tag: 'Reflections',
    summary: 'Read what was said of an answer',
    access: 'read',
    answers: [{ status: 200, description: 'What is kept.', content: json('Feedback') }],
    refusals: ['not_found'],
  },
  {
    id: 'createChatCompletion',
    method: 'post',
    path: '/v1/chat/completions',
    tag: 'OpenAI',
    summary: 'The same in the shape of OpenAI’s chat completions',
    description: 'What is not listed here is refused by name. The last message is the user’s.',
    access: 'reflect',
    headers: [idempotencyKey],
    body: { schema: 'ChatCompletionRequest' },
    answers: [
      {
        status: 200,
        description: 'The completion, or its chunks.',
        content: { ...json('ChatCompletion'), ...eventStream },
      },
    ],
    refusals: [...starting, 'not_found'],
  },
  {
    id: 'createResponse',
    method: 'post',
    path: '/v1/responses',
    tag: 'OpenAI',
    summary: 'The same in the shape of OpenAI’s responses',
    description: 'What is not listed here is refused by name. The last message of the input is the user’s.',
    access: 'reflect',
    headers: [idempotencyKey],
    body: { schema: 'ResponseRequest' },
    answers: [
      { status: 200, description: 'The response, or its events.', content: { ...json('Response'), ...eventStream } },
    ],
    refusals: [...starting, 'not_found'],
  },
  {
    id: 'getResponse',
    method: 'get',
    path: '/v1/responses/{id}',
    tag: 'OpenAI',
    summary: 'Read a run as a response',
    access: 'read',
    query: [
      { name: 'stream', schema: { type: 'boolean', default: false }, description: 'Whether to follow its events.' },
      {
        name: 'starting_after',
        schema: { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
        description: 'The number of the last event that was seen.',
      },
    ],
    answers: [
      { status: 200, description: 'The response, or its events.', content: { ...json('Response'), ...eventStream } },
    ],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'deleteResponse',
    method: 'delete',
    path: '/v1/responses/{id}',
    tag: 'OpenAI',
    summary: 'Delete the run of a response',
    access: 'reflect',
    answers: [{ status: 200, description: 'It is gone.', content: json('DeletedResponse') }],
    refusals: ['not_found', 'upstream_busy'],
  },
  {
    id: 'cancelResponse',
    method: 'post',
    path: '/v1/responses/{id}/cancel',
    tag: 'OpenAI',
    summary: 'Stop the run of a response',
    access: 'reflect',
    answers: [{ status: 200, description: 'The response as it ended.', content: json('Response') }],
    refusals: ['invalid_request', 'not_found', 'body_too_large', 'unsupported_media_type'],
  },
  {
    id: 'listModels',
    method: 'get',
    path: '/v1/models',
    tag: 'OpenAI',
    summary: 'List the tiers as models',
    access: 'read',
    answers: [{ status: 200, description: 'All of them.', content: json('ModelList') }],
    refusals: [],
  },
  {
    id: 'getModel',
    method: 'get',
    path: '/v1/models/{id}',
    tag: 'OpenAI',
    summary: 'Read a model by its id',
    access: 'read',
    answers: [{ status: 200, description: 'The model.', content: json('Model') }],
    refusals: ['not_found'],
  },
  {
    id: 'getUsage',
    method: 'get',
    path: '/v1/usage',
    tag: 'Account',
    summary: 'Usage by day, model and decision',
    access: 'read',
    query: [
      day('from', 'The first UTC day.'),
      day('to', 'The last UTC day.'),
      { name: 'key', schema: { type: 'string', pattern: '^key_[A-Za-z0-9_-]{32}$' }, description: 'Of one key.' },
      {
        name: 'account',
        schema: { type: 'string', pattern: '^acct_[A-Za-z0-9_-]{21}[AQgw]$' },
        description: 'With the admin token: whose.',
      },
    ],
    answers: [{ status: 200, description: 'Days and totals.', content: json('Usage') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'exportTrainingData',
    method: 'get',
    path: '/v1/exports/{kind}',
    tag: 'Account',
    summary: 'Stored, verified reflections as training data',
    access: 'export',
    query: [
      {
        ...after,
        schema: { type: 'string', pattern: '^[^.]*$' },
        description: 'What `X-Next-After` gave, or the id of a run.',
      },
      limit,
    ],
    answers: [
      {
        status: 200,
        description: 'JSON Lines; `X-Next-After` says where the next page begins.',
        content: { 'application/x-ndjson': { type: 'string' } },
      },
    ],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'createKey',
    method: 'post',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'Make a key',
    access: 'admin',
    body: { schema: 'KeyRequest' },
    answers: [{ status: 201, description: 'The key; its secrets are shown this once.', content: json('NewKey') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'listKeys',
    method: 'get',
    path: '/v1/keys',
    tag: 'Keys',
    summary: 'List the keys',
    access: 'admin',
    query: [after, limit],
    answers: [{ status: 200, description: 'A page.', content: json('KeyList') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'getKey',
    method: 'get',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Read a key',
    access: 'admin',
    answers: [{ status: 200, description: 'The key.', content: json('Key') }],
    refusals: ['not_found'],
  },
  {
    id: 'changeKey',
    method: 'patch',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Change a key or its account’s limits',
    access: 'admin',
    body: { schema: 'KeyChange' },
    answers: [{ status: 200, description: 'The key as it is now.', content: json('Key') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'revokeKey',
    method: 'delete',
    path: '/v1/keys/{id}',
    tag: 'Keys',
    summary: 'Revoke a key',
    access: 'admin',
    answers: [{ status: 200, description: 'It is revoked.', content: json('DeletedKey') }],
    refusals: ['not_found'],
  },
  {
    id: 'rotateKey',
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    tag: 'Keys',
    summary: 'Give a key a new secret',
    access: 'admin',
    body: { schema: 'KeyRotation', isOptional: true },
    answers: [{ status: 200, description: 'The key; its new secrets are shown this once.', content: json('NewKey') }],
    refusals: ['invalid_request', 'not_found'],
  },
  {
    id: 'getHealth',
    method: 'get',
    path: '/health',
    tag: 'Service',
    summary: 'The status of every model',
    access: 'anyone',
    answers: [{ status: 200, description: 'The status.', content: json('Health') }],
    refusals: [],
  },
];
