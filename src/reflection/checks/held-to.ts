/** What an answer is held to: what the caller declared, and the sources where there are any. */
import type { Source } from './check.ts';
import type { ClaimKind } from './sources/found-claims.ts';

interface SourcesCheck {
  readonly type: 'sources';
  readonly id: string;
  readonly kinds: ClaimKind[];
}

/** The check that a request with sources gets by default. */
export const ofSources: SourcesCheck = {
  type: 'sources',
  id: 'sources',
  kinds: ['numbers', 'names', 'urls', 'quotations'],
};

/** The declared checks, and after them one on the sources where there are any and the caller declared none on them. */
export function heldTo<Check extends { readonly type: string }>(
  declared: readonly Check[],
  sources: readonly Source[],
): readonly (Check | SourcesCheck)[] {
  const isEnough = sources.length === 0 || declared.some(({ type }) => type === 'sources');
  return isEnough ? declared : [...declared, ofSources];
}
