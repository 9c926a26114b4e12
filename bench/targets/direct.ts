/** The upstream itself: what every target is compared with. */
import { chatBody, type Target } from './target.ts';

export function directTarget(address: string): Target {
  const url = `${address}/v1/chat/completions`;
  return {
    name: 'direct',
    address,
    program: undefined,
    blocking: { url, headers: {}, body: chatBody(false) },
    streaming: { url, headers: {}, body: chatBody(true) },
    stop: () => Promise.resolve(),
  };
}
