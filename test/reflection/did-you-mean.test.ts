import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { parseReflectionBody } from '../../src/reflection/request.ts';

/** What the refusal says of each field. */
function said(body: object): string[] {
  try {
    parseReflectionBody({ input: 'x', ...body });
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.fields.map(({ message }) => message);
  }
}

describe('a name that is not known', () => {
  test.each<[object, string]>([
    [{ max_tokens: 5 }, 'unknown field; did you mean `max_output_tokens`?'],
    [{ max_completion_tokens: 5 }, 'unknown field; did you mean `max_output_tokens`?'],
    [{ model: 'llama' }, 'unknown field; did you mean `tier`?'],
    [{ Temperature: 1 }, 'unknown field; did you mean `temperature`?'],
    [{ metdata: {} }, 'unknown field; did you mean `metadata`?'],
    [{ budget: { max_tokens: 5 } }, 'unknown field; did you mean `max_output_tokens`?'],
    [{ cache: { mdoe: 'reload' } }, 'unknown field; did you mean `mode`?'],
    [{ colour: 'red' }, 'unknown field'],
    [{ ['maximum_'.repeat(6)]: 5 }, 'unknown field'],
    [{ __proto: 1 }, 'unknown field'],
  ])('is told with what may have been meant: %o', (body, message) => {
    expect(said(body)).toEqual([message]);
  });

  test('of a check is told so too, and all that there are', () => {
    const [message = ''] = said({ checks: [{ type: 'word', max: 5 }] });
    expect(message).toMatch(/^expected a check: an object whose type is one of words, sentences, /);
    expect(message).toMatch(/; did you mean `words`\?$/);
    expect(said({ checks: [{ type: 'beauty' }] })[0]).not.toContain('did you mean');
  });
});
