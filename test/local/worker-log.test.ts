/** What of Wrangler's words reaches the terminal. */
import { describe, expect, test } from 'vitest';
import { type LogWay, ownRequestId, WorkerLog } from '../../local/worker-log.ts';

const answered = {
  level: 'info',
  event: 'request.answered',
  request_id: 'req_1',
  method: 'POST',
  route: '/v1/reflections',
  path: '/v1/reflections',
  status: 200,
  code: null,
  decision: 'repaired_check',
  ms: 412,
};
const lost = { level: 'warn', event: 'model.attempt_lost', model: 'played', message: 'It could not be reached.' };
const failed = {
  level: 'error',
  event: 'request.failed',
  request_id: 'req_2',
  error: 'AppError',
  stack: ['at answer (index.js:1:2)', 'at next (index.js:3:4)'],
  cause: { error: 'TypeError', stack: [] },
};

function logged(way: Partial<LogWay> = {}) {
  const lines: string[] = [];
  const log = new WorkerLog(
    { format: 'text', quiet: false, ...way },
    { say: (line) => lines.push(line), warn: (line) => lines.push(`! ${line}`) },
  );
  return { log, lines };
}

describe('the Worker’s entries', () => {
  const all = [answered, lost, failed].map((entry) => JSON.stringify(entry));

  test('are a line a request, and every warning and error in words', () => {
    const { log, lines } = logged();
    for (const line of all) log.take(line, 'stdout');
    expect(lines).toEqual([
      'POST /v1/reflections 200 repaired_check 412 ms req_1',
      '! warning model.attempt_lost model=played message="It could not be reached."',
      '! error request.failed request_id=req_2 error=AppError at answer (index.js:1:2) cause.error=TypeError',
    ]);
  });

  test('name the error where there is no decision', () => {
    const { log, lines } = logged();
    log.take(JSON.stringify({ ...answered, status: 404, decision: null, code: 'not_found' }), 'stdout');
    log.take(JSON.stringify({ ...answered, method: 'GET', path: '/health', decision: null }), 'stdout');
    expect(lines).toEqual(['POST /v1/reflections 404 not_found 412 ms req_1', 'GET /health 200 412 ms req_1']);
  });

  test('are warnings and errors only where that is asked for', () => {
    const { log, lines } = logged({ quiet: true });
    for (const line of all) log.take(line, 'stdout');
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['warning', 'error']);
  });

  test('are given as they are where JSON is asked for, without the mark that Wrangler sets before an error', () => {
    const { log, lines } = logged({ format: 'json' });
    for (const line of all)
      log.take(`\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m ${line}`, 'stderr');
    expect(lines).toEqual(all);
  });

  test('leave out what the launcher asks itself, unless it fails', () => {
    const { log, lines } = logged();
    log.take(JSON.stringify({ ...answered, request_id: ownRequestId }), 'stdout');
    log.take(JSON.stringify({ ...failed, request_id: ownRequestId }), 'stdout');
    expect(lines).toEqual([expect.stringContaining('request.failed')]);
  });

  test('cannot move the cursor, and are no longer than a few lines', () => {
    const { log, lines } = logged();
    log.take(JSON.stringify({ ...lost, model: `\u001b[2J\u009b1A\r${'x'.repeat(5000)}` }), 'stdout');
    expect(lines[0]).not.toMatch(/\p{Cc}/u);
    expect(lines[0]?.length).toBeLessThan(600);
  });
});

describe('Wrangler’s own words', () => {
  test('are shown when they are an error of a Worker that serves', () => {
    const { log, lines } = logged();
    log.serving();
    for (const line of [
      '▲ [WARNING] Types are old',
      '',
      '✘ [ERROR] Build failed with 1 error:',
      '',
      '  src/index.ts:1:2',
    ]) {
      log.take(line, 'stderr');
    }
    log.take('[wrangler:info] GET /health 200 OK (1ms)', 'stdout');
    expect(lines).toEqual(['! ✘ [ERROR] Build failed with 1 error:', '!   src/index.ts:1:2']);
  });

  test('are kept for the reason of a failure while it starts', () => {
    const { log, lines } = logged();
    expect(log.take('✘ [ERROR] No such binding', 'stderr')).toBe(true);
    expect(log.take('Your Worker has access to the following bindings:', 'stdout')).toBe(false);
    expect(log.take('{"not":"an entry"}', 'stdout')).toBe(false);
    expect(lines).toEqual([]);
  });
});
