import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MonitoringPolicy } from '../../shared/contract/policy.ts';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { raised, type Served, served } from '../support/served.ts';
import type { StaffClient } from '../support/staff-client.ts';
import { clean } from './looks.ts';

/** Tomasz watches Priya from the wallboard, under each policy: what her console shows, and what his drawer says of it. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;

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
  scene = new Scene({ browser, floor, organisation: home });
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

interface Watched {
  readonly priya: Page;
  readonly tomasz: Page;
  readonly agent: StaffClient;
  readonly talk: Served;
}

/** Priya serves Rosa with a flag up, under a policy; Tomasz is at the wallboard. */
async function floorUnder(policy: MonitoringPolicy): Promise<Watched> {
  const agent = await floor.staff(home, 'Priya');
  if (policy !== 'announced') await (await floor.staff(home, 'Marta')).does('organisation:set-monitoring', { policy });
  const talk = await served(floor, home, agent, { name: 'Rosa Iglesias', words: 'My card is gone.' });
  await raised(agent, talk, 'Above my limit.');
  const [priya, tomasz] = await Promise.all([
    scene.staff('Priya', `/console#/inbox/${talk.conversationId}`),
    scene.staff('Tomasz', '/wallboard'),
  ]);
  await priya.getByRole('region', { name: 'Your help flag' }).waitFor();
  await tomasz
    .getByRole('article', { name: /^Priya with Rosa/ })
    .getByRole('button', { name: /^Monitor/ })
    .click();
  await drawer(tomasz).waitFor();
  await drawer(tomasz).getByText('My card is gone.').waitFor();
  return { priya, tomasz, agent, talk };
}

const drawer = (page: Page) => page.getByRole('dialog', { name: /^Priya with Rosa/ });
const leave = (page: Page) => drawer(page).getByRole('button', { name: 'Leave', exact: true }).click();
const entries = (page: Page) => page.getByRole('main').getByRole('listitem');

/** The ledger, by way of the palette; and back. */
async function openLedger(page: Page): Promise<void> {
  await page.keyboard.press('Control+K');
  await page.getByRole('combobox').fill('who has been');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Who has been here', level: 1 }).waitFor();
}

/** The hub has told everything it had to tell: a later deed of the agent has come to the page. */
async function later({ agent, talk, priya }: Watched, words: string): Promise<void> {
  await agent.does('message:send', { conversationId: talk.conversationId, text: words });
  await priya.getByText(words).first().waitFor();
}

