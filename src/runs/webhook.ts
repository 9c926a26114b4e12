/** Tells a receiver of a run's end, signed as Standard Webhooks has it. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
import type { RunAccount } from '../accounts/accounts.ts';
import { type Log, whereFrom } from '../errors.ts';
import type { Reflection } from '../reflection/record.ts';
import type { Deliver, Delivery, Notice } from './deliver.ts';
import { isAddress } from './public-address.ts';
import { resolvePublic } from './webhook-name.ts';
import { type WebhookRules, webhookAddressProblem } from './webhook-url.ts';

export interface WebhookOptions extends WebhookRules {
  readonly account: Pick<RunAccount, 'webhookSecrets'>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A signal that aborts after so many milliseconds: `AbortSignal.timeout`. */
  readonly timeout: (milliseconds: number) => AbortSignal;
  readonly log: Log;
}

/** What one attempt may take, the look-up of the name included. */
const patienceMs = 15_000;

export function webhookDelivery(options: WebhookOptions): Deliver {
  return async (notice) => {
    const told = { reflection_id: notice.record.id, host: URL.parse(notice.url)?.host };
    try {
      const { delivery, reason } = await attempt(notice, options);
      if (delivery.type !== 'delivered') {
        options.log({ level: 'warn', event: 'webhook.undelivered', ...told, outcome: delivery.type, reason });
      }
      return delivery;
    } catch (error) {
      options.log({ level: 'warn', event: 'webhook.undelivered', ...told, outcome: 'failed', ...whereFrom(error) });
      return failed();
    }
  };
}

/** How an attempt ended, and why, for the log. */
interface Attempted {
  readonly delivery: Delivery;
  readonly reason: string;
}

async function attempt({ url, key, record }: Notice, options: WebhookOptions): Promise<Attempted> {
  const { account, fetch, now, timeout, allowPrivate } = options;
  const problem = webhookAddressProblem(url, options);
  if (problem !== null) return { delivery: { type: 'refused' }, reason: problem };
  const secrets = account.webhookSecrets(key);
  if (secrets.length === 0) return { delivery: { type: 'refused' }, reason: 'the key is gone, so nothing signs' };

  const signal = timeout(patienceMs);
  const { hostname } = new URL(url);
  if (!allowPrivate && !isAddress(hostname)) {
    const leadsTo = await resolvePublic(hostname, { fetch, signal });
    if (leadsTo !== 'public') return { delivery: failed(), reason: `the name leads to an address that is ${leadsTo}` };
  }
  const { id, body } = messageOf(record);
  const headers = { 'content-type': 'application/json', 'user-agent': 'edge-reflection' };
  const signed = await signatureHeaders(id, Math.floor(now() / 1_000), body, secrets);
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...signed },
    body,
    redirect: 'manual',
    signal,
  });
  // Whatever was answered, its status is all that counts.
  void response.body?.cancel().catch(() => undefined);
  return { delivery: deliveryOf(response, now()), reason: `status ${response.status}` };
}

function deliveryOf({ ok, status, headers }: Response, nowMs: number): Delivery {
  if (ok) return { type: 'delivered' };
  return status === 410 ? { type: 'refused' } : failed(retryAfterMs(headers.get('retry-after'), nowMs));
}

function failed(retryAfter: number | null = null): Delivery {
  return { type: 'failed', retryAfterMs: retryAfter };
}

/** `Retry-After` in milliseconds from now, given as seconds or as a date; null when it says nothing. */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,10}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return header.endsWith(' GMT') && !Number.isNaN(date) ? Math.max(0, date - nowMs) : null;
}

/** The same for every attempt: a receiver knows by the id what it has taken already. */
export function messageOf(record: Reflection): { readonly id: string; readonly body: string } {
  const { id, status, decision, metadata, created_at, timing } = record;
  const endedAt = new Date(created_at * 1_000 + timing.total_ms);
  const message = {
    type: `reflection.${status}`,
    timestamp: endedAt.toISOString(),
    data: { id, status, decision, metadata },
  };
  return { id: `msg_${id}`, body: JSON.stringify(message) };
}

/** One signature for each secret (`whsec_` and base64), so that a receiver may know either while they are rotated. `timestamp` in epoch seconds. */
export async function signatureHeaders(
  id: string,
  timestamp: number,
  body: string,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const content = `${id}.${timestamp}.${body}`;
  const signatures = await Promise.all(secrets.map((secret) => signatureOf(secret, content)));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

async function signatureOf(secret: string, content: string): Promise<string> {
  const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
