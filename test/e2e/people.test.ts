import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { axeClean, builtWeb, Scene } from '../support/people.ts';
import { proof } from './looks.ts';

/** Who may come in, and how: the demo door, links and passwords, and the settings where people and teams are arranged. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;
const password = 'copper kettle on monday';

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
}, 180_000);

afterAll(async () => {
  await browser.close();
  await floor.close();
});

beforeEach(async () => {
  home = await floor.organisation();
  // The browser reports every refused request: those are what these tests bring about.
  scene = new Scene({ browser, floor, organisation: home, expected: /40[0139]|410/ });
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

/** A browser that knows nobody, at an address of the hub. */
async function stranger(path: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(path.startsWith('http') ? path : `${floor.url}${path}`);
  return page;
}

const status = (page: Page) => page.getByRole('button', { name: /^Status/ });
const dialog = (page: Page) => page.getByRole('dialog');
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

/** Invites Nia by the settings, and gives the link that is shown. */
async function invited(marta: Page, email: string): Promise<string> {
  await marta.getByRole('button', { name: 'Invite somebody' }).click();
  await dialog(marta).getByLabel('Name').fill('Nia Novak');
  await dialog(marta).getByLabel('E-mail address').fill(email);
  await dialog(marta).getByRole('checkbox', { name: 'Banking' }).check();
  await dialog(marta).getByRole('button', { name: 'Make the link' }).click();
  await marta.getByRole('heading', { name: 'Link for Nia Novak' }).waitFor();
  const link = await dialog(marta).getByLabel('Link', { exact: true }).inputValue();
  await dialog(marta).getByRole('button', { name: 'Done' }).click();
  return link;
}