describe('monitoring policy in Chromium:', () => {
  test('announced: the agent sees at once who watches, and reads it in the ledger live (S1.14)', async () => {
    const floorNow = await floorUnder('announced');
    const { priya, tomasz } = floorNow;
    await drawer(tomasz).getByText('Priya sees that you watch, Rosa does not.').waitFor();
    await priya.getByText('Tomasz monitors', { exact: true }).waitFor();
    await priya.getByRole('button', { name: /^You,/ }).click();
    await priya.getByRole('menuitem', { name: 'Who has been here' }).click();
    await priya.getByText('Monitoring is announced: you see at once who watches.').waitFor();
    await entries(priya).filter({ hasText: 'Watched' }).filter({ hasText: 'now' }).waitFor();
    await leave(tomasz);
    await entries(priya).filter({ hasText: 'Watched' }).filter({ hasNotText: 'since' }).waitFor();
    await clean(priya, 'the ledger of an agent');
    await entries(priya).getByRole('link', { name: 'Open the conversation with Rosa Iglesias' }).click();
    await priya.getByRole('heading', { name: 'Rosa Iglesias' }).waitFor();
    await priya.getByRole('tab', { name: 'Activity' }).click();
    await priya.getByRole('region', { name: 'Who has been here' }).getByText('Tomasz watched').waitFor();
  });

  test('announced after: nothing while it lasts, and then who watched and how long (S1.14)', async () => {
    const floorNow = await floorUnder('announced_after');
    const { priya, tomasz } = floorNow;
    await drawer(tomasz).getByText('Priya is told when you stop, Rosa never.').waitFor();
    await later(floorNow, 'One moment, please.');
    // His name stands on the strip of her flag, as of everybody who is called: what he does is what must not.
    expect(await priya.getByText(/Tomasz (monitor|watch)/).count()).toBe(0);
    expect(scene.heard(priya)).not.toContain('supervision:');
    await leave(tomasz);
    const toast = priya.getByRole('status').filter({ hasText: 'Tomasz watched' }).first();
    await toast.waitFor();
    await priya
      .getByText(/Tomasz monitored from/)
      .first()
      .waitFor();
    await openLedger(priya);
    await priya.getByText('you are told who watched when it has ended').waitFor();
    await entries(priya).filter({ hasText: 'Tomasz in your conversation with Rosa Iglesias' }).waitFor();
  });

  test('silent: the agent is shown nothing, then or later; leaders read it (S1.14)', async () => {
    const floorNow = await floorUnder('silent');
    const { priya, tomasz, talk } = floorNow;
    await drawer(tomasz).getByText('You monitor silently.').waitFor();
    await drawer(tomasz).getByText('Priya does not see it, nor does Rosa.').waitFor();
    await leave(tomasz);
    await later(floorNow, 'One moment, please.');
    // His name stands on the strip of her flag, as of everybody who is called: what he does is what must not.
    expect(await priya.getByText(/Tomasz (monitor|watch)/).count()).toBe(0);
    expect(scene.heard(priya)).not.toContain('supervision:');
    await openLedger(priya);
    await priya.getByRole('heading', { name: 'Nobody has been here' }).waitFor();
    await priya.getByText('you are not told who watches').waitFor();

    const marta = await scene.staff('Marta', '/console#/ledger');
    await entries(marta).filter({ hasText: 'Tomasz in Priya’s conversation with Rosa Iglesias' }).waitFor();
    await marta.getByText('The agent is not told').waitFor();
    // What comes meanwhile stands there without a reload, and each filter does what it says.
    const ines = await floor.staff(home, 'Ines');
    await ines.does('side-chat:say', { sessionId: talk.sessionId, text: 'I am here.' });
    await entries(marta).filter({ hasText: 'Whispered' }).filter({ hasText: '1 line' }).waitFor();
    await entries(priya).filter({ hasText: 'Whispered' }).waitFor();
    await clean(marta, 'the ledger of everybody');
    await marta.getByRole('combobox', { name: /^What/ }).click();
    await marta.getByRole('option', { name: 'Watched' }).click();
    await entries(marta).filter({ hasText: 'Whispered' }).waitFor({ state: 'detached' });
    await expect.poll(() => entries(marta).count()).toBe(1);
    await marta.getByRole('combobox', { name: /^Agent/ }).click();
    await marta.getByRole('option', { name: 'Omar' }).click();
    await marta.getByRole('heading', { name: 'Nothing fits' }).waitFor();
    await marta.getByRole('button', { name: 'Show everything' }).click();
    await entries(marta).nth(1).waitFor();
  });

  test('an admin changes the policy: it stands at once, everywhere, and can be taken back', async () => {
    const agent = await floor.staff(home, 'Priya');
    await served(floor, home, agent, { name: 'Rosa Iglesias' });
    const [marta, priya] = await Promise.all([
      scene.staff('Marta', '/console#/settings/monitoring'),
      scene.staff('Priya', '/console#/ledger'),
    ]);
    await priya.getByText('Monitoring is announced: you see at once who watches.').waitFor();
    const choice = (name: string) => marta.getByRole('radio', { name: new RegExp(`^${name}`) });
    expect(await choice('Announced ').first().isChecked()).toBe(true);
    await choice('Silent').click();
    await marta.getByText('Agents are not told who watches.').first().waitFor();
    await priya.getByText('Monitoring is silent: you are not told who watches').waitFor();
    await marta.getByRole('button', { name: /^Undo/ }).click();
    await priya.getByText('Monitoring is announced: you see at once who watches.').waitFor();
    expect(await choice('Announced ').first().isChecked()).toBe(true);
    // The proof looks longer than an undo stands.
    await clean(marta, 'the monitoring policy');
    // By keyboard: arrows move the choice.
    await choice('Announced ').first().focus();
    await marta.keyboard.press('ArrowDown');
    await priya.getByText('you are told who watched when it has ended').waitFor();
    // A supervisor has no such page, and an agent no settings at all.
    const ines = await scene.staff('Ines', '/console#/settings/monitoring');
    await ines.getByText('You may not arrange people here').waitFor();
  });
});
