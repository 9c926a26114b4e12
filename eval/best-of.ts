/** Best of n: more plain drafts instead of reflection, and the one is taken that the checks refute least. */
import type { Reflection, Usage } from '../src/reflection/record.ts';
import type { ReflectionBody } from '../src/reflection/request.ts';

/** What makes the drafts differ. The first is the baseline's own. */
const sampleTemperature = 0.7;

/** The best of `samples` answers, with the tokens, calls and time of all, and with the first as its draft. The earlier one wins a tie. */
export async function bestOf(
  samples: number,
  body: ReflectionBody,
  answer: (body: ReflectionBody) => Promise<Reflection>,
): Promise<Reflection> {
  const first = await answer(body);
  const all = [first];
  for (let index = 1; index < samples; index += 1)
    all.push(await answer({ ...body, temperature: sampleTemperature, seed: (body.seed ?? 0) + index }));
  const best = all.reduce((kept, next) => (refutedIn(next) < refutedIn(kept) ? next : kept));
  return {
    ...best,
    draft: first.output,
    usage: all.map(({ usage }) => usage).reduce(sumOf),
    timing: { ...best.timing, total_ms: all.reduce((sum, { timing }) => sum + timing.total_ms, 0) },
  };
}

/** An answer that never came is refuted by everything. */
function refutedIn({ status, checks }: Reflection): number {
  return status === 'completed' ? checks.filter((check) => check.status === 'fail').length : Number.POSITIVE_INFINITY;
}

function sumOf(one: Usage, other: Usage): Usage {
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    total_tokens: one.total_tokens + other.total_tokens,
    cost_usd: one.cost_usd + other.cost_usd,
    neurons: one.neurons === null || other.neurons === null ? null : one.neurons + other.neurons,
    passes: [...one.passes, ...other.passes],
  };
}
