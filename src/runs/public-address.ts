/** Which IP addresses belong to the public internet. Pure; spellings are left to the URL parser, which knows them all. */

/** https://www.iana.org/assignments/iana-ipv4-special-registry, and what clouds keep for themselves. */
const notPublic4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // Azure's host
  '169.254.0.0/16', // link-local, and the clouds' metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays, deprecated
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
].map((range) => rangeOf(range, bitsOf4, 32));

/**
 * The only part of IPv6 that is given out. https://www.iana.org/assignments/ipv6-address-space
 * Outside it are loopback, link-local, unique local and multicast addresses, and those that hold an IPv4 address: mapped, compatible, NAT64.
 */
const givenOut6 = rangeOf('2000::/3', bitsOf6, 128);

/** https://www.iana.org/assignments/iana-ipv6-special-registry */
const notPublic6 = [
  '2001::/23', // protocol assignments: Teredo, benchmarks, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: holds an IPv4 address
  '3fff::/20', // documentation
].map((range) => rangeOf(range, bitsOf6, 128));

/** Whether a URL's host, as the URL parser gives it, is an address and not a name. */
export function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}

/** Whether an address, in any spelling of its numbers that a URL takes, is a public one. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (!/^[\w.:[\]]+$/.test(address)) return false;
  const spelled = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  const host = URL.parse(`https://${spelled}/`)?.hostname ?? '';
  if (!isAddress(host)) return false;
  if (!host.startsWith('[')) {
    const bits = bitsOf4(host);
    return !notPublic4.some((range) => holds(range, bits));
  }
  const bits = bitsOf6(host.slice(1, -1));
  return holds(givenOut6, bits) && !notPublic6.some((range) => holds(range, bits));
}

interface AddressRange {
  /** The leading bits that all its addresses have. */
  readonly prefix: bigint;
  /** How many bits follow them. */
  readonly rest: bigint;
}

function rangeOf(range: string, bitsOf: (address: string) => bigint, width: number): AddressRange {
  const [base = '', length] = range.split('/');
  const rest = BigInt(width - Number(length));
  return { prefix: bitsOf(base) >> rest, rest };
}

function holds({ prefix, rest }: AddressRange, bits: bigint): boolean {
  return bits >> rest === prefix;
}

function bitsOf4(address: string): bigint {
  return address.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** As the URL parser writes it: in hexadecimal only, with `::` for at most one run of zeros. */
function bitsOf6(address: string): bigint {
  const [front = [], back = []] = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n);
}
