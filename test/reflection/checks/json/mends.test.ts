/** What code makes of JSON with a slip, and of JSON that its text speaks against; written by hand for this project. */
import { describe, expect, test } from 'vitest';
import { checkSchema } from '../../../../src/reflection/checks/checks.ts';
import { runChecks } from '../../../../src/reflection/checks/run-checks.ts';
import { repairByCode } from '../../../../src/reflection/rules/auto-fix.ts';
import { noContext } from '../judge.ts';

const schema = {
  type: 'object',
  required: ['name', 'price'],
  properties: { name: { type: 'string' }, price: { type: 'number' } },
};
const lamp = '{"name": "Lamp", "price": 12}';
const written = { type: 'json_schema', schema };

function mended(text: string): string {
  const declared = [checkSchema.parse(written)];
  return repairByCode(text, runChecks(text, declared, noContext), declared, noContext).text;
}

describe('an apostrophe', () => {
  test.each(["Tom's Lamp", "O'Neil", "Tom's and Ann's"])('in %j stays one', (name) => {
    expect(JSON.parse(mended(`{'name': '${name}', 'price': 12}`))).toEqual({ name, price: 12 });
  });

  test('that code cannot tell from a quotation mark leaves the text as it is', () => {
    const text = "{'name': 'the boys' room', 'price': 12}";
    expect(mended(text)).toBe(text);
  });

  test('is no hindrance to a quotation mark that stands in the text', () => {
    expect(JSON.parse(mended(`{'name': 'Lamp "L"', 'price': 12}`))).toEqual({ name: 'Lamp "L"', price: 12 });
  });
});

describe('JSON in a text', () => {
  test.each([
    `I think ${lamp} is wrong; do not use it.`,
    `Do not send ${lamp}, the price is outdated.`,
    `Never use ${lamp} for this.`,
    `First I had ${lamp}. But this is not right.`,
    `${lamp} ist falsch.`,
  ])('that rejects it is not taken: %s', (text) => {
    expect(mended(text)).toBe(text);
  });

  test.each([
    `Here is the JSON without comments: ${lamp}`,
    `Here it is:\n\`\`\`json\n${lamp}\n\`\`\`\nLet me know if you need more.`,
    `The object is ${lamp}. No other field is needed.`,
  ])('that gives it is taken: %s', (text) => {
    expect(mended(text)).toBe(lamp);
  });
});
