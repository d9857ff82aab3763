import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { administer } from '../../support/database.ts';
import { Floor, type TestOrganisation } from '../../support/floor.ts';
import { StaffClient } from '../../support/staff-client.ts';
import { until } from '../../support/wait.ts';

/** Screens come to a hub that cannot read its database: it is a matter of time, not of their session. */
let floor: Floor;
let home: TestOrganisation;

beforeAll(async () => {
  floor = await Floor.start();
  home = await floor.organisation();
});

afterAll(() => floor?.close());

/** Takes the database away from everybody, and gives it back. */
async function reachable(yes: boolean): Promise<void> {
  const { database } = new pg.Client(floor.database.admin);
  await administer(`alter database ${database} allow_connections ${yes}`);
  if (!yes) await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`);
}

/** What a screen is told at the door, in order. */
function told(screen: StaffClient): string[] {
  const words: string[] = [];
  screen.socket.on('connect_error', (error) => words.push(error.message));
  return words;
}

test('P1: a screen is not signed out for a database that is away; it is live once that is back', async () => {
  const [priya, omar] = [await floor.staff(home, 'Priya'), await floor.token(home, 'Omar')];
  await reachable(false);
  const back = told(priya);
  priya.cut();
  await until('the screen to be turned away', () => back.includes('try_again'));
  const coming = StaffClient.connect({ url: floor.url, token: omar, organisationId: home.id });
  await reachable(true);
  await until('the screen to be live again', () => priya.ready && priya.socket.connected);
  expect((await coming).now.me.personId).toBe(home.person('Omar'));
  expect(back).not.toContain('not_signed_in');
  expect(priya.ended).toBe(false);
  const second = await StaffClient.connect({ url: floor.url, token: omar, organisationId: home.id });
  for (const one of [await coming, second]) one.close();
});
