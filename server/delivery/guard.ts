import { BlockList, isIP } from 'node:net';

/** Addresses that no webhook belongs to: this machine, private networks, the cloud's metadata, and what is set aside (RFC 6890). */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
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
] as const)
  closed.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  closed.addSubnet(network, bits, 'ipv6');

/** Whether an address may be reached by everybody's webhooks. An IPv4 address in IPv6's clothes is judged as what it is. */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 4) return !closed.check(bare, 'ipv4');
  if (version !== 6) return false;
  const mapped = mappedAddress(bare);
  return mapped === null ? !closed.check(bare, 'ipv6') : isPublic(mapped);
}

/** The IPv4 address in `::ffff:0:0/96`, or null. */
function mappedAddress(address: string): string | null {
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelled) ?? [];
  if (high === undefined || low === undefined) return null;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}

/**
 * Whether a request may go to an address.
 * @param hosts names and addresses, with a port or without, that may be reached although they are private (HALYARD_OUTBOUND_HOSTS)
 * @param host the host of the URL, without brackets
 * @param address what it stands for, after the name was looked up
 */
export function mayReach(hosts: ReadonlySet<string>, host: string, address: string, port: number): boolean {
  if (isPublic(address)) return true;
  return [host.toLowerCase(), address].some((one) => hosts.has(one) || hosts.has(withPort(one, port)));
}

const withPort = (host: string, port: number): string => (isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`);
