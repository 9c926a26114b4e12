/** Loads what the engine loads when it is first needed, so that tests may parse, check and judge without waiting. */
import { prepareAcceptance } from '../../src/reflection/acceptance.ts';
import { checks } from '../../src/reflection/checks/checks.ts';
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import { prepareModelJson } from '../../src/reflection/model-json.ts';

export async function loadAllCode(): Promise<void> {
  const everyType = Object.keys(checks).map((type) => ({ type }));
  await Promise.all([prepareChecks(everyType), prepareModelJson(), prepareAcceptance()]);
}
