/** The measuring client: HTTP/1.1 with connections kept alive, times in milliseconds of the monotonic clock. */
import { Agent, type IncomingMessage, request } from 'node:http';

export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** From the request to the last byte. */
  readonly ms: number;
}

/** Given each piece of a body as it comes. */
export type OnText = (text: string, atMs: number) => void;

const answerLimitMs = 60_000;

export class Client {
  readonly #agent: Agent;

  constructor(connections = 512) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  }

  /** Throws when there is no answer; an answer of any status is one. */
  ask({ url, headers, body }: Question, onText?: OnText): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const asked = request(url, {
        method: 'POST',
        agent: this.#agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        timeout: answerLimitMs,
      });
      asked.on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error(`No answer from ${url} within ${answerLimitMs / 1000} s.`)));
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          text += piece;
          onText?.(piece, performance.now());
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            ms: performance.now() - startedAt,
          }),
        );
      });
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** The answer, once its status is the expected one; an Error with its body otherwise. */
export function expectStatus(answer: Answer, status: number, who: string): Answer {
  if (answer.status === status) return answer;
  throw new Error(`${who} answered ${answer.status} instead of ${status}: ${answer.text.slice(0, 500)}`);
}
