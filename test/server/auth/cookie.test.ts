import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { cameByHttps, readBearer, readCookie } from '../../../server/auth/cookie.ts';
import type { TrustProxy } from '../../../server/config.ts';

test('only the name that belongs to the connection counts', () => {
  const both = 'a=b; halyard=plain; __Host-halyard=prefixed';
  expect(readCookie(both, false)).toBe('plain');
  expect(readCookie(both, true)).toBe('prefixed');
  expect(readCookie('halyard=plain', true)).toBeNull();
  expect(readCookie('__Host-halyard=prefixed', false)).toBeNull();
  expect(readCookie(undefined, false)).toBeNull();
  expect(readCookie(`halyard=plain; x=${'y'.repeat(9000)}`, false)).toBeNull();
});

test.each([
  ['Bearer abc-_9', 'abc-_9'],
  ['bearer abc', 'abc'],
  ['Bearer', null],
  ['Bearer a b', null],
  ['Basic YTpi', null],
  [`Bearer ${'x'.repeat(201)}`, null],
  [undefined, null],
])('the header %s carries %s', (header, token) => {
  expect(readBearer(header)).toBe(token);
});

/** What Express and this hub say about one request, under one setting. */
async function judged(trustProxy: TrustProxy, forwarded: string | null): Promise<{ express: boolean; hub: boolean }> {
  const app = express();
  app.set('trust proxy', trustProxy);
  const trusted: (address: string, hop: number) => boolean = app.get('trust proxy fn');
  app.get('/', (request, response) => {
    const arrival = { headers: request.headers, address: request.socket.remoteAddress ?? '', secure: false };
    response.json({ express: request.secure, hub: cameByHttps(arrival, trusted) });
  });
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const headers = forwarded === null ? {} : { 'x-forwarded-proto': forwarded };
    const request = send({ host: '127.0.0.1', port, path: '/', headers }).end();
    const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
    let body = '';
    for await (const chunk of response) body += chunk.toString();
    return JSON.parse(body) as { express: boolean; hub: boolean };
  } finally {
    server.close();
  }
}

test.each<[TrustProxy, string | null, boolean]>([
  [false, 'https', false],
  [1, 'https', true],
  [1, 'http', false],
  [1, null, false],
  [2, 'https, http', true],
  [1, 'http, https', false],
  [['loopback'], 'https', true],
  [['10.0.0.0/8'], 'https', false],
])('with trust %s and X-Forwarded-Proto %s Express and the hub agree on https: %s', async (trust, forwarded, https) => {
  expect(await judged(trust, forwarded)).toEqual({ express: https, hub: https });
});

test('an encrypted connection is https by itself', () => {
  expect(cameByHttps({ headers: {}, address: '10.0.0.9', secure: true }, () => false)).toBe(true);
});
