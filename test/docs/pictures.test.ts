/** The pictures of the channels are of what the channels send today, and the pages show all of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pictureFolder, pictures } from '../../docs/generate-pictures.ts';

const drawn = await pictures();

test('there is a file for each picture, and no other', () => {
  expect(new Set(readdirSync(pictureFolder))).toEqual(new Set(drawn.keys()));
});

test.each([...drawn])('%s is what docs/generate-pictures.ts would draw', (name, svg) => {
  const isSame = readFileSync(new URL(name, pictureFolder), 'utf8') === svg;
  expect(isSame, 'run `npm run docs`').toBe(true);
});

test('a picture is well-formed, and brings along nothing that a reader fetches or runs', () => {
  for (const svg of drawn.values()) {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
    expect(svg).not.toMatch(/<(?:script|image|foreignObject|style)|href=|url\(/);
    expect(svg.match(/<(?:text|tspan|g|title|svg)\b/g)?.length).toBe(
      svg.match(/<\/(?:text|tspan|g|title|svg)>/g)?.length,
    );
  }
});
