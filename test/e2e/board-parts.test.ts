import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { axeClean, builtWeb, Scene } from '../support/people.ts';
import { raised, served } from '../support/served.ts';

/** P18: the flags come first. Figures and agents are fetched after them, and flags are worked with where those do not come. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
  home = await floor.organisation();
  const priya = await floor.staff(home, 'Priya');
  await raised(priya, await served(floor, home, priya, { name: 'Rosa' }), 'Above my limit.');
  // What the test cuts off, the browser reports.
  scene = new Scene({ browser, floor, organisation: home, expected: /401|ERR_FAILED/ });
}, 120_000);

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await floor.close();
});

test('a flag is taken while the figures are late and the agents do not come; Try again brings them', async () => {
  const ines = await scene.staff('Ines', '/customer');
  let come = (): void => {};
  const late = new Promise<void>((resolve) => {
    come = resolve;
  });
  await ines.route(/\/TileGrid-[^/]+\.js$/, async (route) => {
    await late;
    await route.continue();
  });
  await ines.route(/\/AgentTable-[^/]+\.js$/, (route) => route.abort());
  await ines.goto(`${floor.url}/wallboard`);

  const board = ines.getByRole('region', { name: 'Raised Flags' });
  const lost = ines.getByRole('alert').filter({ hasText: 'This part of the board could not be loaded' });
  await lost.waitFor();
  await axeClean(ines, 'wallboard, a part is late and one did not come');
  expect(await ines.getByRole('group', { name: 'Figures' }).count()).toBe(0);
  await board.getByRole('button', { name: /^Take/ }).click();
  await board.getByText('Claimed by you').waitFor();

  come();
  await ines.getByRole('heading', { name: 'Waiting' }).waitFor();
  await ines.unroute(/\/AgentTable-[^/]+\.js$/);
  await lost.getByRole('button', { name: 'Try again' }).click();
  await lost.waitFor({ state: 'detached' });
  await ines.getByRole('region', { name: 'Agents' }).getByText('Priya').first().waitFor();
});
