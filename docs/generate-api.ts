/**
 * Writes what `docs/api.md` says of the record and of the events: the meaning of every field, and examples from runs of the real engine over a
 * scripted model. Run by `npm run docs`; a test fails when the page is not what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { AppError } from '../src/errors.ts';
import { prepareChecks } from '../src/reflection/declared-checks.ts';
import { runErrorOf } from '../src/reflection/ending.ts';
import type { ReflectionEvent } from '../src/reflection/events.ts';
import { prepareModelJson } from '../src/reflection/model-json.ts';
import type { Reflection } from '../src/reflection/record.ts';
import { Recorder } from '../src/reflection/recorder.ts';
import { reflect } from '../src/reflection/reflect.ts';
import { request, tools } from '../test/support/reflections.ts';
import { type Scenario, scenarios } from '../test/support/scenarios.ts';
import { scriptedModel, virtualClock } from '../test/support/scripted-model.ts';

const page = new URL('api.md', import.meta.url);

const recordFields = {
  id: '`refl_…`: the address under which it is read, followed, cancelled, rated and deleted',
  object: '`reflection`',
  created_at: 'epoch seconds',
  status: '`queued` `running` `completed` `failed` `cancelled`',
  output: 'the answer. Empty until the run has ended',
  finish_reason:
    '`stop`, `tool_calls` where a tool was called, or `length` where the answer was cut; `null` unless the run has completed',
  tool_calls:
    'what the model called, in OpenAI’s shape, its `arguments` as it wrote them; left out where it called nothing',
  decision: 'why the answer is what it is, as the README lists them; `null` until then',
  exhausted:
    'what ran out, so that a pass that was wanted was not made: of the request’s budget `calls` `tokens` `money` `deadline`, or a limit of the account, `tokens_per_minute` `daily_usd`; else `null`',
  changed: 'whether the answer differs from the draft',
  degraded: 'a pass that was wanted and could not be had, as `{"pass", "code"}`; such an answer is never cached',
  small_judge: 'a model of the 8B class or below was allowed to judge',
  gate: 'what was decided after the draft: `action`, `score` (the estimated risk, 0 to 1), `signals` and `reasons`',
  passed: 'over `checks`: `false` when one fails, `true` when one passes and none fails, else `null`',
  checks:
    'of the final output: `id`, `type`, `origin` (`declared` `sources` `inferred`), `status` (`pass` `fail` `skipped`), `message`, `measured`, `expected`, and `span`, where in the output. One that was read from the request has `inferred`: the `span` of the last user message that states it, and the `confidence`, 0 to 1',
  rounds: 'what was found and what came of it, in order: `draft_checks`, `repairs`, `critique`, `revision`',
  draft: 'with `include`: the first draft',
  diff: 'with `include`: from the draft to the output, as a unified diff',
  trace: 'with `include`: the text of each pass, and what code mended in it',
  usage:
    'tokens and money, summed over what is `charged`, and each attempt of each pass: `model`, counts, `estimated` where no count of the provider could be believed, `ttft_ms`, `latency_ms`, `finish_reason` (`unknown` where the provider’s word is not known)',
  cache: '`status` (`miss` `hit` `bypass` `joined`) and `age_s`',
  timing: 'milliseconds: `total_ms`, `overhead_ms` (what no model call covers), `ttft_ms` (to the first token)',
  error: 'of a run that failed: `code`, `message`, and where they are known `fields` and `retry_after_s`',
  metadata: 'as it was given',
  tier: 'of a stored reflection that is read',
  strategy: 'of a stored reflection that is read',
  request: 'of a stored reflection that is read: the rest of what was asked',
} as const satisfies Record<keyof Reflection, string>;

const eventMeanings = {
  'run.queued': 'the run is accepted',
  'run.started': 'the engine begins',
  'pass.started': 'a model is asked',
  'pass.delta': 'text of a pass, applied as `text.slice(0, offset) + delta.text`',
  'pass.completed': 'a pass has ended, and what it used',
  'pass.failed': 'a pass could not be had; most can be done without',
  'pass.retried': 'an attempt was lost, with its `usage`, and the next one begins: its text starts anew',
  'check.completed': 'a check was run on the text `subject`',
  'gate.decided': 'what is done with the draft',
  'vote.completed': 'the answers of the samples, and the majority’s, if there is one',
  'critique.completed': 'what the critic found',
  'confirm.completed': 'whether an issue holds, asked without showing the draft',
  'edit.applied': 'a text `subject` was made of the text `base`, by `code`, a `repair` or a `revision`',
  'revision.accepted': 'the text replaces the one before it',
  'revision.rejected': 'the text does not, and why',
  'run.completed': 'the end, with the whole record',
  'run.failed': 'the end without an answer, with the record',
  'run.cancelled': 'the end that somebody asked for, with the record',
} as const satisfies Record<ReflectionEvent['type'], string>;

/** The page with its generated parts as they should be. */
export async function apiPage(): Promise<string> {
  await Promise.all([prepareChecks([{ type: 'words' }]), prepareModelJson()]);
  const parts = { record: await recordPart(), events: await eventsPart() };
  return Object.entries(parts).reduce(
    (text, [name, part]) => {
      const [open, close] = [`<!-- generated:${name} -->`, `<!-- /generated:${name} -->`];
      const start = text.indexOf(open);
      const end = text.indexOf(close, start);
      if (start < 0 || end < 0) throw new Error(`docs/api.md has no place for ${name}.`);
      return `${text.slice(0, start + open.length)}\n${part}\n${text.slice(end)}`;
    },
    readFileSync(page, 'utf8'),
  );
}

