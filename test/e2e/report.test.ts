import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { parseCsv } from '../support/csv.ts';
import { FlagRun } from '../support/flag-run.ts';
import { Floor } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { seeded } from '../support/random.ts';
import { callsNobodyFurther } from '../support/served.ts';
import { Stage } from '../support/stage.ts';
import { axeOnTheWay, clean } from './looks.ts';

/** Time to help on the wall, and who changed a setting: as people look for them. */

let browser: Browser;
let floor: Floor;
let stage: Stage;
let scene: Scene;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
  stage = await Stage.open(floor);
  // Who reads a report by team must know whose flags it has.
  await callsNobodyFurther(floor, stage.home);
  await new FlagRun(stage, seeded(7)).run(70, 20 * 60_000);
  scene = new Scene({ browser, floor, organisation: stage.home, expected: /401|403|503|Failed to load/ });
}, 240_000);

afterAll(async () => {
  await scene.close();
  await browser.close();
  await floor.close();
});

afterEach(() => expect(scene.problems).toEqual([]));

const drawer = (page: Page) => page.getByRole('dialog', { name: 'Time to help' });
const tile = (page: Page, name: string) => page.getByRole('button', { name: `Open the report: ${name}` });
const figure = async (page: Page, title: string): Promise<string> =>
  (
    await drawer(page)
      .locator('.top .figure', { has: page.getByRole('heading', { name: title, exact: true }) })
      .locator('.big')
      .innerText()
  ).trim();
const total = async (page: Page): Promise<number> => Number(await figure(page, 'Flags'));

