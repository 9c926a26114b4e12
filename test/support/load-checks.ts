/** Loads what some checks load when they are first needed, for every test file, so that tests may parse and check without waiting. */
import { checks, prepareChecks } from '../../src/reflection/checks/checks.ts';

await prepareChecks(Object.keys(checks).map((type) => ({ type })));
