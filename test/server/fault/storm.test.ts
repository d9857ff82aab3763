import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cast, Floor, type TestOrganisation } from '../../support/floor.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';
import { within } from './support/bound.ts';
import { type Relay, startRelay } from './support/relay.ts';

/** Screens, and how many of them one person has open. One command makes the organisation, so it cannot be much larger. */
const people = process.env.HALYARD_PROOF === '1' ? 200 : 50;
const tabs = process.env.HALYARD_PROOF === '1' ? 5 : 4;

let floor: Floor;
let home: TestOrganisation;
let wire: Relay;
const screens: StaffClient[] = [];

beforeAll(async () => {
  floor = await Floor.start();
  home = await floor.organisation([
    ...Array.from({ length: people }, (_, at): Cast => ({ name: `A${at + 1}`, role: 'agent', teams: ['Banking'] })),
    { name: 'Ines', role: 'supervisor', supervises: ['Banking'] },
  ]);
  wire = await startRelay({ port: Number(new URL(floor.url).port) });
  for (let at = 1; at <= people; at += 1) {
    const token = await floor.token(home, `A${at}`);
    const connect = () => StaffClient.connect({ url: `http://127.0.0.1:${wire.port}`, token, organisationId: home.id });
    screens.push(...(await Promise.all(Array.from({ length: tabs }, connect))));
  }
}, 120_000);

afterAll(async () => {
  for (const screen of screens) screen.close();
  await wire?.close();
  await floor?.close();
});

test(`F13: ${people * tabs} screens that lose their connections at once are back in time, with what they missed and no snapshot`, async () => {
  const ready = screens.map(() => 0);
  screens.forEach((screen, at) => {
    screen.socket.on('disconnect', () => {
      screen.ready = false;
    });
    screen.socket.on('ready', () => {
      ready[at] = performance.now();
    });
  });
  let statements = 0;
  for (const pool of [floor.db.system, floor.db.app]) {
    const query = pool.query.bind(pool);
    pool.query = ((...given: Parameters<typeof query>) => {
      statements += 1;
      return query(...given);
    }) as typeof pool.query;
  }
  const from = performance.now();
  wire.cut();
  await until('every screen to be back', () => ready.every((at) => at > from), 60_000);
  const tookMs = Math.max(...ready) - from;
  console.log(JSON.stringify({ screens: screens.length, tookMs: Math.round(tookMs), statements }));
  expect(tookMs).toBeLessThan(within(5000));
  expect(screens.every(({ snapshots }) => snapshots === 1)).toBe(true);
  // Look-ups of each screen's own would be more than three for each; gathered, they are far fewer, the more so the faster they
  // come in together. What the hub asks by itself grows with time alone.
  expect(statements).toBeLessThan(screens.length * 1.5 + (tookMs / 1000) * 40);
}, 90_000);

test('every one of many screens hears once a second how far the log is, however many share a slice', async () => {
  const silent = new Set(screens);
  for (const screen of screens) screen.socket.on('complete', () => void (screen.ready && silent.delete(screen)));
  await until('a heartbeat at every screen', () => silent.size === 0);
});
