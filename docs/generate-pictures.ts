/**
 * Draws what people see in Slack and in Discord, from what the channels send of runs of the real engine: `docs/pictures/`. Run by `npm run docs`; a test fails
 * when a picture is not what this would draw.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { discordPictures } from './drawing/discord-states.ts';
import { pictureWidth } from './drawing/frame.ts';
import { svg } from './drawing/pieces.ts';
import { slackPictures } from './drawing/slack-states.ts';

export const pictureFolder = new URL('pictures/', import.meta.url);

/** By file name, what each picture holds. */
export async function pictures(): Promise<ReadonlyMap<string, string>> {
  const shown = { ...(await slackPictures()), ...(await discordPictures()) };
  return new Map(
    Object.entries(shown).map(([name, { words, piece }]) => [`${name}.svg`, svg(piece, pictureWidth, words)]),
  );
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(pictureFolder, { recursive: true });
  for (const [name, text] of await pictures()) writeFileSync(new URL(name, pictureFolder), text);
}
