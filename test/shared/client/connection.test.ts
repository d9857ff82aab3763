import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, expect, test } from 'vitest';
import { Connection, type LinkState } from '../../../shared/client/connection.ts';
import type { Refusal, RefusalCode } from '../../../shared/contract/refusal.ts';
import { refusal } from '../../../shared/contract/refusal.ts';
import { until } from '../../support/wait.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Door {
  /** How the next handshakes and hellos are answered, in order; whoever comes after these is let in. */
  readonly handshakes: RefusalCode[];
  readonly hellos: RefusalCode[];
  /** Handshakes and hellos so far, by the machine's clock, ms. */
  readonly tries: number[];
  readonly asked: number[];
}

const why = (code: RefusalCode): Refusal => refusal(code, `It is ${code}.`, 'See.');

/** The door of a hub, and a screen that comes to it. */
async function screenAt(door: Partial<Door>) {
  const { handshakes = [], hellos = [] } = door;
  const [tries, asked]: [number[], number[]] = [[], []];
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  io.of('/staff').use((_socket, next) => {
    tries.push(performance.now());
    const code = handshakes.shift();
    next(code === undefined ? undefined : new Error(code));
  });
  io.of('/staff').on('connection', (socket) => {
    socket.on('hello', (_hello: unknown, answer: (why: Refusal | null) => void) => {
      asked.push(performance.now());
      const code = hellos.shift();
      answer(code === undefined ? null : why(code));
      if (code === 'try_again') socket.disconnect(true);
      if (code === undefined)
        socket.emit('ready', { organisationId: 'o', epoch: 'e', position: 0, at: Date.now(), fallback: null });
    });
  });
  await new Promise<void>((ready) => http.listen(0, '127.0.0.1', ready));
  const links: [LinkState, string | null][] = [];
  const connection = new Connection({
    screen: 'console',
    token: null,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    listener: {
      live() {},
      link: (state, said) => links.push([state, said?.code ?? null]),
      events() {},
      again() {},
      volatile() {},
      heartbeat() {},
      fallback() {},
    },
  });
  closing.push(
    () => connection.close(),
    () => io.close(),
  );
  return { tries, asked, links, io, live: () => until('the screen to be live', () => links.at(-1)?.[0] === 'live') };
}

test('a hub that cannot read its database turns a screen away for now: it comes back by itself', async () => {
  const screen = await screenAt({ handshakes: ['try_again', 'try_again', 'try_again'] });
  await screen.live();
  expect(screen.tries).toHaveLength(4);
  expect(screen.links).toEqual([['live', null]]);
});

test('the same at hello, after the handshake', async () => {
  const screen = await screenAt({ hellos: ['try_again', 'try_again', 'rate_limited'] });
  await screen.live();
  expect(screen.asked).toHaveLength(4);
  expect(screen.links).toEqual([['live', null]]);
});

test('a hub in trouble is not asked without pause', async () => {
  const screen = await screenAt({ hellos: ['try_again', 'try_again', 'try_again', 'try_again'] });
  await screen.live();
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = screen.asked;
  // The first try is at once; the pauses after it are at least half of 250, 500 and 1,000 ms.
  expect(third - second).toBeGreaterThan(120);
  expect(fourth - third).toBeGreaterThan(240);
  expect(fifth - fourth).toBeGreaterThan(480);
  expect(second).toBeGreaterThan(first);
});

test('a hub that stops sends its screens away: they come back, each time at once', async () => {
  const screen = await screenAt({});
  for (const times of [1, 2, 3]) {
    await screen.live();
    screen.links.push(['connecting', null]);
    screen.io.of('/staff').disconnectSockets(true);
    await until('the screen to say hello again', () => screen.asked.length > times);
  }
  await screen.live();
});

test('whose session has ended while the screen was away is told so, and no hub is asked again', async () => {
  const screen = await screenAt({});
  await screen.live();
  screen.io.of('/staff').use((_socket, next) => next(new Error('not_signed_in')));
  screen.io.of('/staff').disconnectSockets(true);
  await until('the screen to be told', () => screen.links.at(-1)?.[0] === 'ended');
  expect(screen.links).toEqual([
    ['live', null],
    ['stale', null],
    ['ended', 'not_signed_in'],
  ]);
  expect(screen.tries).toHaveLength(2);
});

test('a screen that is too old is refused for good', async () => {
  const screen = await screenAt({ hellos: ['client_too_old'] });
  await until('the screen to be told', () => screen.links.length > 0);
  expect(screen.links).toEqual([['refused', 'client_too_old']]);
});
