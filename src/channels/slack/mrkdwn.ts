/** Slack's markup, `mrkdwn`. https://docs.slack.dev/messaging/formatting-message-text */
import type { Markup } from '../markup.ts';

/** The three characters that Slack reads as its own. Without them no mention and no link is left. */
function escapeControls(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Parts marks from what they would mark: mrkdwn knows no escape for them. It is not seen. https://www.unicode.org/charts/PDF/U2060.pdf */
const wordJoiner = '\u2060';

export const mrkdwn: Markup = {
  // A mark counts where it stands at the edge of a word.
  escape: (text) => escapeControls(text).replaceAll(/[*_~`]/g, (mark) => `${wordJoiner}${mark}${wordJoiner}`),
  escapeCode: escapeControls,
  strong: (text) => `*${text}*`,
  emphasis: (text) => `_${text}_`,
  strike: (text) => `~${text}~`,
  link: (label, url) => `<${escapeControls(url).replaceAll('|', '%7C')}|${label}>`,
  heading: (text) => (text.includes('*') ? text : `*${text}*`),
  bullet: '•',
  fence: (code) => `\`\`\`\n${code.replaceAll(/`{3,}/g, (marks) => '′'.repeat(marks.length))}\n\`\`\``,
  rule: '———',
};
