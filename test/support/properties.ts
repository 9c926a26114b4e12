/** Property tests of synchronous code: fast-check's `assert` with nothing to wait for. */
import * as fc from 'fast-check';
import { expect } from 'vitest';

/** Asserts that the property holds for every example tried. */
export function holds<Values>(property: fc.IProperty<Values>, parameters: fc.Parameters<Values> = {}): void {
  expect(fc.assert(property, parameters)).toBeUndefined();
}
