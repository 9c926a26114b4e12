/** Which addresses a notice may be sent to, as far as the address itself tells. Pure; what a name leads to is asked in `webhook-name.ts`. */
import { invalidFields } from '../errors.ts';
import { isAddress, isPublicAddress } from './public-address.ts';

export interface WebhookRules {
  /** For an operator whose receivers stand in the same private network: allows plain http, and every host. */
  readonly allowPrivate: boolean;
}

const longestAddress = 2_048;

/** Names that mean this machine or a network's own, with everything under them. */
const privateNames = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
] as const;

/** Public names, with everything under them, that lead to whatever address the name spells, to this machine, or to one address now and another next. */
const borrowedNames = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'backname.io',
  'rbndr.us',
  '1u.ms',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'fuf.me',
  'localho.st',
  'local.gd',
] as const;

/** Throws `invalid_request` that names the field `webhook` and what is wrong with it. */
export function assertWebhookAddress(url: string, rules: WebhookRules): void {
  const message = webhookAddressProblem(url, rules);
  if (message === null) return;
  throw invalidFields([{ field: 'webhook', message }]);
}

/** What is wrong with an address; null when nothing is. The parser of URLs makes one spelling of decimal, octal, hexadecimal, short and full-width ones. */
export function webhookAddressProblem(url: string, { allowPrivate }: WebhookRules): string | null {
  if (url.length > longestAddress) return `expected at most ${longestAddress} characters`;
  const parsed = URL.parse(url);
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!parsed || !schemes.includes(parsed.protocol)) {
    return allowPrivate ? 'expected an https or http URL' : 'expected an https URL';
  }
  if (parsed.username !== '' || parsed.password !== '') return 'expected a URL without a user name or password';
  return allowPrivate ? null : hostProblem(parsed.hostname);
}

function hostProblem(host: string): string | null {
  if (isAddress(host)) return isPublicAddress(host) ? null : 'expected a public address';
  if (host.endsWith('.')) return 'expected a host name without a dot at its end';
  if (!host.includes('.') || isUnder(host, privateNames)) return 'expected a public host name';
  if (isUnder(host, borrowedNames)) return 'expected a host name that leads to one public address';
  return null;
}

function isUnder(host: string, names: readonly string[]): boolean {
  return names.some((name) => host === name || host.endsWith(`.${name}`));
}
