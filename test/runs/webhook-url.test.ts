/** Which addresses a notice may be sent to, however they are spelled. */
import { BlockList, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { isPublicAddress } from '../../src/runs/public-address.ts';
import { assertWebhookAddress, webhookAddressProblem } from '../../src/runs/webhook-url.ts';
import { holds } from '../support/properties.ts';
import { allowedAddresses, refusedAddresses } from '../support/webhook-addresses.ts';

const strict = { allowPrivate: false };

test.each(refusedAddresses)('%s is refused', (url) => {
  expect(webhookAddressProblem(url, strict)).toMatch(/^expected /);
});

test.each(allowedAddresses)('%s is allowed', (url) => {
  expect(webhookAddressProblem(url, strict)).toBeNull();
});

test('a refusal is a 400 that names the field and what was expected there', () => {
  expect(() => assertWebhookAddress('https://127.1/', strict)).toThrow(AppError);
  const refusal = () => assertWebhookAddress('http://hooks.example.com/', strict);
  expect(refusal).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      fields: [{ field: 'webhook', message: 'expected an https URL' }],
    }),
  );
  expect(() => assertWebhookAddress('https://hooks.example.com/', strict)).not.toThrow();
});

test('an operator may allow plain http and private hosts, and nothing else', () => {
  const problem = (url: string) => webhookAddressProblem(url, { allowPrivate: true });
  for (const url of ['http://127.0.0.1:9000/', 'https://localhost/', 'http://[::1]/', 'http://receiver:80/']) {
    expect(problem(url)).toBeNull();
  }
  for (const url of ['ftp://127.0.0.1/', 'http://user@localhost/', 'localhost', '']) {
    expect(problem(url)).toMatch(/^expected /);
  }
});

/** Node's own list of ranges, given what RFC 6890 and its heirs say. */
const special = new BlockList();
for (const [base, length] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special.addSubnet(base, length, 'ipv4');
}
special.addRange('::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ipv6');
special.addRange('4000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ipv6');
for (const [base, length] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  special.addSubnet(base, length, 'ipv6');
}

const anIpv4 = fc.oneof(
  fc.ipV4(),
  fc
    .tuple(fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 224, 255), fc.ipV4())
    .map(([first, rest]) => rest.replace(/^\d+/, String(first))),
  fc
    .tuple(fc.constantFrom('100.64', '169.254', '172.16', '172.31', '192.168', '192.0', '198.18', '198.51'), fc.ipV4())
    .map(([first, rest]) => rest.replace(/^\d+\.\d+/, first)),
);

describe('whether an address is public', () => {
  test('agrees with Node’s own reckoning of the special ranges', () => {
    holds(
      fc.property(anIpv4, (address) => {
        expect(isPublicAddress(address)).toBe(!special.check(address, 'ipv4'));
      }),
      { numRuns: 2_000 },
    );
    const group = fc.nat(0xffff).map((value) => value.toString(16));
    const first = fc.constantFrom('2001', '2002', '2003', '3fff', '2606', '0', 'fe80', 'fd00', '1fff', '4000');
    const second = fc.oneof(fc.constantFrom('0', 'db8', '1ff', '200', 'fff', '1000'), group);
    const anIpv6 = fc
      .tuple(fc.oneof(first, group), second, fc.array(group, { minLength: 6, maxLength: 6 }))
      .map(([one, two, rest]) => [one, two, ...rest].join(':'));
    holds(
      fc.property(fc.oneof(anIpv6, fc.ipV6().filter(isIPv6)), (address) => {
        expect(isPublicAddress(address)).toBe(!special.check(address, 'ipv6'));
      }),
      { numRuns: 2_000 },
    );
  });

  test('does not depend on how it is spelled', () => {
    holds(
      fc.property(anIpv4, (address) => {
        const parts = address.split('.').map(Number);
        const [a = 0, b = 0, c = 0, d = 0] = parts;
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const spellings = [
          String(number),
          `0x${number.toString(16)}`,
          `0${number.toString(8)}`,
          parts.map((part) => `0x${part.toString(16)}`).join('.'),
          parts.map((part) => `0${part.toString(8)}`).join('.'),
          `${a}.${(b * 256 + c) * 256 + d}`,
          `${a}.${b}.${c * 256 + d}`,
          `${address}.`,
        ];
        const verdicts = spellings.map((spelling) => isPublicAddress(spelling));
        expect(new Set([isPublicAddress(address), ...verdicts]).size).toBe(1);
      }),
    );
  });

  test('no IPv6 address that holds an IPv4 address passes for public', () => {
    holds(
      fc.property(
        fc.ipV4(),
        fc.constantFrom('::ffff:', '::', '64:ff9b::', '::ffff:0:', '64:ff9b:1::'),
        (address, before) => {
          expect(isPublicAddress(`${before}${address}`)).toBe(false);
        },
      ),
    );
  });

  test('what is no address is not public', () => {
    for (const text of [
      '',
      ' ',
      'example.com',
      '1.2.3.4.5',
      '::g',
      '1::2::3',
      ':',
      '[',
      '8.8.8.8/24',
      'fe80::1%eth0',
    ]) {
      expect(isPublicAddress(text)).toBe(false);
    }
  });
});
