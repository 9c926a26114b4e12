/** `npm start`: a model, the Worker before it, and a line to paste. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accessTo, machineSecrets } from './access.ts';
import { cacheFolder } from './cache-folder.ts';
import { writeEnvFile } from './env-file.ts';
import { type Flags, parseFlags, type Source, usage } from './flags.ts';
import { findPort } from './free-port.ts';
import { type KeptWorker, keepWorker } from './keep-worker.ts';
import { LaunchError } from './launch-error.ts';
import { startLlama } from './llama-child.ts';
import { modelLabel } from './models.ts';
import { obtainModel } from './obtain-model.ts';
import { channelsIn, ownVariables } from './own-variables.ts';
import { ProgressBar } from './progress.ts';
import { type Answerer, readyText } from './ready-text.ts';
import { Session } from './session.ts';
import { startersGone } from './starters.ts';
import { prepareStateFolder } from './state-folder.ts';
import { lockState } from './state-lock.ts';
import { makeTemporaryFolder, removeLeftovers } from './temporary-folder.ts';
import { findUpstream } from './upstream.ts';
import { lastWordsOf, startWorker, workerReady } from './worker.ts';
import { writeWorkerConfig } from './worker-config.ts';
import { WorkerLog } from './worker-log.ts';
import { loggedIn, projectFolder, wranglerRunner } from './wrangler.ts';

/** Where the launcher itself speaks. */
interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly say: (line: string) => void;
}

/** Whoever asked for JSON lines reads nothing else from the standard output. */
function outputFor({ log }: Flags): Output {
  const stream = log.format === 'json' ? process.stderr : process.stdout;
  return { stream, say: (line) => void stream.write(`${line}\n`) };
}

/** A source that is ready: what the Worker must know, and what the person is told. */
interface ReadySource {
  readonly answerer: Answerer;
  readonly variables: Readonly<Record<string, string>>;
}

async function prepare(source: Source, session: Session, output: Output): Promise<ReadySource> {
  if (source.kind === 'workers-ai') return prepareWorkersAi();
  if (source.kind === 'upstream') return prepareUpstream(source, session.signal);
  return prepareLocal(source.model, session, output);
}

async function prepareWorkersAi(): Promise<ReadySource> {
  if (!(await loggedIn(wranglerRunner()))) {
    throw new LaunchError(
      '--workers-ai needs a Cloudflare login: run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN, and start again.',
    );
  }
  return { answerer: { kind: 'workers-ai' }, variables: { MODEL_PROVIDER: 'workers-ai' } };
}

async function prepareUpstream(
  source: Extract<Source, { kind: 'upstream' }>,
  signal: AbortSignal,
): Promise<ReadySource> {
  const { url, model, contextTokens: told } = await findUpstream(source, signal);
  const contextTokens = source.contextTokens ?? told;
  return {
    answerer: { kind: 'upstream', url, model, class: source.class },
    variables: {
      MODEL_PROVIDER: 'openai-compatible',
      UPSTREAM_URL: url,
      UPSTREAM_MODEL: model,
      UPSTREAM_CLASS: source.class,
      ...(contextTokens === undefined ? {} : { UPSTREAM_CONTEXT: String(contextTokens) }),
      ...(source.key === undefined ? {} : { UPSTREAM_KEY: source.key }),
    },
  };
}

async function prepareLocal(asked: string | undefined, session: Session, output: Output): Promise<ReadySource> {
  const { say } = output;
  const bar = new ProgressBar(output.stream);
  const { choice, path } = await obtainModel(asked, {
    folder: cacheFolder(),
    signal: session.signal,
    say: (line) => {
      bar.close();
      say(line);
    },
    onProgress: (received, total) => bar.update(received, total),
  });
  bar.close();
  const name = modelLabel(choice);
  const running = await startLlama(path, name, (child) => session.add(child));
  return {
    answerer: { kind: 'local', choice },
    variables: {
      MODEL_PROVIDER: 'openai-compatible',
      UPSTREAM_URL: running.url,
      UPSTREAM_MODEL: name,
      UPSTREAM_CLASS: 'small',
      UPSTREAM_CONTEXT: String(running.contextTokens),
    },
  };
}

async function launch(flags: Flags, session: Session, { stream, say }: Output): Promise<KeptWorker> {
  const kept = flags.ephemeral ? undefined : (flags.state ?? join(projectFolder, '.local'));
  if (kept !== undefined) session.onEnd(await lockState(kept));
  const port = await findPort(flags.port);
  await removeLeftovers();
  const temporary = await makeTemporaryFolder();
  session.onEnd(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  const { answerer, variables } = await prepare(flags.source, session, { stream, say });
  const folder = kept ?? temporary;
  const stateFolder = await prepareStateFolder(folder, say);
  const desk = { folder, signal: session.signal, say };
  const channels = channelsIn(await ownVariables(process.env));
  const { adminToken, tagSecret } = await machineSecrets(desk);
  const envFile = join(temporary, 'worker.env');
  await writeEnvFile(envFile, {
    ...channels.set,
    ...variables,
    ADMIN_TOKEN: adminToken,
    KEY_TAG_SECRETS: tagSecret,
    KEY_MODE: 'test',
    ACCESS_LOG: 'full',
    // workerd on this machine has no limit to go around.
    MODEL_CALLS: 'direct',
    ...(flags.allowPrivateWebhooks ? { WEBHOOK_PRIVATE_ADDRESSES: 'allow' } : {}),
  });
  const configFile = await writeWorkerConfig(projectFolder, temporary);
  const log = new WorkerLog(flags.log, { say: console.log, warn: console.error });
  const local = flags.source.kind !== 'workers-ai';
  const start = () => startWorker({ port, stateFolder, configFile, envFile, local, temporary, log });
  const first = start();
  session.add(first);
  const address = `http://127.0.0.1:${port}`;
  await workerReady(first, address, session.signal);
  const access = await accessTo(address, adminToken, desk, flags.ephemeral);
  const { config } = channels;
  say(
    readyText({ address, answerer, access, channels: config, stateFolder: flags.ephemeral ? undefined : stateFolder }),
  );
  log.serving();
  return { first, start, port, address, say: console.error };
}

async function main(session: Session): Promise<void> {
  const flags = parseFlags(process.argv.slice(2), process.env);
  if (flags.help) return console.log(usage);
  const fallen = await keepWorker(await launch(flags, session, outputFor(flags)), session);
  if (fallen === undefined) return;
  const { code, signal } = await fallen.ended;
  const how = signal === null ? `code ${code ?? 'unknown'}` : signal;
  throw new LaunchError(`Stopped, because ${fallen.name} ended by itself (${how}).${lastWordsOf(fallen)}`, {
    exitCode: code || 1,
  });
}

/** Under npm, or a tool like it, nobody means the launch to outlive that. */
function endWithStarters(session: Session, script: string): void {
  const gone = startersGone(script);
  const look = () => gone() && session.end('the npm that started it has ended');
  setInterval(look, 250).unref();
}

const session = new Session(process);
const npmScript = process.env['npm_lifecycle_script'];
if (npmScript !== undefined) endWithStarters(session, npmScript);
process.exitCode = await session.run(() => main(session));
