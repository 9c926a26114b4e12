/** Discord's Markdown. https://support.discord.com/hc/en-us/articles/210298617 */
import type { Markup } from '../markup.ts';

/** A backslash before every character that Discord may read as a mark; mentions and custom emoji begin with `<`, and `@` with a name pings as well. */
function escapeMarks(text: string): string {
  return (
    text
      .replaceAll(/[\\*_~`|<>[\]()]/g, (mark) => `\\${mark}`)
      // Without the other ends of lines: each would be tried as the beginning of all that follow.
      .replaceAll(
        /^([^\S\n\r\u2028\u2029]*)(#{1,3}|-#?|\+)(?=\s)/gm,
        (_, space: string, mark: string) => `${space}\\${mark}`,
      )
      // A backslash before a digit is shown.
      .replaceAll(/^([^\S\n\r\u2028\u2029]*\d+)\.(?=\s)/gm, (_, number: string) => `${number}\\.`)
      .replaceAll('@', '@\u200b')
  );
}

export const discordMarkdown: Markup = {
  escape: escapeMarks,
  escapeCode: (text) => text,
  strong: (text) => `**${text}**`,
  emphasis: (text) => `*${text}*`,
  strike: (text) => `~~${text}~~`,
  link: (label, url) => `[${label}](<${url.replaceAll('>', '%3E')}>)`,
  heading: (text, depth) => `${'#'.repeat(Math.min(3, depth))} ${text}`,
  bullet: '-',
  fence: (code, language) =>
    `\`\`\`${/^[\w+-]{1,20}$/.test(language ?? '') ? language : ''}\n${code.replaceAll(/`(?=`)/g, '`\u200b')}\n\`\`\``,
  rule: '———',
};
