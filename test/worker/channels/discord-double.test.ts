/** The double of Discord and its sender run in workerd as well, beside the Worker. */
import { expect, test } from 'vitest';
import { DiscordDouble } from '../../support/discord-double.ts';
import { places } from '../../support/discord-interactions.ts';
import { DiscordSender } from '../../support/discord-sender.ts';

test('an interaction is signed, answered and edited', async () => {
  const now = () => 1_800_000_000_000;
  const application = '1000000000000000000';
  const anna = '1400000000000000004';
  const double = new DiscordDouble({ now, application, botToken: 'secret', channels: [] });
  const deliver = async () => Response.json({ type: 5, data: { flags: 64 } });
  const url = 'https://reflection.example/channels/discord/interactions';
  const sender = await DiscordSender.create({ now, application, double, url, deliver });
  expect(sender.publicKey).toMatch(/^[0-9a-f]{64}$/);

  const { failure, interaction } = await sender.send(sender.reflect(anna, places.guild, { prompt: 'Why?' }));
  expect(failure).toBeNull();
  const original = `https://discord.com/api/v10/webhooks/${application}/${interaction.token}/messages/@original`;
  const headers = { 'user-agent': 'DiscordBot (https://example.com, 1.0)', 'content-type': 'application/json' };
  const body = JSON.stringify({ content: 'Because.', allowed_mentions: { parse: [] } });
  const edited = await double.fetch(new Request(original, { method: 'PATCH', headers, body }));
  expect(edited.status).toBe(200);
  expect(double.messages.onlyFor(anna)).toMatchObject([{ content: 'Because.' }]);
});
