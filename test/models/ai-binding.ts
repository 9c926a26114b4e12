/** A stand-in for the `AI` binding that behaves as it is told, with the binding's own shapes of results and errors. */

import type { AiBinding } from '../../src/models/workers-ai.ts';
import type { Behaviour } from '../contracts/model.ts';
import { bodyOf } from './calls.ts';
import { nativeEvents, openAiEvents } from './dialects.ts';

export interface AiDouble extends AiBinding {
  asked(): number;
  closed(): number;
}

const errors: Partial<Record<Behaviour['type'], readonly [code: number, status: number, description: string]>> = {
  'is busy': [3040, 429, 'Capacity temporarily exceeded, please try again.'],
  'has no quota left': [3036, 429, 'you have used up your daily free allocation of 10,000 neurons'],
  'says the prompt is too long': [
    5021,
    400,
    'The estimated number of input and maximum output tokens exceeded this model context window limit',
  ],
};

/**
 * `thrown`: errors are thrown as the binding does without `returnRawResponse`, else they are responses.
 * Streams are deaf to the signal on purpose: only cancelling them closes them.
 */
export function createAiDouble(behaviours: readonly Behaviour[], form: 'native' | 'openai', thrown: boolean): AiDouble {
  let asked = 0;
  let closed = 0;
  const close = (): void => {
    closed += 1;
  };
  const encoder = new TextEncoder();

  function failure(code: number, status: number, description: string): Response {
    if (thrown) throw Object.assign(new Error(`${code}: ${description}`), { name: 'AiError' });
    return Response.json(
      { internalCode: code, name: 'AiError', message: `AiError: ${description}`, description },
      { status },
    );
  }

  function answer(behaviour: Behaviour, signal: AbortSignal): Response | Promise<Response> {
    const error = errors[behaviour.type];
    if (error) return failure(...error);
    switch (behaviour.type) {
      case 'never responds':
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            close();
            reject(signal.reason);
          });
        });
      case 'refuses the request':
        return failure(5004, 400, `Invalid data: ${behaviour.quoting}`);
      case 'answers':
      case 'cut off':
      case 'falls silent': {
        const events = form === 'native' ? nativeEvents(behaviour) : openAiEvents(behaviour);
        const pieces = events.map((event) => encoder.encode(event));
        return new Response(bodyOf(pieces, behaviour.type === 'falls silent' ? 'stay' : 'close', close));
      }
      default:
        return new Response('data: {"response": "It\n\n');
    }
  }

  return {
    asked: () => asked,
    closed: () => closed,
    async run(_model, _inputs, { signal }) {
      const behaviour = behaviours[asked];
      asked += 1;
      if (!behaviour || !(signal instanceof AbortSignal)) throw new Error('Not expected to be asked.');
      return answer(behaviour, signal);
    },
  };
}
