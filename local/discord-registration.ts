/** Registers the commands of Discord's bot, and says in one line what came of it. No secret is printed. */
import { parseArgs } from 'node:util';
import { DiscordApi, discordUrl } from '../src/channels/discord/api.ts';
import { commands } from '../src/channels/discord/commands.ts';
import { LaunchError, messageOf } from './launch-error.ts';

const usage = 'Usage: npm run discord:register -- [--guild ID]';

/** A registration takes longer than a message. */
const longestMs = 30_000;

/** The line for success. Throws a `LaunchError` with the line for any failure. */
export async function registerCommands(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  fetch: (url: string, init: RequestInit) => Promise<Response>,
): Promise<string> {
  const guild = guildOf(words);
  const application = snowflakeOf('DISCORD_APPLICATION_ID', needed(environment, 'DISCORD_APPLICATION_ID'));
  const api = new DiscordApi({
    fetch,
    timeout: () => AbortSignal.timeout(longestMs),
    chance: () => 0,
    url: apiUrlOf(environment['DISCORD_API_URL']),
    botToken: needed(environment, 'DISCORD_BOT_TOKEN'),
  });
  const result = await api.register(application, commands, guild);
  switch (result.type) {
    case 'done':
      return `Registered ${commands.map(({ name }) => name).join(', ')} ${guild === null ? 'everywhere; Discord may show them after some minutes' : `in the server ${guild}`}.`;
    case 'refused':
      throw new LaunchError(refusals[result.error] ?? `Discord refused the commands (code ${result.error}).`);
    case 'later': {
      const seconds = Math.ceil((result.retryAfterMs ?? 60_000) / 1_000);
      throw new LaunchError(`Discord takes no more calls at present: try again in ${seconds} s.`);
    }
    case 'unknown':
      throw new LaunchError('Discord did not answer as it should: try again, which does no harm.');
  }
}

/** By Discord's code. https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const refusals: Readonly<Record<string, string>> = {
  '0': 'Discord does not know DISCORD_BOT_TOKEN: copy it again from the developer portal (Bot, Reset Token).',
  '10002': 'Discord knows no such application: correct DISCORD_APPLICATION_ID.',
  '10004': 'Discord knows no such server: correct --guild, and add the app to that server first.',
  '20012': 'DISCORD_BOT_TOKEN is not of the application DISCORD_APPLICATION_ID.',
  '50001':
    'Discord gives no access: DISCORD_BOT_TOKEN must be of the application DISCORD_APPLICATION_ID, and the app must be in the server that --guild names.',
};

function guildOf(words: readonly string[]): string | null {
  try {
    const { guild } = parseArgs({ args: [...words], options: { guild: { type: 'string' } } }).values;
    return guild === undefined ? null : snowflakeOf('--guild', guild);
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    throw new LaunchError(`${messageOf(error).split('. ')[0]}. ${usage}`, { cause: error });
  }
}

function needed(environment: Readonly<Record<string, string | undefined>>, name: string): string {
  const value = environment[name]?.trim();
  if (value && /^[\x21-\x7e]+$/.test(value)) return value;
  if (value) throw new LaunchError(`${name} holds white space or foreign letters: copy it again from Discord.`);
  throw new LaunchError(
    `${name} is not set: put it into .dev.vars or the environment (docs/discord.md says where to find it).`,
  );
}

function snowflakeOf(name: string, value: string): string {
  if (/^\d{5,20}$/.test(value)) return value;
  throw new LaunchError(`${name} is a number of 17 to 20 digits: copy it from Discord.`);
}

function apiUrlOf(value: string | undefined): string {
  if (!value) return discordUrl;
  if (!/^https?:$/.test(URL.parse(value)?.protocol ?? '')) {
    throw new LaunchError(
      'DISCORD_API_URL is no web address: leave it away, or give one such as https://discord.com/api/v10.',
    );
  }
  return value.replace(/\/+$/, '');
}
