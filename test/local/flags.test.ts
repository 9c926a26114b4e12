/** The command line of `npm start`. */
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../local/flags.ts';
import { LaunchError } from '../../local/launch-error.ts';

describe('the command line', () => {
  test('without words, the default local model listens on 8787 and keeps its state', () => {
    expect(parseFlags([])).toEqual({
      allowPrivateWebhooks: false,
      help: false,
      port: 8787,
      ephemeral: false,
      state: undefined,
      log: { format: 'text', quiet: false },
      source: { kind: 'local', model: undefined },
    });
  });

  test('takes a model, a port and a store that is thrown away', () => {
    expect(parseFlags(['--model', 'smollm2-135m', '--port', '0', '--ephemeral'])).toMatchObject({
      port: 0,
      ephemeral: true,
      source: { kind: 'local', model: 'smollm2-135m' },
    });
  });

  test('takes another server, and drops the slashes at the end of its address', () => {
    expect(parseFlags(['--upstream', 'http://127.0.0.1:11434/v1//', '--upstream-model', 'llama3.1']).source).toEqual({
      kind: 'upstream',
      url: 'http://127.0.0.1:11434/v1',
      model: 'llama3.1',
      key: undefined,
      class: 'large',
      contextTokens: undefined,
    });
  });

  test('prefers a key on the command line to the one in the environment', () => {
    const words = ['--upstream', 'http://a.test/v1'];
    expect(parseFlags(words, { UPSTREAM_KEY: 'kept' }).source).toMatchObject({ key: 'kept' });
    expect(parseFlags([...words, '--upstream-key', 'given'], { UPSTREAM_KEY: 'kept' }).source).toMatchObject({
      key: 'given',
    });
  });

  test('takes the context of another server', () => {
    const words = ['--upstream', 'http://a.test/v1', '--context', '32768'];
    expect(parseFlags(words).source).toMatchObject({ contextTokens: 32_768 });
  });

  test('takes a folder for the state, and how the log is printed', () => {
    expect(parseFlags(['--state', '/kept', '--quiet', '--log', 'json'])).toMatchObject({
      state: resolve('/kept'),
      log: { format: 'json', quiet: true },
    });
  });

  test('takes the real binding', () => {
    expect(parseFlags(['--workers-ai']).source).toEqual({ kind: 'workers-ai' });
  });

  test.each([
    [['--modell', 'x'], "Unknown option '--modell'"],
    [['stray'], 'stray'],
    [['--port', 'http'], '--port http is not a port'],
    [['--port', '70000'], '--port 70000 is not a port'],
    [['--port=-1'], '--port -1 is not a port'],
    [['--model', 'a.gguf', '--upstream', 'http://a.test'], 'only one of --model and --upstream'],
    [['--workers-ai', '--upstream', 'http://a.test'], 'only one of'],
    [['--upstream', 'localhost:11434'], 'is not a web address'],
    [['--upstream', 'http://a.test', '--upstream-class', 'huge'], '--upstream-class huge is not known'],
    [['--context', '4096'], '--context needs --upstream'],
    [['--upstream', 'http://a.test', '--context', '8k'], '--context 8k is not a number of tokens'],
    [['--upstream', 'http://a.test', '--context', '0'], '--context 0 is not a number of tokens'],
    [['--log', 'xml'], '--log xml is not known'],
    [['--state', 'x', '--ephemeral'], 'only one of --state and --ephemeral'],
    [['--upstream-model', 'x'], '--upstream-model needs --upstream'],
    [['--upstream-key', 'x'], '--upstream-key needs --upstream'],
  ])('refuses %j and says what to give', (words, message) => {
    const parse = () => parseFlags(words);
    expect(parse).toThrow(LaunchError);
    expect(parse).toThrow(message);
  });

  test('shows the usage with an unknown flag', () => {
    expect(() => parseFlags(['--nope'])).toThrow('Usage: npm start');
  });
});
