/** With which tier and strategy a run was started, as its events say: a record that is not stored does not. */
import type { AccountId } from '../../accounts/accounts.ts';
import type { TierName } from '../../reflection/request.ts';
import type { StrategyName } from '../../reflection/strategies.ts';
import type { Runs } from '../../runs/runs.ts';
import { eventFeed } from './event-feed.ts';

export interface RunStart {
  readonly tier: TierName;
  readonly strategy: StrategyName;
}

/** Undefined where there is no such run, or it ended before it began. */
export async function runStart(
  runs: Pick<Runs, 'follow'>,
  account: AccountId,
  id: string,
): Promise<RunStart | undefined> {
  const bytes = await runs.follow(account, id, 0);
  if (!(bytes instanceof ReadableStream)) return undefined;
  let found: RunStart | undefined;
  const feed = eventFeed((event) => {
    if (event.type === 'run.started') found = { tier: event.tier, strategy: event.strategy };
  });
  const reader = bytes.getReader();
  try {
    for (let read = await reader.read(); !read.done && !found; read = await reader.read()) feed(read.value);
    return found;
  } finally {
    await reader.cancel();
  }
}
