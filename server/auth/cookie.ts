import type { IncomingHttpHeaders } from 'node:http';
import { parseCookie } from 'cookie';

/**
 * The session cookie. Over https it carries the `__Host-` prefix, which no neighbouring host and no plain connection can set
 * (RFC 6265bis, 4.1.3.2); over plain http, on one's own machine, browsers refuse that name.
 */
export function cookieName(secure: boolean): string {
  return secure ? '__Host-halyard' : 'halyard';
}

/** The session token in a Cookie header, or null. Only the name that belongs to the connection counts. */
export function readCookie(header: string | undefined, secure: boolean): string | null {
  if (header === undefined || header.length > 8192) return null;
  return parseCookie(header)[cookieName(secure)] ?? null;
}

/** The token of an Authorization header, or null. */
export function readBearer(header: string | undefined): string | null {
  return /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(header ?? '')?.[1] ?? null;
}

/** The part of a socket's handshake, or of a request, that says how it came. */
export interface Arrival {
  readonly headers: IncomingHttpHeaders;
  /** The other end of the connection. */
  readonly address: string;
  /** Whether the connection itself is encrypted. */
  readonly secure: boolean;
}

/**
 * Whether it came by https, judged as Express judges `request.secure`, for what Express does not see (sockets): the two must
 * agree, or the cookie that one of them set is not found by the other.
 * @param trusted Express' own judgement of a proxy: `app.get('trust proxy fn')`
 */
export function cameByHttps(arrival: Arrival, trusted: (address: string, hop: number) => boolean): boolean {
  if (arrival.secure) return true;
  if (!trusted(arrival.address, 0)) return false;
  const forwarded = arrival.headers['x-forwarded-proto'];
  // Of several proxies the first one in the list is the one that the browser spoke to.
  return (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim() === 'https';
}
