import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { type Served, served } from '../support/served.ts';
import { until } from '../support/wait.ts';

/** A conversation that is longer than what is drawn first. */

const lines = 40;

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;
let talk: Served;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
  home = await floor.organisation();
  const priya = await floor.staff(home, 'Priya');
  talk = await served(floor, home, priya, { name: 'Rosa', words: 'Line 0 of a long story.' });
  for (let at = 1; at < lines; at += 1) {
    // On two days, so that a date stands between them.
    if (at === 10) await floor.pass(24 * 3_600_000);
    await talk.customer.says(`Line ${at} of a long story.`);
  }
  scene = new Scene({ browser, floor, organisation: home });
}, 120_000);

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

afterAll(async () => {
  await browser.close();
  await floor.close();
});

test('opens at its newest line with all of it above, and stays where one reads while lines come', async () => {
  const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`);
  const log = priya.getByRole('log', { name: 'Transcript' });
  const line = (at: number) => log.getByText(`Line ${at} of a long story.`, { exact: true });
  await line(lines - 1).waitFor();
  await line(0).waitFor({ state: 'attached' });
  const left = (): Promise<number> =>
    log.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
  await until('the end', async () => (await left()) <= 1);
  expect(await log.getByText(/^Line \d+ of a long story\.$/).count()).toBe(lines);

  await log.evaluate((element) => element.scrollTo({ top: 200 }));
  const top = (): Promise<number> => log.evaluate((element) => element.scrollTop);
  const reading = await top();
  await talk.customer.says('And one more.');
  const pill = priya.getByRole('button', { name: '1 new line' });
  await pill.waitFor();
  expect(await top()).toBe(reading);
  await pill.click();
  await log.getByText('And one more.').waitFor();
  await until('the end again', async () => (await left()) <= 1);
});
