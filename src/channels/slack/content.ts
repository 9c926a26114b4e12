/** What a message of Slack's shows, and how much fits. https://docs.slack.dev/reference/block-kit */
import type { AnyMessageBlock } from 'slack-web-api-client';

/** `text` is what notifications and clients without blocks show. */
export interface SlackContent {
  readonly text: string;
  readonly blocks: AnyMessageBlock[];
}
