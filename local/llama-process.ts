/**
 * The process in which the local model runs: loads the file named on its command line, serves it on a free loopback port and tells its
 * parent where. A process of its own because llama.cpp ends the whole process when an assertion fails or memory runs out: the launcher
 * must outlive that, say so, and stop the Worker. It also keeps Ctrl-C prompt while a long prompt is being read.
 */
import type { AddressInfo } from 'node:net';
import { messageOf } from './launch-error.ts';
import { loadLlama } from './llama-generator.ts';
import type { LlamaReport } from './llama-report.ts';
import { createLlamaServer } from './llama-server.ts';

const [path = '', name = '', port = '0'] = process.argv.slice(2);

// The parent is gone, however it ended: so is the reason to run. Leaving at once is safe, as nothing is stored here.
process.on('disconnect', () => process.exit(0));
// The parent decides when to stop; a Ctrl-C in the terminal reaches this process too.
process.on('SIGINT', () => undefined);

function report(message: LlamaReport): void {
  if (process.send) process.send(message);
  else console.log(JSON.stringify(message));
}

try {
  const generator = await loadLlama(path, name);
  const server = createLlamaServer(generator);
  server.listen(Number(port), '127.0.0.1', () => {
    const { port: taken } = server.address() as AddressInfo;
    report({ type: 'ready', port: taken, contextTokens: generator.contextTokens });
  });
} catch (error) {
  report({ type: 'failed', message: messageOf(error) });
  process.exitCode = 1;
  process.disconnect?.();
}
