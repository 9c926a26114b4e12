/** The variables of channels as typed settings. A channel without its variables is not there. Pure: `services.ts` reads the environment. */
import * as z from 'zod/mini';
import { fieldProblems } from '../reflection/field-problems.ts';

/** Variables are text, pasted with white space around it, and an empty one counts as unset. */
const text = z.pipe(
  z.optional(z.string()),
  z.transform((value) => value?.trim() || undefined),
);
/** A header takes no other, so each call would break, and look like a platform that does not answer. */
const token = z.pipe(
  text,
  z.optional(z.string().check(z.regex(/^[\x21-\x7e]+$/, 'expected no white space and no foreign letters'))),
);
const checked = (pattern: RegExp, expected: string) =>
  z.pipe(text, z.optional(z.string().check(z.regex(pattern, expected))));
const url = (usual: string) =>
  z.pipe(
    text,
    z.pipe(
      z._default(z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }), usual),
      z.transform((address) => address.replace(/\/+$/, '')),
    ),
  );

const variables = z.object({
  SLACK_SIGNING_SECRET: text,
  SLACK_BOT_TOKEN: token,
  SLACK_API_URL: url('https://slack.com/api'),
  SLACK_CLIENT_ID: text,
  SLACK_CLIENT_SECRET: text,
  /** Encrypts what is stored of installations. */
  CHANNEL_TOKEN_KEY: checked(/^[A-Za-z0-9+/]{43}=$/, 'expected 32 bytes as base64'),
  DISCORD_PUBLIC_KEY: checked(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits'),
  DISCORD_APPLICATION_ID: checked(/^\d{15,21}$/, 'expected the id of an application'),
  DISCORD_BOT_TOKEN: token,
  DISCORD_API_URL: url('https://discord.com/api/v10'),
  /** How often one person may ask in any 60 seconds. */
  MEMBER_REQUESTS_PER_MINUTE: z.pipe(
    z.pipe(text, z._default(z.string().check(z.regex(/^[1-9]\d{0,5}$/, 'expected a number of requests')), '10')),
    z.transform(Number),
  ),
});

/** Their names. */
export const channelVariables: readonly string[] = Object.keys(variables.shape);

export interface ChannelConfig {
  readonly memberRequestsPerMinute: number;
  readonly slack: {
    readonly url: string;
    readonly signingSecret: string;
    /** Of the one workspace that the app is installed in; undefined where workspaces install it themselves. */
    readonly botToken: string | undefined;
    readonly install: { readonly clientId: string; readonly clientSecret: string; readonly tokenKey: string } | null;
  } | null;
  readonly discord: {
    readonly url: string;
    readonly publicKey: string;
    readonly botToken: string | null;
  } | null;
}

/** Throws an Error that names each wrong variable and what was expected; it does not repeat values. */
export function parseChannelConfig(environment: unknown): ChannelConfig {
  const result = variables.safeParse(environment);
  if (!result.success) {
    const problems = fieldProblems(result.error.issues).map(({ field, message }) => `${field}: ${message}`);
    throw new Error(`The channels are not configured. ${problems.join('; ')}`);
  }
  const set = result.data;
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret, CHANNEL_TOKEN_KEY: tokenKey } = set;
  const signingSecret = set.SLACK_SIGNING_SECRET;
  const publicKey = set.DISCORD_PUBLIC_KEY?.toLowerCase();
  return {
    memberRequestsPerMinute: set.MEMBER_REQUESTS_PER_MINUTE,
    slack: signingSecret
      ? {
          url: set.SLACK_API_URL,
          signingSecret,
          botToken: set.SLACK_BOT_TOKEN,
          install: clientId && clientSecret && tokenKey ? { clientId, clientSecret, tokenKey } : null,
        }
      : null,
    discord: publicKey ? { url: set.DISCORD_API_URL, publicKey, botToken: set.DISCORD_BOT_TOKEN ?? null } : null,
  };
}
