/** Key administration over the real objects: calls between them, and what each keeps through a crash. */
import { abortAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { createKeyCodec } from '../../../src/accounts/api-key.ts';
import { durableKeyAdministration } from '../../../src/accounts/durable-key-administration.ts';
import type { RandomBytes } from '../../../src/accounts/ids.ts';
import { anyWish, describeKeyAdministration, shownOf } from '../../contracts/key-administration.ts';

const randomBytes: RandomBytes = (count) => crypto.getRandomValues(new Uint8Array(count));

const keys = durableKeyAdministration({
  accounts: env.ACCOUNTS,
  directory: env.KEY_DIRECTORY,
  codec: createKeyCodec({ tagSecrets: ['a tag secret for tests'], mode: 'live', randomBytes }),
  randomBytes,
});

describeKeyAdministration('key administration over Durable Objects', () => keys, randomBytes);

test('keys, their limits and their order are there after every object was lost', async () => {
  const first = shownOf(await keys.create({ ...anyWish, limits: { daily_usd: 2 } }));
  const second = shownOf(await keys.create({ ...anyWish, name: 'team-b' }));
  await abortAllDurableObjects();
  expect(await keys.read(first.id)).toEqual(first);
  expect((await keys.list(null, 2)).keys).toEqual([second, first]);
});

test('keys made at the same time are all on the list', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => keys.create(anyWish)));
  const page = await keys.list(null, 20);
  expect(new Set(page.keys.map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
});
