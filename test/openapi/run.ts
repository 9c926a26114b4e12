/**
 * `npm run test:openapi`: schemathesis reads the OpenAPI document and calls every operation of the Worker as it is deployed, with what the document allows
 * and with what it does not. It runs in a Python environment of its own. Words after `--` go on to it, such as `--seed 7`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '../../local/wrangler.ts';
import { newKey } from '../../src/http/routes/keys.ts';
import { startAnsweringModel } from '../conformance/answering-model.ts';
import { pythonEnvironment } from '../conformance/python-environment.ts';
import { startBundledWorker } from '../local/bundled-worker.ts';

const here = import.meta.dirname;

/** Out of the way of every limit. */
const plentiful = {
  requests_per_minute: 1_000_000,
  tokens_per_minute: 1_000_000_000,
  concurrent_runs: 10_000,
  daily_usd: 1_000_000,
  refused_per_minute: 1_000_000,
};

const programs = pythonEnvironment('schemathesis', join(here, 'requirements.txt'));
const model = await startAnsweringModel();
const worker = await startBundledWorker('openapi-test', { UPSTREAM_URL: model.baseUrl });
try {
  const made = await worker.post('/v1/keys', worker.adminToken, {
    name: 'schemathesis',
    scopes: ['reflect', 'read', 'export'],
    limits: plentiful,
  });
  const { key } = newKey.parse(await made.json());
  const document = join(projectFolder, 'public', 'openapi.json');
  const words = ['--config-file', join(here, 'schemathesis.toml'), 'run', document, ...process.argv.slice(2)];
  const run = spawn(join(programs, 'st'), words, {
    stdio: 'inherit',
    // It keeps what it found where it runs.
    cwd: join(programs, '..'),
    env: {
      ...process.env,
      BASE_URL: worker.address,
      API_KEY: key,
      ADMIN_TOKEN: worker.adminToken,
      RULES: join(here, 'rules.py'),
    },
  });
  const [code] = await once(run, 'close');
  process.exitCode = code ?? 1;
} finally {
  await worker.close();
  await model.close();
}
