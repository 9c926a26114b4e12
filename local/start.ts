/** `npm start`: a model, the Worker before it, and a line to paste. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessTo, machineSecrets } from './access.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Child } from './child.ts';
import { writeEnvFile } from './env-file.ts';
import { type Flags, parseFlags, type Source, usage } from './flags.ts';
import { findPort } from './free-port.ts';
import { LaunchError } from './launch-error.ts';
import { startLlama } from './llama-child.ts';
import { modelLabel } from './models.ts';
import { obtainModel } from './obtain-model.ts';
import { ProgressBar } from './progress.ts';
import { type Answerer, readyText } from './ready-text.ts';
import { Session } from './session.ts';
import { startersGone } from './starters.ts';
import { findUpstream } from './upstream.ts';
import { lastWordsOf, startWorker, workerReady, workerSilent } from './worker.ts';
import { writeWorkerConfig } from './worker-config.ts';
import { loggedIn, projectFolder, wranglerRunner } from './wrangler.ts';

const say = (line: string) => console.log(line);

/** A source that is ready: what the Worker must know, and what the person is told. */
interface ReadySource {
  readonly answerer: Answerer;
  readonly variables: Readonly<Record<string, string>>;
}

async function prepare(source: Source, session: Session): Promise<ReadySource> {
  if (source.kind === 'workers-ai') return prepareWorkersAi();
  if (source.kind === 'upstream') return prepareUpstream(source, session.signal);
  return prepareLocal(source.model, session);
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
  const { url, model, contextTokens } = await findUpstream(source, signal);
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

async function prepareLocal(asked: string | undefined, session: Session): Promise<ReadySource> {
  const bar = new ProgressBar(process.stdout);
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

interface Launched {
  readonly worker: Child;
  /** Where the Worker answers. */
  readonly address: string;
}

async function launch(flags: Flags, session: Session): Promise<Launched> {
  const port = await findPort(flags.port);
  const { answerer, variables } = await prepare(flags.source, session);
  const temporary = await mkdtemp(join(tmpdir(), 'edge-reflection-'));
  session.onEnd(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
  const folder = flags.ephemeral ? temporary : join(projectFolder, '.local');
  const stateFolder = join(folder, 'state');
  // What is asked and answered is in it.
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  const desk = { folder, signal: session.signal, say };
  const { adminToken, tagSecret } = await machineSecrets(desk);
  const envFile = join(temporary, 'worker.env');
  await writeEnvFile(envFile, {
    ...variables,
    ADMIN_TOKEN: adminToken,
    KEY_TAG_SECRETS: tagSecret,
    KEY_MODE: 'test',
    ...(flags.allowPrivateWebhooks ? { WEBHOOK_PRIVATE_ADDRESSES: 'allow' } : {}),
  });
  const configFile = await writeWorkerConfig(projectFolder, temporary);
  const worker = startWorker({ port, stateFolder, configFile, envFile, local: flags.source.kind !== 'workers-ai' });
  session.add(worker);
  const address = `http://127.0.0.1:${port}`;
  await workerReady(worker, address, session.signal);
  const access = await accessTo(address, adminToken, desk, flags.ephemeral);
  say(readyText({ address, answerer, access, stateFolder: flags.ephemeral ? undefined : stateFolder }));
  return { worker, address };
}

async function main(session: Session): Promise<void> {
  const flags = parseFlags(process.argv.slice(2), process.env);
  if (flags.help) return say(usage);
  const { worker, address } = await launch(flags, session);
  const fallen = await Promise.race([session.firstEnd(), workerSilent(worker, address, session.signal)]);
  if (fallen === undefined) return;
  if (fallen === 'silent') {
    throw new LaunchError(`Stopped, because the Worker no longer answers: start again.${lastWordsOf(worker)}`);
  }
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
