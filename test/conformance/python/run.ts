/** `npm run test:python-clients`: OpenAI's client and LangChain for Python, on the Worker as it is deployed, in an environment of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pythonEnvironment } from '../python-environment.ts';
import { serveWorker } from '../served-worker.ts';

const here = import.meta.dirname;
const programs = pythonEnvironment('python-clients', join(here, 'requirements.txt'));
const served = await serveWorker('python-clients-test');
const { answers } = served.model;
answers.set('What is it?', { text: 'It is a bridge.' });
answers.set('Stream it.', { text: 'One two three four five.', pauseMs: 20 });
answers.set('Which bridge?', { text: 'Here:\n{"name": "Golden Gate", "metres": 2737}' });
answers.set('in at most 4 words', { text: 'It is plain, and long as well.' });
answers.set('Write your whole answer again', { text: 'it is plain.' });
answers.set('Fail now.', { status: 500 });
answers.set('Describe the sea', { text: 'The sea is wide, deep and blue.' });
const environment = {
  BASE_URL: served.worker.address,
  API_KEY: served.apiKey,
  OPENAI_BASE_URL: served.baseUrl,
  OPENAI_API_KEY: served.apiKey,
};
const example = join(here, '..', '..', '..', 'examples', 'openai-client.py');

/** Whether the program ended well. */
async function passes(program: string): Promise<boolean> {
  const run = spawn(join(programs, 'python'), [program], { stdio: 'inherit', env: { ...process.env, ...environment } });
  const [code] = await once(run, 'close');
  return code === 0;
}

try {
  const results = [await passes(join(here, 'clients.py')), await passes(example)];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
  await served.close();
}
