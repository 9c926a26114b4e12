/** Records as a stored reflection is read: of the real engine over a scripted model. */
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import { type Reflection, withRequest } from '../../src/reflection/record.ts';
import type { ReflectionBody } from '../../src/reflection/request.ts';
import { request, run, tools } from './reflections.ts';
import type { Scenario } from './scenarios.ts';
import { scriptedModel } from './scripted-model.ts';

/** `body` is put over the scenario's own; the draft is in the record unless it says otherwise. */
export async function storedRecord(
  { body, script, tools: part }: Scenario,
  over: Partial<ReflectionBody> = {},
): Promise<Reflection> {
  await prepareChecks(over.checks ?? body.checks ?? []);
  const asked = request({ ...body, store: true, include: ['draft'], ...over });
  const { record } = await run(asked, tools(scriptedModel(script), part));
  return withRequest(record, asked);
}
