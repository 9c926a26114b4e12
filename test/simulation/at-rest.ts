/** What is held against the rows of each account when all has come to rest. */
import type { UsageReport } from '../../src/accounts/accounts.ts';
import { type LeaseEnd, type LedgerPass, nanodollarsOf } from '../../src/accounts/lease.ts';
import { errorKinds } from '../../src/errors.ts';
import type { RestingAccount } from './account-place.ts';
import type { AccountBook, Report, RunBook } from './books.ts';
import { retention } from './hosted-services.ts';

/** An alarm that fails is tried again within minutes. */
const overdueMs = 10 * 60_000;
/** A plain run is stored so soon after its end, also where storage refused for a while. */
const storedLateMs = 120_000;
/** What is told may be under way for so long. */
const toldLateMs = 20_000;
/** Far more than are due in a world. */
const mostAlarms = 200;

/** What the witness has seen by then. */
interface Seen {
  readonly runs: ReadonlyMap<string, RunBook>;
  readonly unstored: ReadonlyMap<string, RunBook>;
  readonly unbegun: ReadonlySet<string>;
  readonly accounts: ReadonlyMap<string, AccountBook>;
  readonly report: Report;
}

/** When all has come to rest, as each account's rows have it. */
export function holdAtRest(seen: Seen, told: ReadonlyMap<string, RestingAccount>): void {
  for (const run of seen.runs.values()) closeRun(seen, run);
  for (const run of seen.unstored.values()) holdForgotten(seen, run);
  for (const account of seen.accounts.values()) {
    const own = told.get(account.id);
    closeAccount(seen, account, own?.usage);
    if (own) compareRows(seen, account, own);
    const kept = [...account.entries.values()].filter(({ lease }) => lease.stored && !account.forgotten.has(lease.run));
    const listed = kept.map(({ lease }) => lease.run).reverse();
    if (JSON.stringify(own?.listed) !== JSON.stringify(listed)) {
      seen.report('the list holds what was to be stored', `${account.id}: ${own?.listed}, not ${listed}`);
    }
    const left = own?.listed.filter((run) => account.unlisted.has(run)) ?? [];
    if (left.length > 0) seen.report('what was deleted is not listed', `${account.id}: ${left}`);
  }
}

/** What was to be removed is removed. */
export function holdLongAfter(seen: Seen, told: ReadonlyMap<string, RestingAccount>): void {
  for (const account of seen.accounts.values()) {
    const own = told.get(account.id);
    if (own) compareRows(seen, account, own);
  }
}

function closeRun(seen: Seen, book: RunBook): void {
  const { id, log, record, passes } = book;
  if (!record) seen.report('every started run ends', `${id} stands at ${log.at(-1)?.type}`);
  if (book.answer !== undefined && book.answer !== JSON.stringify(record)) {
    seen.report('who waited is given the record', id);
  }
  for (const [number, told] of book.told) {
    const stored = JSON.stringify(log[number - 1]);
    if (stored !== told && !book.mayHaveBeenTold(JSON.parse(told)))
      seen.report('a number means one event', `${id}: told ${told}, stored ${stored}`);
  }
  const charged = passes.filter((pass) => pass.charged).map((pass) => pass.id);
  if (new Set(charged).size < charged.length) seen.report('no pass is charged twice', `${id}: ${charged.join(', ')}`);
  const attempts = passes.map((pass) => `${pass.id} ${pass.attempt}`);
  if (new Set(attempts).size < attempts.length) {
    seen.report('an attempt stands once in the ledger', `${id}: ${attempts.join(', ')}`);
  }
  if (record && JSON.stringify(record.usage.passes) !== JSON.stringify(passes)) {
    seen.report('the record holds the log’s passes', id);
  }
}

/** Only a loss forgets a run, and only one that came soon after somebody was told of it last. */
function holdForgotten(seen: Seen, { id, account, seenAt }: RunBook): void {
  const { losses = [] } = seen.accounts.get(account) ?? {};
  if (!losses.some((lostAt) => lostAt >= seenAt - toldLateMs && lostAt <= seenAt + storedLateMs)) {
    seen.report('only what a loss took is forgotten', `${id}, seen last at ${seenAt}, lost at ${losses.join(', ')}`);
  }
}

