/** Bodies that work as they are: they stand in the document, and a test sends each of them. */
export const examples: Readonly<Record<string, unknown>> = {
  createReflection: {
    input: 'Describe the Golden Gate Bridge in at most 40 words, without commas.',
    strategy: 'checks',
    checks: [{ type: 'words', max: 40 }],
    include: ['draft', 'diff'],
  },
  rateReflection: { rating: 'up', comment: 'Short and right.' },
  createChatCompletion: {
    model: 'reflect-balanced:selective',
    messages: [{ role: 'user', content: 'What is 6 times 7?' }],
    temperature: 0,
    x_reflection: { max_rounds: 1 },
  },
  createResponse: { model: 'reflect-balanced', input: 'What is 6 times 7?' },
  createKey: { name: 'team-a', scopes: ['reflect', 'read'], limits: { requests_per_minute: 60 } },
  changeKey: { limits: { daily_usd: 10 } },
  rotateKey: { grace_period_s: 3600 },
};
