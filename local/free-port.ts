/** The port that the API will listen on: free now, or one clear line. */
import { createServer } from 'node:net';
import { LaunchError, systemCode } from './launch-error.ts';

/** Checks that `port` is free on loopback; 0 picks one. Throws a `LaunchError` otherwise. */
export async function findPort(port: number): Promise<number> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  } catch (error) {
    throw new LaunchError(adviceFor(port, systemCode(error)), { cause: error });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function adviceFor(port: number, code: string | undefined): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program: stop it, or choose another with --port (0 picks a free one).`;
  }
  if (code === 'EACCES') return `Port ${port} may not be used by you: choose one above 1023 with --port.`;
  return `Port ${port} cannot be used (${code ?? 'unknown reason'}): choose another with --port.`;
}
