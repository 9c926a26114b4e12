/** The KeyAdministration port over Durable Objects: what a key is stands in its account's object, that it exists also in the directory. */
import { AppError } from '../errors.ts';
import type { KeyId } from './accounts.ts';
import type { KeyCodec } from './api-key.ts';
import { accountOf, isAccountId, isKeyId, newAccountId, newKeyId, type RandomBytes } from './ids.ts';
import type { KeyAdministration, KeyPage, KeyRecord } from './key-administration.ts';
import type { DirectoryPage } from './key-directory.ts';
import type { StoredSecret } from './key-store.ts';
import type { RemoteKeyring } from './keyring.ts';
import { retryOnReset } from './retry-on-reset.ts';

/** What is called on the directory's object. */
export interface RemoteDirectory {
  add(id: KeyId): Promise<void>;
  remove(ids: readonly KeyId[]): Promise<void>;
  page(after: KeyId | null, limit: number): Promise<DirectoryPage | undefined>;
}

/** What is needed of a namespace whose objects are found by name. */
export interface NamedObjects<Stub> {
  getByName(name: string): Stub;
}

export interface KeyAdministrationTools {
  readonly accounts: NamedObjects<RemoteKeyring>;
  readonly directory: NamedObjects<RemoteDirectory>;
  readonly codec: KeyCodec;
  readonly randomBytes: RandomBytes;
}

/**
 * Whatever adds or takes away a key writes to two objects, and the second write may be lost. The account is always first, since it alone decides:
 * - A key whose line in the directory was lost is on no list; but then its making failed, and with it the only copy of the secret
 *   is gone: nobody can use it or knows its id. Asking again makes another key.
 * - A revoked key whose line stayed can do nothing. Revoking it again takes the line away, and so does the first list that meets it:
 *   a line is written after its key, so a line without one is always a leftover.
 */
export function durableKeyAdministration(tools: KeyAdministrationTools): KeyAdministration {
  const { accounts, codec, randomBytes } = tools;
  const askAccount = <Answer>(id: KeyId, question: (keyring: RemoteKeyring) => Promise<Answer>): Promise<Answer> =>
    retryOnReset(() => question(accounts.getByName(accountOf(id))), 'The account cannot be asked at the moment.');
  const askDirectory = <Answer>(question: (directory: RemoteDirectory) => Promise<Answer>): Promise<Answer> =>
    retryOnReset(() => question(tools.directory.getByName('directory')), 'The keys cannot be listed at the moment.');

  const makeSecret = async (id: KeyId): Promise<{ readonly text: string; readonly stored: StoredSecret }> => {
    const { text, hash, last4 } = codec.make(id);
    return { text, stored: { hash, last4, webhookSecret: newWebhookSecret(randomBytes) } };
  };
  const read = (id: KeyId): Promise<KeyRecord | undefined> => askAccount(id, (keyring) => keyring.readKey(id));

  return {
    async create({ account: joined, ...facts }) {
      if (joined !== null && !isAccountId(joined)) throw noSuchAccount();
      const id = newKeyId(joined ?? newAccountId(randomBytes), randomBytes);
      const secret = await makeSecret(id);
      const issue = { ...facts, id, secret: secret.stored, newAccount: joined === null };
      const record = await askAccount(id, (keyring) => keyring.issueKey(issue));
      if (!record) throw noSuchAccount();
      await askDirectory((directory) => directory.add(id));
      return { ...record, secret: secret.text, webhookSecret: secret.stored.webhookSecret };
    },

    list: (after, limit) => list(after, limit, askDirectory, read),

    read: async (id) => (isKeyId(id) ? read(id) : undefined),

    change: async (id, change) =>
      isKeyId(id) ? askAccount(id, (keyring) => keyring.changeKey(id, change)) : undefined,

    async rotate(id, graceMs) {
      if (!isKeyId(id)) return undefined;
      const secret = await makeSecret(id);
      const record = await askAccount(id, (keyring) => keyring.rotateKey(id, secret.stored, graceMs));
      return record && { ...record, secret: secret.text, webhookSecret: secret.stored.webhookSecret };
    },

    async revoke(id) {
      if (!isKeyId(id) || !(await askAccount(id, (keyring) => keyring.revokeKey(id)))) return false;
      await askDirectory((directory) => directory.remove([id]));
      return true;
    },
  };
}

/** Goes on past leftovers of revoked keys until the page is full, so that a page with more to come is never empty. */
async function list(
  after: string | null,
  limit: number,
  askDirectory: <Answer>(question: (directory: RemoteDirectory) => Promise<Answer>) => Promise<Answer>,
  read: (id: KeyId) => Promise<KeyRecord | undefined>,
): Promise<KeyPage> {
  if (after !== null && !isKeyId(after)) throw noSuchCursor();
  const keys: KeyRecord[] = [];
  let cursor = after;
  for (;;) {
    const room = limit - keys.length;
    const page = await askDirectory((directory) => directory.page(cursor, room));
    if (!page) throw noSuchCursor();
    const found = await Promise.all(page.ids.map(read));
    keys.push(...found.filter((record) => record !== undefined));
    const leftovers = page.ids.filter((_, index) => found[index] === undefined);
    if (leftovers.length === 0) return { keys, hasMore: page.hasMore };
    await askDirectory((directory) => directory.remove(leftovers));
    if (!page.hasMore) return { keys, hasMore: false };
    cursor = page.ids.at(-1) ?? null;
  }
}

/** 256 bits. https://www.standardwebhooks.com */
function newWebhookSecret(randomBytes: RandomBytes): string {
  return `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`;
}

function noSuchAccount(): AppError {
  return new AppError('not_found', 'There is no such account.');
}

function noSuchCursor(): AppError {
  return new AppError('not_found', 'There is no such key to go on after.');
}
