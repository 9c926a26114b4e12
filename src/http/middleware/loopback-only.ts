/**
 * Serves only requests from this machine, such as for configuration errors, which are not public. It also refuses web pages of other
 * origins and DNS rebinding, in which a foreign name resolves to 127.0.0.1.
 */
import type { MiddlewareHandler } from 'hono';
import { AppError } from '../../errors.ts';
import type { HttpEnv } from '../http-env.ts';

export const loopbackOnly: MiddlewareHandler<HttpEnv> = async (context, next) => {
  const origin = context.req.header('origin');
  const names = [
    new URL(context.req.url).hostname,
    ...[context.req.header('host'), context.req.header('x-forwarded-host')]
      .filter((host) => host !== undefined)
      .map(hostname),
    ...(origin === undefined ? [] : [URL.parse(origin)?.hostname ?? '']),
  ];
  if (!names.every(isLoopback)) {
    throw new AppError(
      'invalid_api_key',
      'The service is not configured, and says what is missing only on the machine it runs on (localhost, 127.0.0.0/8 or [::1]), and in its log.',
    );
  }
  await next();
};

/** The name in a Host header, without its port; empty when it is not a host. */
function hostname(host: string): string {
  return URL.parse(`http://${host}`)?.hostname ?? '';
}

/** Whether a host name, as a parsed URL spells it (lower case, IPv4 in dotted decimals, IPv6 in brackets), is this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
