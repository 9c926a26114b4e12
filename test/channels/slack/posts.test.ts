/** How a stream of a run is known again in its thread. */
import { describe, expect, test } from 'vitest';
import { hasTaskOf } from '../../../src/channels/slack/posts.ts';

const run = 'refl_1';
const update = { type: 'task_update', id: 'refl_1:draft', title: 'Draft', status: 'pending' };
const card = { type: 'task_card', task_id: 'refl_1:draft', title: 'Draft', status: 'pending' };

describe('a message in which a task of the run is named', () => {
  test.each([
    ['in a plan', { blocks: [{ type: 'plan', title: 'Waiting', tasks: [card] }] }],
    ['by itself', { blocks: [card] }],
    ['among the chunks that were streamed', { chunks: [update] }],
    ['in an attachment', { attachments: [{ blocks: [card] }] }],
  ])('%s is its stream', (_, part) => {
    expect(hasTaskOf({ ts: '1.1', text: '', ...part }, run)).toBe(true);
  });

  test.each([
    ['with metadata, so it has ended', { blocks: [card], metadata: { event_type: 'reflection', event_payload: {} } }],
    ['of another run', { blocks: [{ ...card, task_id: 'refl_2:draft' }] }],
    ['of a run whose id goes on', { blocks: [{ ...card, task_id: 'refl_12:draft' }] }],
    ['as words that somebody wrote', { text: 'What is refl_1:draft?' }],
    ['as the value of a button alone', { blocks: [{ type: 'actions', elements: [{ value: 'up:refl_1' }] }] }],
  ])('%s is not', (_, part) => {
    expect(hasTaskOf({ ts: '1.1', text: '', ...part }, run)).toBe(false);
  });
});
