/** What a cancelled run keeps: the answer as far as it had come, and nothing that may not be shown. */
import { describe, expect, test } from 'vitest';
import { fold } from '../../src/reflection/fold.ts';
import { Recorder } from '../../src/reflection/recorder.ts';
import { reflect } from '../../src/reflection/reflect.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { max, round } from '../support/reflecting.ts';
import { critiqueText, nonce, request, smallRoster, tools } from '../support/reflections.ts';
import { doubtful, type Scenario, scenarios } from '../support/scenarios.ts';
import { type Script, scriptedModel } from '../support/scripted-model.ts';

/** Runs until this pass has said so much (a word a chunk), then cancels as a run does. */
async function cancelledIn(
  pass: string,
  said: string,
  body: Partial<ReflectionBody>,
  script: Script,
  part: Scenario['tools'] = {},
) {
  const model = scriptedModel(script, { chunkSize: 1 });
  const recorder = new Recorder('refl_test', () => 0);
  const log = [recorder.queued([], {})];
  let text = '';
  for await (const event of reflect(request(body), tools(model, part))) {
    log.push(recorder.stamp(event));
    if (event.type === 'pass.retried' && event.pass === pass) text = '';
    if (event.type === 'pass.delta' && event.pass === pass) text += event.text;
    if ('pass' in event && event.pass === pass && text === said) break;
    if (event.type === 'run.completed') throw new Error(`The run ended before ${pass} had said so much.`);
  }
  log.push(recorder.end({ type: 'cancelled' }));
  expect(fold(log)).toEqual(recorder.record);
  return recorder.record;
}

describe('a run cancelled', () => {
  test('within its draft keeps what was written', async () => {
    const record = await cancelledIn('draft', 'A plain an', {}, scenarios.returned.script);
    expect(record).toMatchObject({
      status: 'cancelled',
      output: 'A plain an',
      finish_reason: null,
      decision: null,
      changed: false,
      checks: [],
    });
  });

  test('before its first word has nothing to keep', async () => {
    expect((await cancelledIn('draft', '', {}, scenarios.returned.script)).output).toBe('');
  });

  test('within another attempt keeps nothing of the lost one', async () => {
    const { body, script } = scenarios.direct;
    expect(
      (await cancelledIn('draft', '', body, { draft: { ...script.draft, chunks: ['A plain answer.'] } })).output,
    ).toBe('');
    const lost = { draft: { ...script.draft, lost: [{ code: 'upstream_busy', text: 'Void' }] } } as const;
    const model = scriptedModel(lost, { chunkSize: 2 });
    const recorder = new Recorder('refl_test', () => 0);
    recorder.queued([], {});
    for await (const event of reflect(request(body), tools(model))) {
      recorder.stamp(event);
      if (event.type === 'pass.retried') break;
    }
    recorder.end({ type: 'cancelled' });
    expect(recorder.record.output).toBe('');
  });

  test('within its continuation keeps both parts', async () => {
    const { body, script } = scenarios.continued;
    expect((await cancelledIn('continuation', ' ans', body, script)).output).toBe('A plain ans');
  });

  /** As the service gives nonces. */
  const uuid = '3c9e01aa-52f1-4b8e-9d0f-6a7c1b2e4d58';

  test.each([
    ['cot', 'One and one', ''],
    ['cot', 'One and one.\n### Answer\nIt is', 'It is'],
    ['tags', '<thinking>1 + 1</thin', ''],
    ['tags', '<thinking>1 + 1</thinking><output>It is', 'It is'],
    ['selective', '<think>Well', ''],
    ['selective', '<think>Well</think>It is', 'It is'],
    ['selective', '<thinking>Well', ''],
    ['direct', `[source doc1 ${nonce}]\nIt is`, 'It is'],
    [
      'direct',
      `It is so [source doc1 ${uuid}] and\n[end of source doc1 ${uuid}]\nis`,
      'It is so [source doc1] and\nis',
    ],
    ['direct', `It is [see page two]\nand is`, 'It is [see page two]\nand is'],
  ] as const)('by %s at %j shows no thinking and no markers', async (strategy, said, output) => {
    const record = await cancelledIn('draft', said, { strategy }, { draft: `${said} two` });
    expect(record.output).toBe(output);
  });

  test('while the answer is asked for again keeps what there is of it', async () => {
    const { body, script } = scenarios.extracted;
    expect((await cancelledIn('extraction', '', body, script)).output).toBe('');
    expect((await cancelledIn('extraction', '2', body, script)).output).toBe('2');
  });

  test.each([
    ['critique-r1', {}, round],
    ['revision-r1', {}, round],
    ['judge-r1-ba', {}, round],
    ['draft-escalated', { tier: 'fast' }, { ...scenarios.escalated.script }],
  ] as const)('within %s keeps the draft', async (pass, body, script) => {
    const part = pass === 'draft-escalated' ? { roster: smallRoster } : {};
    const record = await cancelledIn(pass, '', body, script, part);
    expect(record).toMatchObject({ output: doubtful, changed: false });
  });

  test('after a revision was accepted keeps that, with its checks', async () => {
    const checks = [...max(4), { type: 'keywords' as const, keywords: ['END'] }];
    const script = {
      draft: 'This plain answer is far too long.',
      'repair-1': 'A plain answer.',
      'repair-2': 'A plain END',
    };
    const record = await cancelledIn('repair-2', 'A p', { checks }, script);
    expect(record).toMatchObject({
      output: 'A plain answer.',
      changed: true,
      checks: [{ status: 'pass' }, { status: 'fail' }],
    });
  });

  test('in a later round keeps what the rounds before had come to', async () => {
    const script = { draft: 'A plain answer.', critique: critiqueText('pass'), revision: 'A much nicer answer.' };
    const body = { strategy: 'always', max_rounds: 2 } as const;
    const record = await cancelledIn('critique-r2', '', body, script);
    expect(record).toMatchObject({ output: 'A much nicer answer.', changed: true });
  });
});
