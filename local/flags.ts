/** The command line of `npm start`: what may be said, and what it means. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LaunchError, messageOf } from './launch-error.ts';
import { modelNames } from './models.ts';
import type { LogWay } from './worker-log.ts';

export const usage = `Usage: npm start -- [options]

  --port 8787              where the API listens (loopback only); 0 picks a free port
  --model NAME|PATH.gguf   the local model: ${modelNames.join(', ')}, or a GGUF file
  --upstream URL           an OpenAI-compatible server in place of the local model (its base, such as http://127.0.0.1:11434/v1)
  --upstream-model NAME    the model to ask there
  --upstream-key KEY       its key (or set UPSTREAM_KEY, which other users of this machine cannot see)
  --upstream-class CLASS   small or large (default large): a small model does not judge
  --context N              how many tokens its context holds, where it does not tell (default 8192)
  --workers-ai             the real Workers AI binding (needs a Cloudflare login)
  --ephemeral              keep no state: a fresh store and fresh keys, removed on exit
  --state FOLDER           where state, keys and secrets are kept (default .local)
  --allow-private-webhooks let webhooks reach this machine and its network, such as http://localhost:3000
  --quiet                  print warnings and errors only, not a line for each request
  --log FORMAT             text or json (default text): json gives the Worker's own log lines
  --help                   this text`;

/** Where answers come from. */
export type Source =
  | { readonly kind: 'local'; readonly model: string | undefined }
  | {
      readonly kind: 'upstream';
      readonly url: string;
      readonly model: string | undefined;
      readonly key: string | undefined;
      readonly class: 'small' | 'large';
      /** Undefined leaves it to what the server tells. */
      readonly contextTokens: number | undefined;
    }
  | { readonly kind: 'workers-ai' };

export interface Flags {
  readonly help: boolean;
  /** 0 picks a free one. */
  readonly port: number;
  readonly ephemeral: boolean;
  /** Undefined for the project's own folder. */
  readonly state: string | undefined;
  readonly log: LogWay;
  /** Webhooks may go to loopback and private addresses. */
  readonly allowPrivateWebhooks: boolean;
  readonly source: Source;
}

const options = {
  port: { type: 'string', default: '8787' },
  model: { type: 'string' },
  upstream: { type: 'string' },
  'upstream-model': { type: 'string' },
  'upstream-key': { type: 'string' },
  'upstream-class': { type: 'string' },
  context: { type: 'string' },
  'workers-ai': { type: 'boolean', default: false },
  ephemeral: { type: 'boolean', default: false },
  'allow-private-webhooks': { type: 'boolean', default: false },
  state: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  log: { type: 'string', default: 'text' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; throws a `LaunchError` that names what was not understood. `environment` gives `UPSTREAM_KEY`. */
export function parseFlags(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Flags {
  const values = readWords(words);
  return {
    help: values.help,
    port: parsePort(values.port),
    ephemeral: values.ephemeral,
    state: parseState(values.state, values.ephemeral),
    log: { format: parseFormat(values.log), quiet: values.quiet },
    allowPrivateWebhooks: values['allow-private-webhooks'],
    source: chooseSource(values, environment),
  };
}

function readWords(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    // Node's message goes on with advice about positional arguments; its first sentence is what helps.
    const [sentence] = messageOf(error).split('. ');
    throw new LaunchError(`${sentence?.replace(/\.$/, '')}.\n\n${usage}`, { cause: error });
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new LaunchError(`--port ${text} is not a port: give a number from 0 to 65535 (0 picks a free one).`);
  }
  return port;
}

function parseState(folder: string | undefined, ephemeral: boolean): string | undefined {
  if (folder === undefined) return undefined;
  if (ephemeral) throw new LaunchError('Give only one of --state and --ephemeral: the latter keeps no state.');
  if (folder === '') throw new LaunchError('--state needs a folder.');
  return resolve(folder);
}

function parseFormat(text: string): LogWay['format'] {
  if (text === 'text' || text === 'json') return text;
  throw new LaunchError(`--log ${text} is not known: give text or json.`);
}

function parseContext(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new LaunchError(`--context ${text} is not a number of tokens: give a whole number, such as 32768.`);
  }
  return Number(text);
}

function chooseSource(
  values: ReturnType<typeof readWords>,
  environment: Readonly<Record<string, string | undefined>>,
): Source {
  const chosen = [
    values.model !== undefined && '--model',
    values.upstream !== undefined && '--upstream',
    values['workers-ai'] && '--workers-ai',
  ].filter((flag) => flag !== false);
  if (chosen.length > 1)
    throw new LaunchError(`Give only one of ${chosen.join(' and ')}: each says where answers come from.`);
  if (values.upstream === undefined) {
    const stray = (['upstream-model', 'upstream-key', 'upstream-class', 'context'] as const).find(
      (name) => values[name] !== undefined,
    );
    if (stray) throw new LaunchError(`--${stray} needs --upstream URL.`);
    return values['workers-ai'] ? { kind: 'workers-ai' } : { kind: 'local', model: values.model };
  }
  return {
    kind: 'upstream',
    url: parseUpstream(values.upstream),
    model: values['upstream-model'],
    key: values['upstream-key'] ?? environment['UPSTREAM_KEY'],
    class: parseClass(values['upstream-class'] ?? 'large'),
    contextTokens: parseContext(values.context),
  };
}

function parseUpstream(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new LaunchError(
      `--upstream ${text} is not a web address: give the base of the API, such as http://127.0.0.1:11434/v1.`,
    );
  }
  return text.replace(/\/+$/, '');
}

function parseClass(text: string): 'small' | 'large' {
  if (text === 'small' || text === 'large') return text;
  throw new LaunchError(`--upstream-class ${text} is not known: give small (8B or below) or large.`);
}
