/** What of a message can be clicked on, and what Slack tells of a click. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
import type { AnyBlock } from '@slack/types';
import { isFields } from './slack-blocks.ts';

type Element = Readonly<Record<string, unknown>>;

function elementsOf(blocks: readonly AnyBlock[]): readonly Element[] {
  return blocks.flatMap((block) => {
    const parts: readonly unknown[] = [
      ...('elements' in block && Array.isArray(block.elements) ? block.elements : []),
      ...('accessory' in block ? [block.accessory] : []),
    ];
    return parts.filter(isFields).map((part) => ({ ...part, block_id: block.block_id ?? 'of-slack' }));
  });
}

/** One of a payload's `actions`. Throws where the blocks show no such thing. */
export function clickOn(blocks: readonly AnyBlock[], actionId: string, rating?: 'positive' | 'negative'): Element {
  const element = elementsOf(blocks).find((candidate) => candidate['action_id'] === actionId);
  if (!element) throw new Error(`nothing called ${actionId} can be clicked on`);
  const { type, block_id } = element;
  if (type !== 'feedback_buttons') {
    const { text, value } = element;
    return { type, block_id, action_id: actionId, ...(value !== undefined && { text, value }) };
  }
  const button = element[`${rating ?? 'positive'}_button`];
  return {
    type,
    block_id,
    action_id: actionId,
    ...(isFields(button) && { text: button['text'], value: button['value'] }),
  };
}
