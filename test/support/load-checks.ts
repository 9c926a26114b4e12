/** Loads what some checks load when they are first needed, for every test file, so that tests may parse and check without waiting. */
import { checks } from '../../src/reflection/checks/checks.ts';
import { prepareChecks } from '../../src/reflection/declared-checks.ts';
import { prepareModelJson } from '../../src/reflection/model-json.ts';

await prepareChecks(Object.keys(checks).map((type) => ({ type })));
await prepareModelJson();
