/** `npm run slack:manifest`: what it prints, and what it says of an address that Slack would not call. */
import { expect, test } from 'vitest';
import { LaunchError } from '../../local/launch-error.ts';
import { manifestText } from '../../local/slack-manifest-text.ts';
import { manifestFor } from '../../src/channels/slack/manifest.ts';

test.each(['https://reflection.example.com', 'https://reflection.example.com/', 'HTTPS://reflection.example.com:443'])(
  'for %s it is the manifest, as JSON',
  (url) => {
    expect(JSON.parse(manifestText(['--url', url]))).toEqual(manifestFor('https://reflection.example.com'));
  },
);

test.each([
  [[], /^--url is missing: .* Usage: npm run/],
  [['--url'], /Usage: npm run/],
  [['--link', 'https://a.example'], /--link.*Usage: npm run/],
  [['--url', 'http://localhost:8787'], /begins with https:/],
  [['--url', 'reflection.example.com'], /begins with https:/],
  [['--url', 'https://a.example/channels/slack/events'], /such as https:\/\/a\.example\.$/],
  [['--url', 'https://a.example/?x=1'], /such as https:\/\/a\.example\.$/],
])('%j is refused with what was expected', (words, message) => {
  expect(() => manifestText(words)).toThrow(LaunchError);
  expect(() => manifestText(words)).toThrow(message);
});
