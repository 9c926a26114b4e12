/** Receivers of notices: they take them, refuse them for a while or for good, or cannot be reached. */
import type { Chance } from './chance.ts';
import type { ObjectInstance } from './object-instance.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

interface ReceiverOptions {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly story: Story;
  readonly witness: Witness;
  readonly failures: number;
}

/** `fetch` as it is from an object. */
export function receiverSeenFrom(instance: ObjectInstance, options: ReceiverOptions) {
  const { timeline, chance, story, witness, failures } = options;
  const receive = async (init: RequestInit): Promise<Response> => {
    await timeline.sleep(chance.integer(5, 50));
    const isReached = !chance.happens(failures);
    const status = isReached ? 204 : chance.pick([500, 503, 301, 410, 0]);
    if (status === 0) throw new TypeError('fetch failed');
    witness.notified(new Headers(init.headers).get('webhook-id'), String(init.body), status);
    if (status === 204) story.count('notice delivered');
    else if (status === 410) story.count('notice refused for good');
    await timeline.sleep(chance.integer(5, 50));
    return new Response(null, { status, ...(status === 503 ? { headers: { 'retry-after': '7' } } : {}) });
  };
  return async (_: string, init: RequestInit): Promise<Response> => {
    await instance.confirmed();
    return instance.held(receive(init));
  };
}
