#!/usr/bin/env node
/**
 * A reflection in the terminal, as it happens: the draft while it is written, and what becomes of it.
 * Needs Node 22 and nothing else, and BASE_URL and API_KEY in the environment.
 *
 *     node examples/watch.mjs "Describe the sea in at most 12 words." [strategy]
 */
const [input = 'Describe the sea in at most 12 words.', strategy = 'selective'] = process.argv.slice(2);

const answer = await fetch(`${process.env.BASE_URL}/v1/reflections`, {
  method: 'POST',
  headers: { authorization: `Bearer ${process.env.API_KEY}`, 'content-type': 'application/json' },
  body: JSON.stringify({ input, strategy, stream: true }),
});
if (!answer.ok) {
  const { error } = await answer.json();
  console.error(`${error.code}: ${error.message}`);
  process.exit(1);
}

/** What is said of an event, on the standard error; the answer alone goes to the standard output. */
const told = {
  'pass.started': ({ role, model }) => `\n[${role}, ${model}]\n`,
  'pass.delta': ({ pass, text }) => (pass === 'draft' ? text : ''),
  'check.completed': ({ check }) => `\n${check.status === 'pass' ? '✓' : '✗'} ${check.type}: ${check.message}`,
  'gate.decided': ({ gate }) => `\n→ ${gate.action} (risk ${gate.score.toFixed(2)})`,
  'critique.completed': ({ critique }) =>
    `\n→ ${critique.verdict}: ${critique.issues.map(({ problem }) => problem).join('; ')}`,
  'revision.accepted': ({ reasons }) => `\n→ taken: ${reasons.join('; ')}`,
  'revision.rejected': ({ reasons }) => `\n→ refused: ${reasons.join('; ')}`,
};

let rest = '';
for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
  const frames = (rest + piece).split('\n\n');
  rest = frames.pop() ?? '';
  for (const frame of frames) {
    const data = frame.split('\n').find((line) => line.startsWith('data: '));
    if (data === undefined) continue;
    const event = JSON.parse(data.slice('data: '.length));
    process.stderr.write(told[event.type]?.(event) ?? '');
    if (event.type === 'run.completed') {
      process.stderr.write(`\n\n${event.reflection.decision}, ${event.reflection.usage.total_tokens} tokens\n`);
      console.log(event.reflection.output);
    }
    if (event.type === 'run.failed') {
      console.error(`\n${event.reflection.error.code}: ${event.reflection.error.message}`);
      process.exitCode = 1;
    }
  }
}
