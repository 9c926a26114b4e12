/** Long lists, page by page, in the shape in which OpenAI's clients read them. */
import * as z from 'zod/mini';

/** `?after=` the last id of the page before, and how many to a page. */
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

/** A page of such items. `last_id` is what the next page comes after. */
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

/** `ids`: all that are on the page, also those of which nothing can be shown any more, so that the next page is found. */
export function listPage<Item>(data: Item[], ids: readonly string[], hasMore: boolean): Page<Item> {
  return { object: 'list', data, first_id: ids[0] ?? null, last_id: ids.at(-1) ?? null, has_more: hasMore };
}
