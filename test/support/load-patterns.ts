/** Loads the pattern engine for every test file, so that tests may parse and check without waiting. */
import { loadPatterns } from '../../src/reflection/checks/pattern.ts';

await loadPatterns();
