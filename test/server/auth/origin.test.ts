import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { demoDoorOpen, isLoopback, originAllowed } from '../../../server/auth/origin.ts';

describe('an origin', () => {
  const config = { origins: ['https://www.shop.example', 'http://localhost:8080'] };
  const host = 'desk.halyard.example';

  test.each([
    ['the hub itself', 'https://desk.halyard.example', host],
    ['the hub itself, plain', 'http://desk.halyard.example', host],
    ['the hub itself with a port', 'http://127.0.0.1:4242', '127.0.0.1:4242'],
    ['the hub itself with the default port in Host', 'https://desk.halyard.example', 'desk.halyard.example:443'],
    ['the hub itself with Host in capitals', 'https://desk.halyard.example', 'Desk.Halyard.Example'],
    ['IPv6', 'http://[::1]:4242', '[::1]:4242'],
    ['a listed one', 'https://www.shop.example', host],
    ['none: a program', undefined, host],
  ])('passes: %s', (_what, origin, requestHost) => {
    expect(originAllowed(config, origin, requestHost)).toBe(true);
  });

  test.each([
    ['null', 'null'],
    ['empty', ''],
    ['another site', 'https://evil.example'],
    ['our name as its prefix', 'https://desk.halyard.example.evil.example'],
    ['our name as its suffix', 'https://notdesk.halyard.example'],
    ['a subdomain of ours', 'https://a.desk.halyard.example'],
    ['another port', 'https://desk.halyard.example:8443'],
    ['another scheme', 'ftp://desk.halyard.example'],
    ['capitals', 'https://DESK.halyard.example'],
    ['a path', 'https://desk.halyard.example/'],
    ['a user', 'https://desk.halyard.example@evil.example'],
    ['a listed one with another scheme', 'http://www.shop.example'],
    ['a listed one with another port', 'https://www.shop.example:444'],
    ['two at once', 'https://www.shop.example, https://evil.example'],
    ['a file', 'file://'],
    ['an unreadable one', 'https://[::1'],
  ])('is refused: %s', (_what, origin) => {
    expect(originAllowed(config, origin, host)).toBe(false);
  });

  test('is refused when the request names no host, or one that is none', () => {
    expect(originAllowed(config, 'https://desk.halyard.example', undefined)).toBe(false);
    expect(originAllowed(config, 'https://desk.halyard.example', 'desk.halyard.example/x')).toBe(false);
    expect(originAllowed(config, 'https://evil.example', 'user@evil.example')).toBe(false);
  });
});

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['localhost.evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['127.1', false],
  ['', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});

describe('the demo door', () => {
  const config = { demo: true, host: '127.0.0.1' };
  const request = (headers: Record<string, string>, remoteAddress = '127.0.0.1'): IncomingMessage => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
    const message = new IncomingMessage(socket);
    message.headers = headers;
    return message;
  };

  test.each(['127.0.0.1:4242', 'localhost:4242', 'localhost', '[::1]:4242'])('is open for Host %s', (host) => {
    expect(demoDoorOpen(config, request({ host }))).toBe(true);
  });

  test('is shut when the hub has none or listens to others', () => {
    expect(demoDoorOpen({ ...config, demo: false }, request({ host: 'localhost' }))).toBe(false);
    expect(demoDoorOpen({ ...config, host: '0.0.0.0' }, request({ host: 'localhost' }))).toBe(false);
    expect(demoDoorOpen({ ...config, host: '192.168.1.4' }, request({ host: 'localhost' }))).toBe(false);
  });

  test.each([
    ['another Host', { host: 'desk.example' }],
    ['a name that a hostile name server moved here', { host: 'localhost.evil.example:4242' }],
    ['no Host', {}],
    ['Forwarded', { host: 'localhost', forwarded: 'for=10.0.0.1' }],
    ['X-Forwarded-For', { host: 'localhost', 'x-forwarded-for': '127.0.0.1' }],
    ['X-Forwarded-Host', { host: 'localhost', 'x-forwarded-host': 'localhost' }],
    ['X-Forwarded-anything', { host: 'localhost', 'x-forwarded-port': '' }],
    ['X-Real-IP', { host: 'localhost', 'x-real-ip': '127.0.0.1' }],
    ['Via', { host: 'localhost', via: '1.1 proxy' }],
  ])('is shut for %s', (_what, headers) => {
    expect(demoDoorOpen(config, request(headers))).toBe(false);
  });

  test('is shut for another machine', () => {
    expect(demoDoorOpen(config, request({ host: 'localhost' }, '192.168.1.9'))).toBe(false);
    expect(demoDoorOpen(config, request({ host: 'localhost' }, '::ffff:10.0.0.2'))).toBe(false);
  });
});
