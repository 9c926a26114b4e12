/**
 * A key-value namespace in memory, behind the binding of `workerd`, which has none of its own: the requests that its `kvNamespace` bindings make.
 * https://github.com/cloudflare/workerd/blob/main/src/workerd/api/kv.c++
 */

interface Entry {
  readonly value: ArrayBuffer;
  readonly metadata: string | null;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const metadataHeader = 'cf-kv-metadata';
const entries = new Map<string, Entry>();

async function answer(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const key = decodeURIComponent(pathname.slice(1));
  switch (request.method) {
    case 'GET':
      return read(key);
    case 'PUT': {
      const metadata = request.headers.get(metadataHeader);
      entries.set(key, { value: await request.arrayBuffer(), metadata, expiresAt: expiryOf(searchParams) });
      return new Response(null, { status: 204 });
    }
    case 'DELETE':
      entries.delete(key);
      return new Response(null, { status: 204 });
    default:
      return new Response('Not known to the stand-in.', { status: 405 });
  }
}

function read(key: string): Response {
  const entry = entries.get(key);
  if (!entry || entry.expiresAt <= Date.now()) return new Response(null, { status: 404 });
  return new Response(entry.value, { headers: entry.metadata === null ? {} : { [metadataHeader]: entry.metadata } });
}

function expiryOf(query: URLSearchParams): number {
  const seconds = query.get('expiration_ttl');
  const at = query.get('expiration');
  if (seconds !== null) return Date.now() + Number(seconds) * 1000;
  return at === null ? Number.POSITIVE_INFINITY : Number(at) * 1000;
}

export const standIn: ExportedHandler = { fetch: answer };
