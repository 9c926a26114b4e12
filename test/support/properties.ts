/** Property tests without a promise in between: what fast-check asserts of a synchronous property. */
import * as fc from 'fast-check';

/** Asserts that the property holds for every example tried. */
export function holds<Values>(property: fc.IProperty<Values>, parameters: fc.Parameters<Values> = {}): void {
  return fc.assert(property, parameters);
}
