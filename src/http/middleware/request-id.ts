/** The id of a request, which its answer returns in `x-request-id`. A valid id of the caller is kept. */

// Safe in a header, in a log line and in a URN.
const valid = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export function requestIdOf(given: string | undefined, randomId: () => string): string {
  return given !== undefined && valid.test(given) ? given : `req_${randomId()}`;
}
