/** Before each test file. */
import { loadAllCode } from './load-code.ts';

await loadAllCode();
