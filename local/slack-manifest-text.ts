/** The app's manifest for one address of the service, as text to paste into Slack. */
import { parseArgs } from 'node:util';
import { manifestFor } from '../src/channels/slack/manifest.ts';
import { LaunchError, messageOf } from './launch-error.ts';

const usage = 'Usage: npm run -s slack:manifest -- --url https://reflection.example.com';

/** Throws a `LaunchError` that says what was not understood. */
export function manifestText(words: readonly string[]): string {
  return JSON.stringify(manifestFor(originOf(urlOf(words))), null, 2);
}

function urlOf(words: readonly string[]): string {
  try {
    const { url } = parseArgs({ args: [...words], options: { url: { type: 'string' } } }).values;
    if (url !== undefined) return url;
  } catch (error) {
    throw new LaunchError(`${messageOf(error).split('. ')[0]}. ${usage}`, { cause: error });
  }
  throw new LaunchError(`--url is missing: Slack has to know where the service is. ${usage}`);
}

function originOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') {
    throw new LaunchError(`--url ${text} is no address that Slack calls: give one that begins with https://.`);
  }
  if (url.href !== `${url.origin}/`) {
    throw new LaunchError(`--url ${text} says too much: give the address of the service alone, such as ${url.origin}.`);
  }
  return url.origin;
}