describe('S1.8 time to help in Chromium:', () => {
  test('a tile, a key and the palette open the report; it narrows, widens, and closes by Esc to where it came from', async () => {
    const page = await scene.staff('Ines', '/wallboard');
    await tile(page, 'Time to claim').waitFor();
    await tile(page, 'Time to help').focus();
    await page.keyboard.press('Enter');
    await drawer(page).getByRole('heading', { name: 'By reason' }).waitFor();
    await drawer(page).getByText('Flags per hour').waitFor();
    await drawer(page).getByText('Live', { exact: true }).waitFor();
    const day = await total(page);
    expect(day).toBeGreaterThan(0);

    // A name in a table narrows to it; the figure is the row's own.
    const row = drawer(page)
      .getByRole('row')
      .filter({ has: page.getByRole('button', { name: 'Only Travel' }) });
    const ofTravel = Number(await row.locator('.number').innerText());
    await drawer(page).getByRole('button', { name: 'Only Travel' }).click();
    await expect.poll(() => total(page)).toBe(ofTravel);
    await drawer(page).getByRole('button', { name: 'Show everything' }).click();
    await expect.poll(() => total(page)).toBe(day);

    // A longer window is the hub's, and says of when it is.
    await drawer(page).getByRole('radio', { name: '7 days' }).check();
    await drawer(page)
      .getByText(/^As of \d\d:\d\d:\d\d$/)
      .waitFor();
    await drawer(page).getByText('Flags per day').waitFor();
    expect(await total(page)).toBeGreaterThanOrEqual(day);

    // Days are checked where they are typed.
    await drawer(page).getByRole('radio', { name: 'Days', exact: true }).check();
    await drawer(page).getByLabel('From', { exact: true }).fill('2020-01-02');
    await drawer(page).getByLabel('To', { exact: true }).fill('2020-01-01');
    await drawer(page).getByLabel('To', { exact: true }).blur();
    await drawer(page).getByRole('alert').getByText('The last day must not be before the first.').waitFor();
    await drawer(page).getByLabel('To', { exact: true }).fill('2020-01-03');
    await drawer(page).getByLabel('To', { exact: true }).blur();
    await drawer(page).getByText('No help flag was raised in this window').waitFor();

    await page.keyboard.press('Escape');
    await drawer(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Open the report: Time to help',
    );
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await drawer(page).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('time to help');
    await page.keyboard.press('Enter');
    await drawer(page).waitFor();
    await page.context().close();
  });

  test('the team follows the board, and a flag that goes up is counted at once', async () => {
    const page = await scene.staff('Grace', '/wallboard');
    await tile(page, 'Flags today').click();
    await drawer(page).getByRole('heading', { name: 'By outcome' }).waitFor();
    const before = await total(page);
    await stage.flagged();
    await expect.poll(() => total(page)).toBe(before + 1);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Team:/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Travel' }).click();
    await tile(page, 'Flags today').click();
    await drawer(page).getByText('Team Travel, as on the board').waitFor();
    expect(await total(page)).toBeLessThan(before + 1);
    await page.context().close();
  });

  test('the export is the flags of what is chosen', async () => {
    const page = await scene.staff('Tomasz', '/wallboard');
    await tile(page, 'Time to help').click();
    await drawer(page).getByRole('heading', { name: 'By queue' }).waitFor();
    const shown = await total(page);
    const median = await figure(page, 'Time to claim');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      drawer(page).getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^help-flags-[\d-]+(-to-[\d-]+)?\.csv$/);
    const rows = parseCsv(await readFile(await download.path(), 'utf8'));
    expect(rows).toHaveLength(shown);
    expect(rows.every((row) => row.Agent === 'Priya' || row.Agent === 'Omar')).toBe(true);
    const times = rows
      .flatMap((row) => (row['Seconds to claim'] === '' ? [] : [Number(row['Seconds to claim'])]))
      .sort((a, b) => a - b);
    const half = (times.length - 1) / 2;
    const middle = ((times[Math.floor(half)] ?? 0) + (times[Math.ceil(half)] ?? 0)) / 2;
    const seconds = median.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    expect(Math.abs(middle - seconds)).toBeLessThanOrEqual(1);
    await page.getByText(`${download.suggestedFilename()} is saved.`).waitFor();
    await page.context().close();
  });

  test('a hub that cannot answer is told, and Try again asks again', async () => {
    const page = await scene.staff('Ines', '/wallboard');
    await tile(page, 'Time to help').click();
    const away = {
      ok: false,
      refusal: { code: 'try_again', message: 'The database cannot be reached just now.', next: 'Try again.' },
    };
    await page.route('**/api/flag/report*', (route) => route.fulfill({ status: 503, json: away }));
    await drawer(page).getByRole('radio', { name: '7 days' }).check();
    await drawer(page).getByText('The report could not be read').waitFor();
    await page.unroute('**/api/flag/report*');
    await drawer(page).getByRole('button', { name: 'Try again' }).click();
    await drawer(page).getByText('Flags per day').waitFor();
    await page.context().close();
  });

  test('axe finds nothing, at a desk and on a phone, light and dark', async () => {
    const page = await scene.staff('Ines', '/wallboard');
    await tile(page, 'Time to help').click();
    await drawer(page).getByRole('heading', { name: 'By outcome' }).waitFor();
    await clean(page, 'time to help');
    await page.context().close();
  });
});

describe('audited settings in Chromium:', () => {
  test('who changed a team, when, and what it was called before, as it happens', async () => {
    const marta = await scene.staff('Marta', '/console#/settings/teams');
    await marta.getByRole('button', { name: 'Last changes' }).click();
    const changes = marta.getByRole('table', { name: 'Last changes' });
    await changes.getByText('New team Banking.').waitFor();
    await stage.does('Grace', 'team:rename', { teamId: stage.home.team('Travel'), name: 'Journeys' });
    const row = changes.getByRole('row').filter({ hasText: 'The team is now called Journeys.' });
    await row.waitFor();
    expect(await row.innerText()).toContain('was Travel');
    expect(await row.innerText()).toContain('Grace');
    await axeOnTheWay(marta, 'teams with their changes');
    await marta.emulateMedia({ colorScheme: 'dark' });
    await marta.setViewportSize({ width: 390, height: 844 });
    await axeOnTheWay(marta, 'teams with their changes, dark, on a phone');
    expect(await marta.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);

    await marta.goto(`${floor.url}/console#/settings/people`);
    await marta.getByRole('button', { name: 'Last changes' }).click();
    await changes.getByRole('row').nth(1).waitFor();
    await stage.does('Grace', 'person:set-capacity', { personId: stage.home.person('Leo'), capacity: 7 });
    await changes.getByText('Leo now takes up to 7 conversations.').waitFor();
    await marta.context().close();
  });
});
