/** Pages of long lists, in the shape of OpenAI's API. */
import * as z from 'zod/mini';

/** `?after=` is the last id of the previous page; `limit` is the page size. */
export const pageQuery = z.object({
  after: z._default(z.nullable(z.string()), null),
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^(?:[1-9]\d?|100)$/, 'expected a whole number from 1 to 100')),
      z.transform(Number),
    ),
    20,
  ),
});

/** The schema of a page. `last_id` is the `after` of the next page. */
export function pageOf<Item extends z.ZodMiniType>(item: Item) {
  return z.strictObject({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.nullable(z.string()),
    last_id: z.nullable(z.string()),
    has_more: z.boolean(),
  });
}

interface Page<Item> {
  readonly object: 'list';
  readonly data: Item[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

/** `ids`: all ids of the page, including those whose item no longer exists, so that the next page can be found. */
export function listPage<Item>(data: Item[], ids: readonly string[], hasMore: boolean): Page<Item> {
  return { object: 'list', data, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null, has_more: hasMore };
}
