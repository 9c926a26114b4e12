/** A model server that runs already: is it there, where is its API's base, and which model does it have? */
import * as z from 'zod/mini';
import { LaunchError, messageOf } from './launch-error.ts';

const modelList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      // Not OpenAI's, but told by some: vLLM says `max_model_len`, others `context_length`.
      max_model_len: z.optional(z.int()),
      context_length: z.optional(z.int()),
    }),
  ),
});

export interface Upstream {
  readonly url: string;
  readonly model: string;
  readonly contextTokens: number | undefined;
}

interface Asked {
  readonly url: string;
  readonly model: string | undefined;
  readonly key: string | undefined;
}

/** Asks the server for its models. Throws a `LaunchError` when it does not answer, or has several and none was named. */
export async function findUpstream({ url, model, key }: Asked, signal: AbortSignal): Promise<Upstream> {
  const found = (await listModels(url, key, signal)) ?? (await listModels(`${url}/v1`, key, signal));
  if (!found) {
    // No list of models is no proof against a server; without a name to ask for, it is.
    if (model !== undefined) return { url, model, contextTokens: undefined };
    throw new LaunchError(
      `${url} lists no models: give the API's base (it often ends in /v1), or name one with --upstream-model.`,
    );
  }
  const chosen = model ?? (found.models.length === 1 ? found.models[0]?.id : undefined);
  if (chosen === undefined) throw new LaunchError(`Name the model with --upstream-model: ${namesOf(found.models)}.`);
  const facts = found.models.find(({ id }) => id === chosen);
  return { url: found.url, model: chosen, contextTokens: facts?.max_model_len ?? facts?.context_length };
}

type Listed = z.infer<typeof modelList>['data'];

/** The models under this base, or undefined when there is no such list there. */
async function listModels(
  url: string,
  key: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly models: Listed } | undefined> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const response = await fetch(`${url}/models`, { headers, signal: limit }).catch((error: unknown) => {
    signal.throwIfAborted();
    const cause = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
    throw new LaunchError(`${url} does not answer (${cause}): start that server first, or correct --upstream.`, {
      cause: error,
    });
  });
  if (response.status === 401 || response.status === 403) {
    throw new LaunchError(
      `${url} refuses the key (${response.status}): give the right one with --upstream-key or UPSTREAM_KEY.`,
    );
  }
  const list = modelList.safeParse(await response.json().catch(() => undefined));
  return response.ok && list.success ? { url, models: list.data.data } : undefined;
}

function namesOf(models: Listed): string {
  const names = models.slice(0, 8).map(({ id }) => id);
  if (names.length === 0) return 'it lists none';
  return `it has ${names.join(', ')}${models.length > names.length ? ', …' : ''}`;
}
