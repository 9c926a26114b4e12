/** A GET that follows redirects, honours the machine's proxy settings and never waits for ever. */
import * as http from 'node:http';
import * as https from 'node:https';
import { FetchFailure } from './fetch-failure.ts';
import { messageOf } from './launch-error.ts';

const maximumRedirects = 5;

interface WebRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds of silence, while connecting or between two pieces, after which the connection is given up. */
  readonly silenceMs: number;
}

/**
 * Answers with the response, its body not yet read; the caller reads or destroys it.
 * Throws `FetchFailure('unreachable')` when no answer comes, and the signal's reason when it is aborted.
 */
export async function openWeb(request: WebRequest): Promise<http.IncomingMessage> {
  let url = new URL(request.url);
  for (let redirects = 0; redirects <= maximumRedirects; redirects += 1) {
    const response = await open(url, request);
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (status < 300 || status >= 400 || location === undefined) return response;
    response.destroy();
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (!next || !/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:')) {
      throw new FetchFailure('refused', `${url.host} sends the download to an address that is not safe to follow`);
    }
    url = next;
  }
  throw new FetchFailure('refused', `${url.host} redirects without end`);
}

function open(url: URL, { headers, signal, silenceMs }: WebRequest): Promise<http.IncomingMessage> {
  // `proxyEnv` makes the agent follow HTTPS_PROXY, HTTP_PROXY and NO_PROXY; Node's own fetch does so only when a flag asked for it
  // at the start of the process. https://nodejs.org/api/http.html#built-in-proxy-support
  const proxy = { proxyEnv: process.env };
  const options = { headers: { 'user-agent': 'edge-reflection', ...headers }, signal, timeout: silenceMs };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? https.get(url, { ...options, agent: new https.Agent(proxy) }, resolve)
        : http.get(url, { ...options, agent: new http.Agent(proxy) }, resolve);
    request.on('timeout', () => request.destroy(new Error(`no answer for ${Math.round(silenceMs / 1000)} s`)));
    request.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else reject(new FetchFailure('unreachable', `${url.host} cannot be reached (${messageOf(error)})`, error));
    });
  });
}
