/** OpenAI's own client with another base URL. Needs `npm install openai`, and BASE_URL and API_KEY in the environment. */
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: `${process.env.BASE_URL}/v1`, apiKey: process.env.API_KEY });

const completion = await client.chat.completions.create({
  model: 'reflect-balanced:checks',
  messages: [{ role: 'user', content: 'Describe the sea in at most 12 words.' }],
  // Any field of the native API.
  x_reflection: { checks: [{ type: 'forbidden_characters', characters: [','] }] },
});

console.log(completion.choices[0].message.content);
console.error(`${completion.x_reflection.decision}, ${completion.usage.total_tokens} tokens`);
