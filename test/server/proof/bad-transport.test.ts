import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { newId } from '../../../shared/contract/uuid.ts';
import { protocolVersion } from '../../../shared/contract/version.ts';
import { Floor } from '../../support/floor.ts';
import { request } from '../../support/http.ts';
import { seeded } from '../../support/random.ts';
import { RawSocket } from '../../support/raw-socket.ts';
import { Stage } from '../../support/stage.ts';
import { until } from '../../support/wait.ts';

/** I12 below the frames: packets, connections, requests. Whoever sends such things may be cut; nobody else notices. */
let floor: Floor;
let stage: Stage;
let token: string;

beforeAll(async () => {
  floor = await Floor.start({ rates: false });
  stage = await Stage.open(floor);
  token = await floor.token(stage.home, 'Omar');
});
afterAll(() => floor.close());

const wide = process.env.HALYARD_PROOF === '1';

/** Somebody who was connected all along is still served, a new one comes in, and the hub made no mistake. */
async function unharmed(): Promise<void> {
  const personId = stage.home.person('Priya');
  for (const status of ['busy', 'break'] as const)
    expect(await stage.of('Priya').send('person:set-status', { personId, status })).toMatchObject({ ok: true });
  expect(stage.of('Priya').socket.connected).toBe(true);
  expect((await request(floor.url, 'GET', '/readyz')).status).toBe(200);
  expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

const frame = (): object => ({
  id: newId(Date.now()),
  organisationId: stage.home.id,
  name: 'flag:ask-join',
  input: { flagId: newId(0) },
});
const staff = (): Promise<RawSocket> => RawSocket.in(floor.url, 'staff', { token });

describe('a packet', () => {
  const event = (...parts: unknown[]): string => `42/staff,${JSON.stringify(parts)}`;
  const packets: readonly (readonly [string, () => readonly (string | Buffer)[]])[] = [
    ['of an unknown event', () => [event('nothing', {}), event('snapshot', {}), event('event', {})]],
    ['named error', () => [event('error'), event('error', new Array(5).fill('x'))]],
    [
      'of a reserved name',
      () => [
        event('disconnect'),
        event('connect'),
        event('disconnecting'),
        event('newListener', 'x'),
        event('removeListener'),
      ],
    ],
    [
      'whose name is an object',
      () => [event({ toString: 'x' }, 1), event([['command']], {}), event(null), event(7, {})],
    ],
    ['of an inherited name', () => [event('__proto__', {}), event('constructor', {}), event('hasOwnProperty', {})]],
    ['that is no list', () => ['42/staff,{}', '42/staff,"command"', '42/staff,null', '42/staff,[]', '42/staff,']],
    ['that is no JSON', () => ['42/staff,[', '42/staff,["command"', '42/staff,[undefined]', '42/staff,\u0000']],
    ['of an unknown type', () => ['49/staff,[]', '4', '47', '4x', '9', '']],
    [
      'for a namespace that is none',
      () => ['40/admin,{}', '42/nothing,["x"]', '40/__proto__,{}', '40/staff/../customer,{}'],
    ],
    [
      'that connects twice',
      () => [
        `40/staff,{"token":"x"}`,
        `40/staff,${JSON.stringify({ token: 'y' })}`,
        '41/staff,',
        '42/staff,["hello",{}]',
      ],
    ],
    [
      'with a wild acknowledgement id',
      () => [`42/staff,99999999999999999999["command",{}]`, '42/staff,-1["command",{}]', '42/staff,1e9["command",{}]'],
    ],
    ['that answers what nobody asked', () => ['43/staff,1["x"]', '43/staff,0[]', '43/staff,99999[null]']],
    [
      'with the acknowledgement id of another',
      () => [1, 1, 1].map(() => `42/staff,1["command",${JSON.stringify(frame())}]`),
    ],
    [
      'with a placeholder and no attachment',
      () => ['451-/staff,["command",{"_placeholder":true,"num":0}]', event('command', {})],
    ],
    [
      'with a placeholder out of range',
      () => ['451-/staff,["command",{"_placeholder":true,"num":7}]', Buffer.from('x')],
    ],
    [
      'with a placeholder where a method is',
      () => ['451-/staff,["command",{"_placeholder":true,"num":"splice"}]', Buffer.from('x')],
    ],
    ['with an attachment', () => ['451-/staff,["command",{"_placeholder":true,"num":0}]', Buffer.from('{}')]],
    [
      'with eleven attachments',
      () => [
        `4511-/staff,["command",[${Array.from({ length: 11 }, (_, num) => `{"_placeholder":true,"num":${num}}`).join(',')}]]`,
        ...Array.from({ length: 11 }, () => Buffer.alloc(10)),
      ],
    ],
    ['that announces a million attachments', () => ['451000000-/staff,["command"]', Buffer.alloc(1)]],
    ['that is an attachment out of nowhere', () => [Buffer.alloc(100), Buffer.alloc(0)]],
    ['nested 20,000 deep', () => [`42/staff,["command",${'['.repeat(20_000)}${']'.repeat(20_000)}]`]],
    ['of Engine.IO alone', () => ['0', '1', '2', '2probe', '5', '6', '3']],
  ];

  test.each(packets)('%s', async (_what, make) => {
    const raw = await staff();
    raw.send(event('hello', { version: protocolVersion, screen: 'console', resume: {} }));
    for (const packet of make()) raw.send(packet);
    // Either the hub has cut it, or it is still served: a frame after all that is answered.
    raw.send(`42/staff,77["command",${JSON.stringify(frame())}]`);
    await until('an answer or an end', () => raw.closed || raw.got.some((text) => text.startsWith('43/staff,77[')));
    await unharmed();
    raw.close();
  });

  test('over 64 KB ends its connection and no other', async () => {
    const raw = await staff();
    raw.send(event('command', { ...frame(), input: 'x'.repeat(70_000) }));
    await until('the end', () => raw.closed);
    expect(raw.code).toBe(1009);
    await unharmed();
  });

  test('of just under 64 KB is read, and refused for what it holds', async () => {
    const raw = await staff();
    raw.send(`42/staff,5["command",${JSON.stringify({ ...frame(), input: { flagId: 'x'.repeat(60_000) } })}]`);
    await until('the answer', () =>
      raw.got.some((text) => text.startsWith('43/staff,5[') && text.includes('bad_input')),
    );
    raw.close();
    await unharmed();
  });

  test('in a thousand fragments is put together; never-ending fragments are cut off', async () => {
    const raw = await staff();
    const text = `42/staff,6["command",${JSON.stringify(frame())}]`;
    for (const [at, letter] of [...text].entries()) raw.socket.send(letter, { fin: at === text.length - 1 });
    await until('the answer', () => raw.closed || raw.got.some((one) => one.startsWith('43/staff,6[')));
    raw.close();
    const endless = await staff();
    for (let at = 0; at < (wide ? 200_000 : 20_000) && !endless.closed; at += 1) {
      if (endless.socket.readyState !== WebSocket.OPEN) break;
      endless.socket.send('xxxx', { fin: false }, () => {});
      if (at % 1000 === 0) await new Promise((next) => setImmediate(next));
    }
    await until('the end', () => endless.closed);
    await unharmed();
    endless.close();
  });
});

test(
  `${wide ? '100,000' : '3,000'} packets of noise, on both namespaces`,
  async () => {
    const seed = wide ? Date.now() : 11;
    console.log(`noise of seed ${seed}`);
    const random = seeded(seed);
    const parts = [
      '42',
      '40',
      '41',
      '43',
      '451-',
      '45',
      '2',
      '3',
      '/staff,',
      '/customer,',
      '/,',
      '["command",',
      '["hello",',
      '["send",',
      '["volatile",',
      '{',
      '}',
      ']',
      '"',
      '\\u0000',
      '1',
      '-1',
      'null',
      '_placeholder',
      '"num":0',
      '🧑‍🚒',
      '__proto__',
      ',',
      ':',
      JSON.stringify(frame()),
    ];
    const before = process.memoryUsage().rss;
    let raw: RawSocket | null = null;
    for (let at = 0; at < (wide ? 100_000 : 3000); at += 1) {
      if (raw === null || raw.closed || raw.socket.readyState !== WebSocket.OPEN) {
        raw?.close();
        raw = at % 2 === 0 ? await staff() : await RawSocket.in(floor.url, 'customer', {});
      }
      const noise = Array.from({ length: random.between(1, 8) }, () => random.pick(parts)).join('');
      raw.send(random.chance(0.1) ? Buffer.from(noise) : noise);
      if (at % 200 === 0) await unharmed();
    }
    raw?.close();
    await unharmed();
    if (wide) expect((process.memoryUsage().rss - before) / 1024 / 1024).toBeLessThan(200);
  },
  wide ? 900_000 : 60_000,
);

describe('a connection that says nothing', () => {
  const opened = performance.now();
  test('is closed after 5 s: without a namespace, with a token that is none, and without a hello', async () => {
    const silent = await Promise.all([
      RawSocket.open(floor.url),
      RawSocket.open(floor.url).then((raw) => {
        raw.send('40/staff,{"token":"made up"}');
        return raw;
      }),
      RawSocket.open(floor.url).then((raw) => {
        raw.send('40/nothing,{}');
        return raw;
      }),
      RawSocket.in(floor.url, 'customer', {}),
      staff(),
    ]);
    const [, refused] = silent;
    await until('the token to be refused', () => refused?.got.some((text) => text.startsWith('44/staff')));
    const from = performance.now();
    await until('all of them to be closed', () => silent.every((raw) => raw.closed), 7000);
    for (const raw of silent) expect((raw.closedAt ?? 0) - from).toBeLessThan(6000);
    expect(opened).toBeGreaterThan(0);
    await unharmed();
  });
});

describe('an origin', () => {
  const own = (): string => floor.url;
  const port = (): string => new URL(floor.url).port;
  const origins: readonly (readonly [string, () => string | null, boolean])[] = [
    ['of the hub itself', own, true],
    ['that is listed', () => 'https://shop.example', true],
    ['of none: a program', () => null, true],
    ['null', () => 'null', false],
    ['of another site', () => 'https://evil.example', false],
    ['with the listed one as a prefix', () => 'https://shop.example.evil.example', false],
    ['with the listed one as a suffix', () => 'https://notshop.example', false],
    ['of a subdomain', () => 'https://a.shop.example', false],
    ['with another port', () => 'https://shop.example:444', false],
    ['with another scheme', () => 'http://shop.example', false],
    ['in capitals', () => 'https://SHOP.example', false],
    ['with a path', () => 'https://shop.example/', false],
    ['with a user', () => 'https://shop.example@evil.example', false],
    ['of another name for this machine', () => `http://localhost:${port()}`, false],
    ['of a file', () => 'file://', false],
  ];

  test.each(origins)('%s', async (_what, make, allowed) => {
    const origin = make();
    const headers = origin === null ? {} : { origin };
    const poll = await raw('GET', '/socket.io/?EIO=4&transport=polling', headers);
    expect(poll.status, 'polling').toBe(allowed ? 200 : 403);
    const upgraded = await new Promise<boolean>((done) => {
      const socket = new WebSocket(`${floor.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
        headers,
      });
      socket.on('open', () => {
        done(true);
        socket.terminate();
      });
      socket.on('error', () => done(false));
    });
    expect(upgraded, 'handshake').toBe(allowed);
    const command = await raw(
      'POST',
      '/api/command/flag:ask-join',
      { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      JSON.stringify({ id: newId(Date.now()), input: { flagId: newId(0) } }),
    );
    expect(command.status, 'a command over HTTP').toBe(allowed ? 404 : 403);
  });
});

interface Raw {
  readonly status: number;
  readonly text: string;
}

/** A request with headers and paths that `fetch` would mend. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string | string[]>,
  body?: string | Buffer,
): Promise<Raw> {
  const { hostname, port } = new URL(floor.url);
  return new Promise((done, failed) => {
    const sent = httpRequest({ host: hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

describe('a request', () => {
  const json = (): Record<string, string> => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  const command = '/api/command/flag:ask-join';
  const good = (): object => ({ id: newId(Date.now()), input: { flagId: newId(0) } });
  const requests: readonly (readonly [string, () => Promise<Raw>])[] = [
    ['whose body is no JSON', () => raw('POST', command, json(), '{"id":')],
    ['whose body is nothing', () => raw('POST', command, json(), '')],
    ['whose body is a list', () => raw('POST', command, json(), '[1,2]')],
    ['whose body is a word', () => raw('POST', command, json(), '"x"')],
    ['whose body is null', () => raw('POST', command, json(), 'null')],
    [
      'with a prototype in its body',
      () => raw('POST', command, json(), `{"__proto__":{"id":1},"id":"${newId(0)}","input":{}}`),
    ],
    ['with 100 KB', () => raw('POST', command, json(), JSON.stringify({ ...good(), more: 'x'.repeat(100_000) }))],
    [
      'with a bomb',
      () => raw('POST', command, { ...json(), 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(20_000_000, 32))),
    ],
    ['with broken compression', () => raw('POST', command, { ...json(), 'content-encoding': 'gzip' }, 'not gzip')],
    ['with a compression of its own', () => raw('POST', command, { ...json(), 'content-encoding': 'sdch' }, '{}')],
    [
      'in another charset',
      () => raw('POST', command, { ...json(), 'content-type': 'application/json; charset=utf-32' }, '{}'),
    ],
    [
      'of a form',
      () => raw('POST', command, { ...json(), 'content-type': 'application/x-www-form-urlencoded' }, 'id=1'),
    ],
    [
      'nested 30,000 deep',
      () => raw('POST', command, json(), `{"id":"${newId(0)}","input":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
    ],
    [
      'for a command with an inherited name',
      () => raw('POST', '/api/command/__proto__', json(), JSON.stringify(good())),
    ],
    [
      'for a command that only the hub gives',
      () => raw('POST', '/api/command/offer:route', json(), JSON.stringify({ ...good(), input: { subject: '' } })),
    ],
    ['for a command with a broken escape', () => raw('POST', '/api/command/%E0%A4%A', json(), JSON.stringify(good()))],
    ['for a transcript of NUL', () => raw('GET', '/api/conversation/%00/transcript', json())],
    ['for a transcript of a broken escape', () => raw('GET', '/api/conversation/%c0%af/transcript', json())],
    ['for a transcript up the tree', () => raw('GET', '/api/conversation/..%2f..%2fperson/transcript', json())],
    [
      'for a transcript in capitals',
      () => raw('GET', `/api/conversation/${newId(0).toUpperCase()}/transcript`, json()),
    ],
    ...['-1', '0', '1.5', 'NaN', '1e309', '9007199254740993', '', 'x', '1&before=2'].map(
      (before) =>
        [
          `for a transcript before ${before}`,
          () => raw('GET', `/api/conversation/${newId(0)}/transcript?before=${before}`, json()),
        ] as const,
    ),
    ...['1e300', '-1e300', '8.7e15', '-8.7e15', '1e309', 'NaN', 'x', '1&before=2'].map(
      (before) =>
        [
          `for history before ${before}`,
          () => raw('GET', `/api/conversation?closed&before=${before}`, json()),
        ] as const,
    ),
    ['for history of a customer who is none', () => raw('GET', '/api/conversation?customerId=x', json())],
    [
      'for history of two customers',
      () => raw('GET', `/api/conversation?customerId=${newId(0)}&customerId=${newId(1)}`, json()),
    ],
    ['for history by operator', () => raw('GET', '/api/conversation?before[$gt]=1', json())],
    ['for history by prototype', () => raw('GET', '/api/conversation?__proto__[x]=1', json())],
    ['with more in its query', () => raw('GET', '/api/conversation?closed&limit=100000', json())],
    [
      'with a token of 10,000 letters',
      () => raw('GET', '/api/person', { authorization: `Bearer ${'x'.repeat(10_000)}` }),
    ],
    ['with a token that is SQL', () => raw('GET', '/api/person', { authorization: `Bearer ' or 1=1 --` })],
    [
      'with a cookie that is none',
      () => raw('GET', '/auth/me', { cookie: `halyard=%00; __Host-halyard=%E0%A4%A; =;;=;${'a=b;'.repeat(500)}` }),
    ],
    ['with an authorisation of another kind', () => raw('GET', '/auth/me', { authorization: 'Basic AAAA' })],
    [
      'to sign in with objects',
      () => raw('POST', '/auth/sign-in', json(), '{"email":{"$ne":null},"password":{"$ne":null}}'),
    ],
    ['to sign in with lists', () => raw('POST', '/auth/sign-in', json(), '{"email":["a@b.c"],"password":["x"]}')],
    ['to sign in with NUL', () => raw('POST', '/auth/sign-in', json(), '{"email":"a\\u0000@b.c","password":"x"}')],
    [
      'to sign in with half a letter',
      () => raw('POST', '/auth/sign-in', json(), '{"email":"a@b.c","password":"\\ud800"}'),
    ],
    [
      'to sign in with 100 KB',
      () => raw('POST', '/auth/sign-in', json(), JSON.stringify({ email: 'a@b.c', password: 'x'.repeat(100_000) })),
    ],
    [
      'to join with a link of half a megabyte',
      () => raw('POST', '/auth/join', json(), JSON.stringify({ secret: 'a'.repeat(7000), password: 'x' })),
    ],
    ['to enter the demo as somebody who is none', () => raw('POST', '/auth/demo', json(), '{"personId":"x"}')],
  ];

  test.each(requests)('%s', async (_what, ask) => {
    const { status, text } = await ask();
    expect(status, text.slice(0, 200)).toBeLessThan(500);
    expect(text).not.toMatch(/node_modules|at Object|Error:/);
    expect(floor.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('with 2,000 headers, or that is no HTTP, is cut off by itself', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => `x-${at}: ${'y'.repeat(20)}\r\n`).join('');
    const { port } = new URL(floor.url);
    for (const text of [
      `GET /livez HTTP/1.1\r\nhost: x\r\n${many}\r\n`,
      '\u0000\u0001\u0002\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET /livez HTTP/1.1\r\ncontent-length: -1\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=polling&sid=__proto__ HTTP/1.1\r\nhost: x\r\n\r\n',
      'GET /socket.io/?EIO=99&transport=x HTTP/1.1\r\nhost: x\r\n\r\n',
      'POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nxyz',
    ]) {
      const answer = await new Promise<string>((done) => {
        const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
        let got = '';
        socket.on('data', (chunk) => {
          got += chunk.toString();
          socket.end();
        });
        socket.on('close', () => done(got));
        socket.on('error', () => done(got));
      });
      expect(answer, text.slice(0, 60)).not.toMatch(/^HTTP\/1\.1 5/);
    }
    await unharmed();
  });
});
