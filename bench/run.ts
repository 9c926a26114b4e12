/** `npm run bench`: what this service costs, beside a direct call and beside Portkey's gateway, in one run on one machine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { findPort } from '../local/free-port.ts';
import { Client } from './client.ts';
import { isWhole, type Options, parseOptions, type SuiteName, usage } from './options.ts';
import { tablesOf } from './report.ts';
import type { Environment, Results } from './results.ts';
import { seededRandom } from './statistics.ts';
import type { Bench } from './suites/bench.ts';
import { measureChannels } from './suites/channels.ts';
import { measureCounts } from './suites/counts.ts';
import { measureFootprint } from './suites/footprint.ts';
import { measureFrontier } from './suites/frontier.ts';
import { measureHostile } from './suites/hostile.ts';
import { measureLatency } from './suites/latency.ts';
import { measureResources } from './suites/resources.ts';
import { measureStrategies } from './suites/strategies.ts';
import { measureStreams } from './suites/streams.ts';
import { markdownOf, withTables } from './table.ts';
import { buildWorker, projectFolder, workFolder } from './targets/build.ts';
import { directTarget } from './targets/direct.ts';
import { startOurs } from './targets/ours.ts';
import { findPortkey, startPortkey } from './targets/portkey.ts';
import { startUpstream } from './upstream.ts';

const suites = {
  footprint: measureFootprint,
  latency: measureLatency,
  streams: measureStreams,
  frontier: measureFrontier,
  resources: measureResources,
  counts: measureCounts,
  strategies: measureStrategies,
  hostile: measureHostile,
  channels: measureChannels,
} as const satisfies Record<SuiteName, (bench: Bench) => Promise<unknown>>;

const resultsFolder = join(projectFolder, 'bench', 'results');
const latestFile = join(resultsFolder, 'latest.json');
const documentFile = join(projectFolder, 'docs', 'performance.md');
const say = (line: string) => console.error(line);

const options = parseOptions(process.argv.slice(2));
if (options.help) console.log(usage);
else if (options.tables) writeTables(JSON.parse(readFileSync(latestFile, 'utf8')));
else keep(await measure(options), options);

async function measure(options: Options): Promise<Results> {
  const startedAt = new Date();
  const before = loadavg()[0] ?? 0;
  const script = findPortkey(join(projectFolder, workFolder, 'peers'));
  const built = await buildWorker();
  const upstream = await startUpstream(await findPort(0));
  const client = new Client();
  const bench: Bench = {
    options,
    client,
    random: seededRandom(options.seed),
    upstream,
    built,
    direct: directTarget(upstream.address),
    startOurs: async (choice = {}) =>
      startOurs(built, { ...choice, port: await findPort(0), upstream: upstream.address }),
    startPortkey: async () => startPortkey(script, await findPort(0), upstream.address),
    say,
  };
  try {
    const measured: [string, unknown][] = [];
    for (const name of options.suites) {
      say(`${name} …`);
      measured.push([name, await suites[name](bench)]);
    }
    return { environment: environmentOf(startedAt, before, options), ...Object.fromEntries(measured) };
  } finally {
    client.close();
    await upstream.stop();
  }
}

function environmentOf(startedAt: Date, loadBefore: number, { seed }: Options): Environment {
  const workerd: { readonly version: string } = createRequire(import.meta.url)('workerd');
  const processors = cpus();
  return {
    startedAt: startedAt.toISOString(),
    commit: commitNow(),
    node: process.version,
    workerd: workerd.version,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    loadBefore,
    loadAfter: loadavg()[0] ?? 0,
    seed,
    seconds: (Date.now() - startedAt.getTime()) / 1000,
  };
}

/** The commit, marked when the sources differ from it. */
function commitNow(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: projectFolder, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'bench') !== '';
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' and changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

function keep(results: Results, chosen: Options): void {
  mkdirSync(resultsFolder, { recursive: true });
  const text = `${JSON.stringify(results)}\n`;
  const file = join(resultsFolder, `${results.environment.startedAt.replaceAll(/[:.]/g, '-')}.json`);
  writeFileSync(file, text);
  for (const table of tablesOf(results)) console.log(`${markdownOf(table)}\n`);
  say(`Raw figures: ${file}`);
  if (!isWhole(chosen)) return;
  writeFileSync(latestFile, text);
  writeTables(results);
}

function writeTables(results: Results): void {
  writeFileSync(documentFile, withTables(readFileSync(documentFile, 'utf8'), tablesOf(results)));
  say(`Tables written to ${documentFile}`);
}
