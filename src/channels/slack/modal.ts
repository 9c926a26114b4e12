/** The view of "Show reflection". https://docs.slack.dev/reference/views/modal-views */
import type { ModalView } from 'slack-web-api-client';
import type { Reflection } from '../../reflection/record.ts';
import type { Document } from '../document.ts';
import { answerDocument, reflectionDocument } from '../findings.ts';
import { isCutShort } from './blocks.ts';
import { sectionBlock, sectionsOf } from './content.ts';

/** A view has room for 100. */
const mostBlocks = 98;

export function reflectionView(record: Reflection): ModalView {
  const whole: Document = isCutShort(record)
    ? [{ type: 'heading', depth: 2, children: [{ type: 'text', text: 'The whole answer' }] }, ...answerDocument(record)]
    : [];
  const sections = sectionsOf([...whole, ...reflectionDocument(record)]);
  const shown = sections.slice(0, mostBlocks);
  return {
    type: 'modal',
    title: { type: 'plain_text', text: 'Reflection' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [...shown.map(sectionBlock), ...(shown.length < sections.length ? [sectionBlock('…')] : [])],
  };
}