describe('people in Chromium:', () => {
  test('an invitation, a password, a deactivation, and back', async () => {
    const email = `nia.${home.id.slice(-6)}@example.org`;
    const marta = await scene.staff('Marta', '/console#/settings');
    const link = await invited(marta, email);
    expect(await row(marta, 'Nia Novak').textContent()).toContain('Invited');

    const nia = await stranger(link);
    await nia.getByRole('heading', { name: 'Join Northlight Support' }).waitFor();
    expect(await nia.getByLabel('E-mail address').inputValue()).toBe(email);
    await nia.getByRole('textbox', { name: 'Password' }).fill('passwordpassword');
    await nia.getByRole('button', { name: 'Join' }).click();
    await nia.getByRole('alert').filter({ hasText: 'attackers' }).waitFor();
    expect(await nia.getByLabel('Your name').inputValue()).toBe('Nia Novak');
    await nia.getByRole('textbox', { name: 'Password' }).fill(password);
    await nia.getByRole('button', { name: 'Join' }).click();
    await status(nia).waitFor();
    expect(nia.url()).not.toContain('join');
    await row(marta, 'Nia Novak').filter({ hasText: 'now' }).waitFor();

    // The link is spent, also for whoever still has it.
    const late = await stranger(link);
    await late.getByText('This link no longer works').waitFor();
    await late.context().close();

    // A second browser of hers, by address and password.
    const second = await stranger('/wallboard');
    await second.getByRole('button', { name: 'Sign in with an e-mail address' }).click();
    await second.getByLabel('E-mail address').fill(email);
    await second.getByRole('textbox', { name: 'Password' }).fill('not the right one');
    await second.getByRole('button', { name: 'Sign in', exact: true }).click();
    await second.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();
    expect(await second.getByLabel('E-mail address').inputValue()).toBe(email);
    // An agent has no wallboard; the console has the same door.
    await second.goto(`${floor.url}/console`);
    await second.getByRole('button', { name: 'Sign in with an e-mail address' }).click();
    await second.getByLabel('E-mail address').fill(email);
    await second.getByRole('textbox', { name: 'Password' }).fill(password);
    await second.getByRole('button', { name: 'Sign in', exact: true }).click();
    await status(second).waitFor();

    // Both end with her right to be here, without a reload.
    await marta.getByRole('button', { name: 'More for Nia Novak' }).click();
    await marta.getByRole('menuitem', { name: 'Deactivate' }).click();
    const door = (page: Page) => page.getByRole('heading', { name: 'Choose who to be' });
    await Promise.all([door(nia).waitFor(), door(second).waitFor()]);
    await nia.reload();
    await door(nia).waitFor();

    await marta.getByRole('button', { name: 'Undo' }).click();
    await marta.getByText('Nia Novak is active again').waitFor();
    await nia.getByRole('button', { name: 'Sign in with an e-mail address' }).click();
    await nia.getByLabel('E-mail address').fill(email);
    await nia.getByRole('textbox', { name: 'Password' }).fill(password);
    await nia.getByRole('button', { name: 'Sign in', exact: true }).click();
    await status(nia).waitFor();
    await nia.context().close();
    await second.context().close();
  });

  test('a wrong form says what is wrong beside the field, and keeps what was typed', async () => {
    const marta = await scene.staff('Marta', '/console#/settings');
    await marta.getByRole('button', { name: 'Invite somebody' }).click();
    await dialog(marta).getByLabel('Capacity').fill('99');
    await dialog(marta).getByRole('button', { name: 'Make the link' }).click();
    for (const said of ['Type a name.', 'Type an e-mail address.', 'Type a whole number from 1 to 50.']) {
      await dialog(marta).getByText(said).waitFor();
    }
    await dialog(marta).getByLabel('Name').fill('Nia');
    await dialog(marta).getByLabel('Capacity').fill('5');
    await dialog(marta)
      .getByLabel('E-mail address')
      .fill(`priya.${home.id.slice(-6)}@example.org`);
    await dialog(marta).getByRole('button', { name: 'Make the link' }).click();
    await dialog(marta).getByText('Somebody already signs in with this e-mail address').waitFor();
    expect(await dialog(marta).getByLabel('Name').inputValue()).toBe('Nia');
    expect(await dialog(marta).getByLabel('Capacity').inputValue()).toBe('5');
    await marta.keyboard.press('Escape');

    // An admin does not touch an owner, and says so before anybody tries.
    await marta.getByRole('button', { name: /^Edit Grace.*Only an owner/ }).waitFor();
    await marta.getByRole('button', { name: 'Edit Tomasz' }).click();
    await dialog(marta).getByLabel('Name').fill('Tomasz Wolny');
    await dialog(marta).getByRole('group', { name: 'Supervises' }).getByRole('checkbox', { name: 'Travel' }).check();
    await dialog(marta).getByRole('button', { name: 'Save' }).click();
    await row(marta, 'Tomasz Wolny').filter({ hasText: 'Banking and Travel' }).waitFor();
  });

  test('a team is made, renamed, kept while it is needed, and archived', async () => {
    const marta = await scene.staff('Marta', '/console#/settings/teams');
    await marta.getByRole('button', { name: 'New team' }).click();
    await dialog(marta).getByLabel('Name').fill('banking');
    await dialog(marta).getByRole('button', { name: 'Make the team' }).click();
    await dialog(marta).getByText('There is already a team called banking').waitFor();
    await dialog(marta).getByLabel('Name').fill('Insurance');
    await dialog(marta).getByRole('button', { name: 'Make the team' }).click();
    await marta.getByRole('heading', { name: 'Insurance' }).waitFor();
    await marta.getByRole('button', { name: 'Rename Insurance' }).click();
    await dialog(marta).getByLabel('Name').fill('Claims');
    await dialog(marta).getByRole('button', { name: 'Save' }).click();
    await marta.getByRole('button', { name: 'Archive Banking' }).click();
    await dialog(marta).getByRole('button', { name: 'Archive', exact: true }).click();
    await dialog(marta).getByText('Banking still has 4 people').waitFor();
    await marta.keyboard.press('Escape');
    await marta.getByRole('button', { name: 'Archive Claims' }).click();
    await dialog(marta).getByRole('button', { name: 'Archive', exact: true }).click();
    await marta.getByText('Claims is archived').waitFor();
    await marta.getByRole('heading', { name: 'Claims' }).waitFor({ state: 'detached' });
  });

  test('an agent and a supervisor find no settings', async () => {
    for (const name of ['Priya', 'Ines']) {
      const page = await scene.staff(name, '/console#/settings');
      await page.getByText('You may not arrange people here').waitFor();
      await page.getByRole('link', { name: 'Back to the console' }).click();
      await status(page).waitFor();
      expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0);
    }
  });

  test('two tabs of the demo are two people', async () => {
    const first = await stranger('/console');
    const second = await first.context().newPage();
    await second.goto(`${floor.url}/console`);
    // Every test's organisation is a demo here: the last of equal names is this one's.
    await first.getByRole('button', { name: 'Sign in as Priya (agent)' }).last().click();
    await second.getByRole('button', { name: 'Sign in as Ines (supervisor)' }).last().click();
    await status(first).waitFor();
    await status(second).waitFor();
    await first.reload();
    await second.reload();
    await first.getByRole('button', { name: /Priya/ }).first().waitFor();
    await second.getByRole('button', { name: /Ines/ }).first().waitFor();
    await first.context().close();
  });

  test.runIf(proof).each(['light', 'dark'] as const)('axe finds nothing in %s', async (colorScheme) => {
    const marta = await scene.staff('Marta', '/console#/settings', { colorScheme });
    await row(marta, 'Priya').waitFor();
    await axeClean(marta, 'people');
    await marta.getByRole('button', { name: 'Invite somebody' }).click();
    await dialog(marta).getByRole('button', { name: 'Make the link' }).click();
    await axeClean(marta, 'invite, with faults');
    await marta.keyboard.press('Escape');
    await marta.getByRole('link', { name: 'Teams' }).click();
    await marta.getByRole('heading', { name: 'Travel' }).waitFor();
    await axeClean(marta, 'teams');

    const page = await stranger('/console');
    await page.emulateMedia({ colorScheme });
    await page.getByRole('heading', { name: 'Choose who to be' }).waitFor();
    await axeClean(page, 'demo door');
    await page.getByRole('button', { name: 'Sign in with an e-mail address' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await axeClean(page, 'sign-in, with faults');
    await page.goto(`${floor.url}/console#join=${'a'.repeat(64)}`);
    await page.getByText('This link no longer works').waitFor();
    await axeClean(page, 'a dead link');
    await page.context().close();
  });
});
