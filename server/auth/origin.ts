import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';

/**
 * Whether a page of this origin may act upon the hub: the hub's own pages, and the origins of HALYARD_ORIGINS.
 *
 * No Origin at all passes: browsers send one with every POST and every socket handshake to another site, so its absence
 * means a program, or the hub's own page reading. `null` (a sandboxed frame, a file) never passes.
 * @param origin the Origin header
 * @param host the Host header of the same request
 */
export function originAllowed(
  config: Pick<Config, 'origins'>,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  // Browsers send an origin in its one spelling: anything else was written by somebody who hopes for a lax comparison.
  if (url.origin !== origin || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  if (config.origins.includes(origin)) return true;
  if (host === undefined || !/^[a-z0-9.:[\]-]+$/i.test(host)) return false;
  const own = `${url.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).origin === origin;
}

/** Whether an address or host name can only mean this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  if (bare === 'localhost' || bare === '::1') return true;
  const four = bare.startsWith('::ffff:') ? bare.slice(7) : bare;
  return isIP(four) === 4 && four.startsWith('127.');
}

function hostName(header: string): string {
  return header.replace(/:\d{1,5}$/, '');
}

/** Headers by which a proxy or a tunnel says that somebody stands behind it. */
const forwarding = new Set(['forwarded', 'x-real-ip', 'x-client-ip', 'via', 'cf-connecting-ip', 'true-client-ip']);

/** Whether this hub may have a demo door at all: it listens on this machine alone. */
export function hasDemoDoor(config: Pick<Config, 'demo' | 'host'>): boolean {
  return config.demo && isLoopback(config.host);
}

/**
 * Whether the demo door, where people enter without a password, is open for a request: the hub listens on this machine
 * alone, the request came from it, names it (a page that a hostile name server moved to 127.0.0.1 sends its own name), and
 * nobody forwarded it.
 */
export function demoDoorOpen(config: Pick<Config, 'demo' | 'host'>, request: IncomingMessage): boolean {
  if (!hasDemoDoor(config)) return false;
  const { host } = request.headers;
  if (host === undefined || !isLoopback(hostName(host))) return false;
  if (!isLoopback(request.socket.remoteAddress ?? '')) return false;
  return !Object.keys(request.headers).some((name) => forwarding.has(name) || name.startsWith('x-forwarded-'));
}
