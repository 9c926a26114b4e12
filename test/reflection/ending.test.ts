import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { runErrorOf } from '../../src/reflection/ending.ts';

test('a failed run’s record says which fields were wrong and when to ask again, where that is known', () => {
  const fields = [{ field: 'input', message: 'too long' }];
  expect(runErrorOf(new AppError('invalid_request', 'No.', { fields, retryAfterSeconds: 7 }))).toEqual({
    code: 'invalid_request',
    message: 'No.',
    fields,
    retry_after_s: 7,
  });
  expect(runErrorOf(new AppError('upstream_failed', 'No.'))).toEqual({ code: 'upstream_failed', message: 'No.' });
});