async function recordPart(): Promise<string> {
  const rows = Object.entries(recordFields).map(([field, meaning]) => `| \`${field}\` | ${meaning} |`);
  const include = ['draft', 'diff', 'trace'] as const;
  const { record } = await told({
    ...scenarios.repaired,
    body: { ...scenarios.repaired.body, include: [...include], metadata: { turn: '7' } },
  });
  return `| field | meaning |\n|---|---|\n${rows.join('\n')}\n\nFor example, of a draft that was too long and a repair that was taken:\n\n${block(record)}`;
}

async function eventsPart(): Promise<string> {
  const samples = new Map<string, ReflectionEvent>();
  const runs = [
    told(scenarios.revised),
    told(scenarios.returned, 4),
    ...Object.values(scenarios).map((each) => told(each)),
  ];
  for (const { log } of await Promise.all(runs)) {
    for (const event of log) if (!samples.has(event.type)) samples.set(event.type, event);
  }
  const rows = Object.entries(eventMeanings).map(([type, meaning]) => `| \`${type}\` | ${meaning} |`);
  const lines = Object.keys(eventMeanings).flatMap((type) => {
    const event = samples.get(type);
    return event ? JSON.stringify(shortened(event)) : [];
  });
  return `| event | meaning |\n|---|---|\n${rows.join('\n')}\n\nOne of each, from several runs; \`reflection\` is shortened here to its \`id\` and \`status\`:\n\n\`\`\`jsonl\n${lines.join('\n')}\n\`\`\``;
}

function shortened(event: ReflectionEvent): object {
  if (!('reflection' in event)) return event;
  const { id, status } = event.reflection;
  return { ...event, reflection: { id, status } };
}

/** A scenario's run from its first event to its last, by a clock that starts on a day in 2026; cancelled after `most` events. */
async function told({ body, script, tools: part }: Scenario, most = Number.POSITIVE_INFINITY): Promise<Recorded> {
  const clock = virtualClock(Date.UTC(2026, 10, 23, 10));
  const model = scriptedModel(script, { clock });
  const asked = request(body);
  const recorder = new Recorder('refl_0Q8vX3', clock.now);
  const log = [recorder.queued(asked.include, asked.metadata)];
  try {
    for await (const event of reflect(asked, tools(model, { ...part, now: clock.now, startedAt: clock.now() }))) {
      log.push(recorder.stamp(event));
      if (log.length < most) continue;
      log.push(recorder.end({ type: 'cancelled' }));
      break;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.push(recorder.end({ type: 'failed', error: runErrorOf(error) }));
  }
  return { log, record: recorder.record };
}

interface Recorded {
  readonly log: readonly ReflectionEvent[];
  readonly record: Reflection;
}

/** A member a line. */
function block(value: object): string {
  const members = Object.entries(value).map(([name, held]) => `  ${JSON.stringify(name)}: ${JSON.stringify(held)}`);
  return `\`\`\`json\n{\n${members.join(',\n')}\n}\n\`\`\``;
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, await apiPage());
