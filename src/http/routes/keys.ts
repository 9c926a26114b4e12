/** `/v1/keys`: creates, shows, changes, rotates and revokes API keys. Needs the admin token. */

import * as z from 'zod/mini';
import { type Limits, scopes } from '../../accounts/accounts.ts';
import { isAccountId } from '../../accounts/ids.ts';
import type { KeyAdministration, KeyRecord, NewKey } from '../../accounts/key-administration.ts';
import { AppError } from '../../errors.ts';
import { isRecord } from '../../reflection/is-record.ts';
import { parseFields, withoutNullFields } from '../../reflection/request.ts';
import { Hono } from '../hono.ts';
import type { HttpEnv } from '../http-env.ts';
import { readJson, readOptionalJson } from '../json-body.ts';
import { listPage, pageOf, pageQuery } from '../page.ts';
import { readQuery } from '../query.ts';

const count = (most: number) => z.int().check(z.gte(1), z.lte(most));

const wantedLimits = z.strictObject({
  requests_per_minute: z.exactOptional(count(1_000_000)),
  tokens_per_minute: z.exactOptional(count(1_000_000_000)),
  concurrent_runs: z.exactOptional(count(10_000)),
  daily_usd: z.exactOptional(z.number().check(z.gte(0), z.lte(1_000_000))),
  refused_per_minute: z.exactOptional(count(1_000_000)),
} satisfies Record<keyof Limits, z.ZodMiniType>);

const name = z.string().check(
  z.minLength(1),
  z.maxLength(64),
  z.refine((text) => text === '' || text.trim() !== '', 'expected a name that is not blank'),
  z.refine(
    (text) => text.trim() === '' || (text.isWellFormed() && !/\p{Cc}/u.test(text)),
    'expected a name without control characters',
  ),
);

const scopeList = z.array(z.enum(scopes)).check(
  z.minLength(1),
  z.maxLength(scopes.length),
  z.refine((list) => new Set(list).size === list.length, 'expected each scope once'),
);

/** The end of the year 9999, in epoch seconds. */
const lastSecond = 253_402_300_799;

/** The schemas of the bodies; `now` in epoch milliseconds. */
export function keyBodies(now: () => number) {
  const expiresAt = z.int().check(
    z.lte(lastSecond),
    z.refine((seconds) => seconds * 1_000 > now(), 'expected a moment to come, in epoch seconds'),
  );
  return {
    /** Of `POST /v1/keys`. */
    creation: z.strictObject({
      name,
      account: z._default(z.nullable(z.string()), null),
      scopes: z._default(scopeList, ['reflect', 'read']),
      limits: z._default(wantedLimits, {}),
      expires_at: z._default(z.nullable(expiresAt), null),
    }),
    /** Of `PATCH /v1/keys/{id}`. */
    change: z.strictObject({
      name: z.exactOptional(name),
      scopes: z.exactOptional(scopeList),
      limits: z.exactOptional(wantedLimits),
      expires_at: z.exactOptional(z.nullable(expiresAt)),
    }),
  };
}

/** Of `POST /v1/keys/{id}/rotate`. */
export const rotation = z.strictObject({
  grace_period_s: z._default(z.int().check(z.gte(0), z.lte(604_800)), 86_400),
});

const seconds = z.int().check(z.nonnegative());

/** A key as it is shown. The limits are its account's. */
export const shownKey = z.strictObject({
  object: z.literal('key'),
  id: z.string(),
  account: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  limits: z.strictObject({
    requests_per_minute: z.int(),
    tokens_per_minute: z.int(),
    concurrent_runs: z.int(),
    daily_usd: z.number(),
    refused_per_minute: z.int(),
  }),
  created_at: seconds,
  expires_at: z.nullable(seconds),
  last4: z.string(),
});

/** A key in the only answer that contains its secrets. */
export const newKey = z.extend(shownKey, { key: z.string(), webhook_secret: z.string() });

export const keyPage = pageOf(shownKey);

export const deletedKey = z.strictObject({
  id: z.string(),
  object: z.literal('key.deleted'),
  deleted: z.literal(true),
});

interface KeyPorts {
  readonly keys: KeyAdministration;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function keyRoutes({ keys, now }: KeyPorts): Hono<HttpEnv> {
  const { creation, change } = keyBodies(now);
  return new Hono<HttpEnv>()
    .post('/v1/keys', async (context) => {
      const body = withoutNulls(await readJson(context.req.raw), creation.shape);
      const { account, expires_at, ...wish } = parseFields(creation, body);
      if (account !== null && !isAccountId(account)) throw new AppError('not_found', 'There is no such account.');
      const made = await keys.create({ ...wish, account, expiresAt: inMilliseconds(expires_at) });
      return context.json(describeNew(made), 201, { location: `/v1/keys/${made.id}` });
    })
    .get('/v1/keys', async (context) => {
      const { after, limit } = readQuery(context, pageQuery);
      const page = await keys.list(after, limit);
      const ids = page.keys.map(({ id }) => id);
      return context.json(listPage(page.keys.map(describe), ids, page.hasMore) satisfies z.output<typeof keyPage>);
    })
    .get('/v1/keys/:id', async (context) => {
      const id = context.req.param('id');
      return context.json(describe((await keys.read(id)) ?? notFound(id)));
    })
    .patch('/v1/keys/:id', async (context) => {
      const id = context.req.param('id');
      // Here null is a value of `expires_at`: the key never expires.
      const { expires_at: _, ...optional } = change.shape;
      const body = withoutNulls(await readJson(context.req.raw), optional);
      const { expires_at, ...changes } = parseFields(change, body);
      const expiry = expires_at === undefined ? {} : { expiresAt: inMilliseconds(expires_at) };
      return context.json(describe((await keys.change(id, { ...changes, ...expiry })) ?? notFound(id)));
    })
    .delete('/v1/keys/:id', async (context) => {
      const id = context.req.param('id');
      if (!(await keys.revoke(id))) notFound(id);
      return context.json({ id, object: 'key.deleted', deleted: true } satisfies z.output<typeof deletedKey>);
    })
    .post('/v1/keys/:id/rotate', async (context) => {
      const id = context.req.param('id');
      const body = withoutNulls(await readOptionalJson(context.req.raw), rotation.shape);
      const { grace_period_s } = parseFields(rotation, body);
      return context.json(describeNew((await keys.rotate(id, grace_period_s * 1_000)) ?? notFound(id)));
    });
}

/** The body without the known fields, and the limits, that are null. They count as omitted. */
function withoutNulls(body: unknown, known: object): unknown {
  const given = withoutNullFields(body, known);
  if (!isRecord(given)) return given;
  const { limits } = given;
  return isRecord(limits) ? { ...given, limits: withoutNullFields(limits, wantedLimits.shape) } : given;
}

function inMilliseconds(epochSeconds: number | null): number | null {
  return epochSeconds === null ? null : epochSeconds * 1_000;
}

function describe({
  id,
  account,
  name,
  scopes,
  limits,
  createdAt,
  expiresAt,
  last4,
}: KeyRecord): z.output<typeof shownKey> {
  return {
    object: 'key',
    id,
    account,
    name,
    scopes: [...scopes],
    limits: { ...limits },
    created_at: Math.floor(createdAt / 1_000),
    expires_at: expiresAt === null ? null : Math.floor(expiresAt / 1_000),
    last4,
  };
}

function describeNew(made: NewKey): z.output<typeof newKey> {
  return { ...describe(made), key: made.secret, webhook_secret: made.webhookSecret };
}

function notFound(id: string): never {
  throw new AppError('not_found', `There is no key ${JSON.stringify(id.slice(0, 80))}.`);
}