function closeAccount(seen: Seen, book: AccountBook, usage: UsageReport | undefined): void {
  const sums = { tokens: 0, nanodollars: 0, calls: 0, runs: 0 };
  const keys = new Map<string, string>();
  for (const { lease, keys: ownKeys, end } of book.entries.values()) {
    if (!end) {
      seen.report('every lease ends', lease.run);
      continue;
    }
    compareLedger(seen, end);
    sums.tokens += end.used.tokens;
    sums.nanodollars += end.used.nanodollars;
    sums.calls += end.passes.length;
    sums.runs += 1;
    const run = seen.runs.get(lease.run);
    const error = run?.record?.error;
    // A run that failed for a reason that passes has lost its keys.
    if ((error && errorKinds[error.code].retryable) || run?.deletionBegan) continue;
    for (const key of ownKeys) {
      const other = keys.get(key);
      if (other !== undefined) seen.report('a keyed request never makes two runs', `${other} and ${lease.run}`);
      keys.set(key, lease.run);
    }
  }
  const told = toldBy(usage);
  if (JSON.stringify(told) !== JSON.stringify(sums)) {
    seen.report('usage is the sum of the runs', `${book.id}: told ${JSON.stringify(told)}, is ${JSON.stringify(sums)}`);
  }
}

/** The witness has seen what the rows hold, and whatever is still there will be seen to. */
function compareRows(seen: Seen, book: AccountBook, { leases, runs, alarms, now }: RestingAccount): void {
  if (alarms > mostAlarms) seen.report('nobody is woken again and again', `${book.id}: ${alarms} times`);
  const admitted = [...book.entries.values()].map(({ lease, end }) => ({ run: lease.run, isOpen: end === null }));
  if (JSON.stringify(leases) !== JSON.stringify(admitted)) {
    seen.report('the rows are what was committed', `${book.id}: ${JSON.stringify({ leases, admitted })}`);
  }
  const kept = [...seen.runs.values()].filter(({ account, removed }) => account === book.id && !removed);
  if (kept.length !== runs.length) {
    seen.report('the rows are what was committed', `${book.id}: ${runs.length} runs of ${kept.length}`);
  }
  for (const { run, endedAt, dueAt, events } of runs) {
    const { log, record } = seen.runs.get(run) ?? {};
    if (events !== log?.length || (endedAt !== null) !== (record !== undefined)) {
      seen.report('the rows are what was committed', `${run}: ${events} events of ${log?.length}`);
    }
    const removedAt = endedAt === null ? null : endedAt + retention.unstoredMs;
    const seenToAt = dueAt ?? removedAt;
    if (seenToAt !== null && seenToAt + overdueMs < now) {
      seen.report('what has ended is delivered and removed in time', `${run} was due ${now - seenToAt} ms ago`);
    }
  }
}

function compareLedger(seen: Seen, { run, status, passes: ledger, used }: LeaseEnd): void {
  if (seen.unbegun.has(run)) return;
  const { record } = seen.runs.get(run) ?? {};
  if (!record) {
    if (ledger.length > 0) seen.report('a settled ledger is the sum of its run’s passes', `${run} has no record`);
    return;
  }
  const inLedger = JSON.stringify(ledger.map(billOf));
  const inRecord = JSON.stringify(record.usage.passes.map(billOf));
  const { total_tokens } = record.usage;
  if (used.tokens !== total_tokens) {
    seen.report('a settled ledger is the sum of its run’s passes', `${run}: ${used.tokens} tokens for ${total_tokens}`);
  }
  if (inLedger !== inRecord || status !== record.status) {
    seen.report('a settled ledger is the sum of its run’s passes', `${run}: ${inLedger} for ${inRecord}`);
  }
}

function billOf({ id, attempt, model, input_tokens, output_tokens, cost_usd, charged }: LedgerPass) {
  return [id, attempt, model, input_tokens, output_tokens, cost_usd, charged];
}

function toldBy(usage: UsageReport | undefined) {
  const rows = usage?.rows ?? [];
  return {
    tokens: rows.reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0),
    nanodollars: rows.reduce((sum, row) => sum + nanodollarsOf(row.cost_usd), 0),
    calls: rows.reduce((sum, row) => sum + row.calls, 0),
    runs: (usage?.days ?? []).reduce((sum, { runs }) => sum + runs, 0),
  };
}
