/** Loads what some checks load when they are first needed, for every test file, so that tests may parse and check without waiting. */
import { prepareChecks } from '../../src/reflection/checks/checks.ts';

await prepareChecks([{ type: 'regex' }, { type: 'json_schema' }]);
