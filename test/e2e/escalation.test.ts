import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { raised, served } from '../support/served.ts';
import { until } from '../support/wait.ts';
import { clean } from './looks.ts';

/** A flag that nobody takes, on the screens of its agent, of another team's supervisor and of an admin (S1.19). */

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

declare global {
  interface Window {
    tones?: number;
  }
}

/** Runs in the page: counts the tones that were asked of the audio. */
const spies = (): void => {
  window.tones = 0;
  const make = BaseAudioContext.prototype.createOscillator;
  BaseAudioContext.prototype.createOscillator = function create(): OscillatorNode {
    window.tones = (window.tones ?? 0) + 1;
    return make.call(this);
  };
};
const tones = (page: Page): Promise<number> => page.evaluate(() => window.tones ?? 0);

const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });
const strip = (page: Page) => page.getByRole('region', { name: 'Your help flag' });
const short = [
  { reach: 'own', afterMs: 0 },
  { reach: 'supervisors', afterMs: 10_000 },
] as const;

describe('escalation in Chromium:', () => {
  test('S1.19 another team’s wallboard is silent first, then shows the flag with its step, rings, and can help; the agent sees the step', async () => {
    const marta = await floor.staff(home, 'Marta');
    await marta.does('organisation:set-escalation', { steps: [...short] });
    const agent = await floor.staff(home, 'Priya');
    await floor.staff(home, 'Tomasz');
    const talk = await served(floor, home, agent, { name: 'Rosa Iglesias', words: 'Where is my refund?' });
    const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`);
    const mei = await scene.staff('Mei', '/wallboard', { init: spies });
    await mei.getByText('No flag is up').waitFor();
    await mei.getByText('Sound on').waitFor();
    await until('the people to be here', () =>
      ['Tomasz', 'Mei'].every((name) => agent.now.people.get(home.person(name))?.reachable),
    );

    const flag = await raised(agent, talk, 'Above my limit.');
    await strip(priya).getByText('1 of 2 here').waitFor();
    await strip(priya)
      .getByText(/^Calls every supervisor in 0:\d\d$/)
      .waitFor();
    // Silent: the step has not reached her.
    expect(await mei.title()).toBe('Wallboard');
    expect(await card(mei).count()).toBe(0);
    expect(await tones(mei)).toBe(0);
    expect(Date.now()).toBeLessThan(flag.raisedAt + 10_000);

    await floor.pass(10_000);
    await card(mei).waitFor();
    await card(mei)
      .getByText(/^Called every supervisor, 0:\d\d ago$/)
      .waitFor();
    await until('the first call', async () => (await tones(mei)) > 0);
    expect(await mei.title()).toBe('(1) ✋ Wallboard');
    await mei
      .locator('.visually-hidden[role="alert"]')
      .filter({ hasText: /^No one has taken Priya’s flag for 0:1\d\. It calls further to you: Above my limit\.$/ })
      .waitFor({ state: 'attached' });
    await strip(priya)
      .getByText(/^Called every supervisor, 0:\d\d ago$/)
      .waitFor();
    await strip(priya).getByText('2 of 3 here').waitFor();
    await priya.getByText('Help flag called further', { exact: false }).first().waitFor();

    await card(mei)
      .getByRole('button', { name: /^Monitor/ })
      .click();
    await mei.getByText('Where is my refund?').first().waitFor();
    await mei.getByRole('dialog').getByRole('button', { name: 'Take', exact: true }).click();
    await strip(priya).getByText('Mei is on it.').waitFor();
    await agent.does('conversation:close', { conversationId: talk.conversationId });
    await until('her board to be empty', async () => (await card(mei).count()) === 0);
  }, 120_000);

  test('escalation: nobody is there, and the agent reads whom it calls before and after', async () => {
    const agent = await floor.staff(home, 'Priya');
    const mei = await floor.staff(home, 'Mei');
    const talk = await served(floor, home, agent, { name: 'Rosa Iglesias' });
    const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`);
    await agent.sees('Mei here', (live) => live.people.get(home.person('Mei'))?.reachable);
    await priya.getByRole('button', { name: /^Flag/ }).click();
    await priya.getByText('None of your supervisors is here. It calls every supervisor at once, 1 is here:').waitFor();
    await priya.getByRole('button', { name: /^Raise/ }).click();
    await strip(priya).getByText('1 of 3 here').waitFor();
    await mei.sees('the flag', (live) => live.flags.size === 1);
  }, 60_000);

  test('escalation: an admin sets the chain, another one sees it live, what is wrong is said, and Undo takes it back', async () => {
    const marta = await scene.staff('Marta', '/console#/settings/escalation');
    const grace = await scene.staff('Grace', '/console#/settings/escalation');
    for (const page of [marta, grace]) await page.getByRole('heading', { name: 'Escalation', level: 1 }).waitFor();
    const field = (page: Page, step: string) => page.getByLabel(`${step}: after minutes and seconds`);
    expect(await field(marta, 'Every supervisor').inputValue()).toBe('2:00');
    await clean(marta, 'the escalation page');

    await field(marta, 'Every supervisor').fill('0:05');
    await marta.getByRole('button', { name: 'Save' }).click();
    await marta.getByText('Must be at least 10 s after the step before (0:10).').waitFor();
    await field(marta, 'Every supervisor').fill('1:30');
    await marta.getByRole('switch', { name: 'Everyone' }).click();
    // Grace is in the middle of something else: her words stay, and she is told.
    await field(grace, 'Everyone').fill('9:00');
    await marta.getByRole('button', { name: 'Save' }).click();
    await marta.getByText('The escalation chain is saved.').waitFor();
    await marta.getByText('after 1:30').waitFor();
    await marta.getByText('not in the chain').waitFor();
    await grace.getByText('Somebody else changed the chain.').waitFor();
    await grace.getByRole('button', { name: 'Show theirs' }).click();
    expect(await field(grace, 'Every supervisor').inputValue()).toBe('1:30');

    await marta.getByRole('button', { name: 'Undo' }).click();
    await grace.getByText('after 5:00').waitFor();
    expect(await field(grace, 'Every supervisor').inputValue()).toBe('2:00');
    // Nothing of it is for a supervisor.
    const tomasz = await scene.staff('Tomasz', '/console#/settings/escalation');
    await tomasz.getByText('not in the chain').waitFor({ state: 'detached' });
    expect(await tomasz.getByRole('heading', { name: 'Escalation' }).count()).toBe(0);
  }, 120_000);
});
