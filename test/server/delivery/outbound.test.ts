import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutbound } from '../../../server/delivery/outbound.ts';

/** The way out, before a real server on this machine. */
let server: Server;
let answer: Parameters<typeof createServer>[1];
let asked: string[];
let port: number;

beforeEach(async () => {
  asked = [];
  answer = (_request, response) => void response.writeHead(200, { 'retry-after': '7' }).end('taken');
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    request.resume();
    request.on('end', () => answer?.(request, response));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const request = (url: string, headers: Record<string, string> = {}) => ({ url, headers, body: '{"a":"\u00e9"}' });
const here = (): string => `http://127.0.0.1:${port}/hook?x=1`;
const open = { hosts: ['127.0.0.1'] };

describe('S1.2 messaging, the way out', () => {
  test('posts, and gives status, body and Retry-After', async () => {
    expect(await createOutbound(open)(request(here()))).toEqual({
      kind: 'answer',
      status: 200,
      body: 'taken',
      retryAfter: '7',
    });
    expect(asked).toEqual([`POST /hook?x=1 127.0.0.1:${port}`]);
  });

  test.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::1]:PORT/',
    'http://localhost:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
  ])('%s is refused, and not asked', async (url) => {
    expect(await createOutbound({ hosts: [] })(request(url.replace('PORT', String(port))))).toEqual({
      kind: 'fault',
      fault: 'refused_address',
    });
    expect(asked).toEqual([]);
  });

  test('a name that stands for a private address is refused when the connection is made', async () => {
    const send = createOutbound({ hosts: [], resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    const url = `http://rebind.example:${port}/`;
    expect(await send(request(url))).toEqual({ kind: 'fault', fault: 'refused_address' });
    expect(asked).toEqual([]);
    const listed = createOutbound({
      hosts: [`rebind.example:${port}`],
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    expect(await listed(request(url))).toMatchObject({ kind: 'answer', status: 200 });
  });

  test('of several addresses only those that may be reached are tried', async () => {
    const send = createOutbound({
      hosts: ['127.0.0.1'],
      resolve: async () => [
        { address: '10.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    });
    expect(await send(request(`http://both.example:${port}/`))).toMatchObject({ status: 200 });
  });

  test('a redirect is an answer, and is not followed', async () => {
    answer = (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    expect(await createOutbound(open)(request(here()))).toMatchObject({ kind: 'answer', status: 302 });
    expect(asked).toHaveLength(1);
  });

  test('whoever does not answer is waited for no longer than the limit', async () => {
    answer = () => {};
    expect(await createOutbound({ ...open, timeoutMs: 60 })(request(here()))).toEqual({
      kind: 'fault',
      fault: 'timeout',
    });
    answer = (_request, response) => void response.writeHead(200).write('drop by drop');
    expect(await createOutbound({ ...open, timeoutMs: 60 })(request(here()))).toEqual({
      kind: 'fault',
      fault: 'timeout',
    });
  });

  test('of a long answer 64 KB are read', async () => {
    answer = (_request, response) => void response.writeHead(200).end('x'.repeat(1024 * 1024));
    const got = await createOutbound(open)(request(here()));
    expect(got.kind === 'answer' && got.body.length).toBe(64 * 1024);
  });

  test('nobody there, no such name, no address, a broken header: a fault, never an error', async () => {
    const send = createOutbound({ ...open, resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    for (const [url, headers] of [
      ['http://127.0.0.1:1/', {}],
      ['http://nowhere.invalid/', {}],
      ['nonsense', {}],
      [here(), { authorization: 'Bearer \u{1F600}' }],
    ] as const)
      expect(await send(request(url, headers)), url).toEqual({ kind: 'fault', fault: 'unreachable' });
    answer = (incoming) => void incoming.socket.destroy();
    expect(await send(request(here()))).toEqual({ kind: 'fault', fault: 'unreachable' });
  });
});
