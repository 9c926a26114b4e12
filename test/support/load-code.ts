/** Loads what the engine loads when it is first needed, so that tests may parse, check and judge without waiting. */

import { prepareCalledTools } from '../../src/models/offered-tools.ts';
import { checks } from '../../src/reflection/checks/checks.ts';
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import { prepareDiff } from '../../src/reflection/included-diff.ts';
import { prepareInference } from '../../src/reflection/inferred-checks.ts';
import { prepareModelJson } from '../../src/reflection/model-json.ts';
import { prepareAcceptance } from '../../src/reflection/rules/acceptance.ts';
import { prepareTools } from '../../src/reflection/tools.ts';

export async function loadAllCode(): Promise<void> {
  const everyType = Object.keys(checks).map((type) => ({ type }));
  await Promise.all([
    prepareChecks(everyType),
    prepareModelJson(),
    prepareAcceptance(),
    prepareInference(),
    prepareDiff(),
    prepareTools(),
    prepareCalledTools(),
  ]);
}
