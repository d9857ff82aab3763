import { type LookupAddress, lookup as lookUp } from 'node:dns';
import http, { type ClientRequest } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { DeliveryFault } from '../../shared/contract/connection.ts';
import type { OutgoingRequest, TargetAnswer } from '../channel/channel.ts';
import { mayReach } from './guard.ts';

/** What came of a request: an answer, or why there is none. */
export type Exchange =
  | (TargetAnswer & { readonly kind: 'answer'; readonly retryAfter: string | undefined })
  | { readonly kind: 'fault'; readonly fault: DeliveryFault };

/** Sends one request. Never throws, and is over within its time limit. */
export type Send = (request: OutgoingRequest) => Promise<Exchange>;

export interface OutboundOptions {
  /** What may be reached although it is private; see `mayReach`. */
  readonly hosts: readonly string[];
  /** From the look-up of the name to the last byte of the answer. */
  readonly timeoutMs?: number;
  /** Looks a name up: the system's own unless a test hands in another. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
}

/** Of an answer no more than this is read. */
const mostBytes = 64 * 1024;
const usualTimeoutMs = 10_000;

class RefusedAddress extends Error {}

/**
 * The way out. An address is judged when the connection is made, after the name was looked up, so that no name server can move a
 * target into a private network between the look and the leap. Redirects are not followed, because they would lead past that.
 */
export function createOutbound(options: OutboundOptions): Send {
  const { timeoutMs = usualTimeoutMs, resolve = resolveName } = options;
  const hosts = new Set(options.hosts);

  const lookupFor =
    (port: number): LookupFunction =>
    (host, { all }, answer) => {
      resolve(host).then(
        (found) => {
          const open = found.filter(({ address }) => mayReach(hosts, host, address, port));
          const [first] = open;
          if (first === undefined) answer(new RefusedAddress(host), '', 4);
          else if (all === true) answer(null, [...open]);
          else answer(null, first.address, first.family);
        },
        (error: NodeJS.ErrnoException) => answer(error, '', 4),
      );
    };

  return ({ url: given, headers, body }) =>
    new Promise((done) => {
      if (!URL.canParse(given)) return done({ kind: 'fault', fault: 'unreachable' });
      const url = new URL(given);
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
      // An address in the URL itself is never looked up.
      if (isIP(host) !== 0 && !mayReach(hosts, host, host, port))
        return done({ kind: 'fault', fault: 'refused_address' });
      let request: ClientRequest;
      const timer = setTimeout(() => {
        done({ kind: 'fault', fault: 'timeout' });
        request.destroy();
      }, timeoutMs);
      const end = (exchange: Exchange): void => {
        clearTimeout(timer);
        done(exchange);
      };
      const failed = (error: unknown): void =>
        end({ kind: 'fault', fault: error instanceof RefusedAddress ? 'refused_address' : 'unreachable' });
      try {
        request = (url.protocol === 'https:' ? https : http).request(url, {
          method: 'POST',
          // One connection for each request: one that was kept open may be gone just when it is needed.
          agent: false,
          lookup: lookupFor(port),
          headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Halyard' },
        });
      } catch (error) {
        // A header that cannot be sent, or an address that Node refuses.
        return failed(error);
      }
      request.on('error', failed);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        const answered = (): void =>
          end({
            kind: 'answer',
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks).subarray(0, mostBytes).toString(),
            retryAfter: response.headers['retry-after'],
          });
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length < mostBytes) return;
          answered();
          request.destroy();
        });
        response.on('end', answered);
        // The status has come, and it is what counts.
        response.on('error', answered);
      });
      request.end(body);
    });
}

const resolveName = (host: string): Promise<readonly LookupAddress[]> =>
  new Promise((found, failed) => {
    lookUp(host, { all: true }, (error, addresses) => (error === null ? found(addresses) : failed(error)));
  });
