/** The mock upstream seen from the harness: started, told how to behave, asked what it saw. */
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { MockCalls, MockSettings } from './mock-settings.ts';
import { startProgram } from './processes.ts';

export interface Upstream {
  readonly address: string;
  behave(settings: MockSettings): Promise<void>;
  calls(): Promise<MockCalls>;
  stop(): Promise<void>;
}

const mockCalls = z.object({ calls: z.number(), streamed: z.number() });

export async function startUpstream(port: number): Promise<Upstream> {
  const address = `http://127.0.0.1:${port}`;
  const program = await startProgram({
    name: 'the mock upstream',
    command: process.execPath,
    words: [fileURLToPath(new URL('mock.ts', import.meta.url)), String(port)],
    readyUrl: `${address}/health`,
  });
  return {
    address,
    stop: program.stop,
    async behave(settings) {
      await tell(`${address}/settings`, settings);
    },
    async calls() {
      const response = await tell(`${address}/calls`, {});
      return mockCalls.parse(await response.json());
    },
  };
}

async function tell(url: string, value: unknown): Promise<Response> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(value) });
  if (!response.ok) throw new Error(`The mock upstream answered ${response.status}.`);
  return response;
}
