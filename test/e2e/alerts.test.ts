import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { raised, served } from '../support/served.ts';
import { until } from '../support/wait.ts';

/** How a screen calls people who look elsewhere: sound, title, icon, desktop notice, and what a screen reader is told. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;

beforeAll(async () => {
  const web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web });
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

interface Spied {
  /** Tones that were asked of the audio. */
  tones: number;
  notices: { title: string; body: string; closed: boolean }[];
  /** What the assertive region said, and when, ms. */
  urgent: { text: string; at: number }[];
  /** Whether the page has the focus of the desktop. */
  focused: boolean;
}

declare global {
  interface Window {
    spied?: Spied;
  }
}

/** Runs in the page: stands in for the parts of the browser that reach out of the page. */
const spies = (): void => {
  const spied: Spied = { tones: 0, notices: [], urgent: [], focused: true };
  window.spied = spied;
  const make = BaseAudioContext.prototype.createOscillator;
  BaseAudioContext.prototype.createOscillator = function create(): OscillatorNode {
    spied.tones += 1;
    return make.call(this);
  };
  const Notice = function Notice(title: string, options: { body: string }): object {
    const shown = { title, body: options.body, closed: false };
    spied.notices.push(shown);
    return {
      onclick: null,
      close: () => {
        shown.closed = true;
      },
    };
  };
  Notice.permission = 'granted';
  Object.defineProperty(window, 'Notification', { value: Notice });
  document.hasFocus = () => spied.focused;
  new MutationObserver(() => {
    const text = document.querySelector('.visually-hidden[role="alert"]')?.textContent?.trim() ?? '';
    if (text !== '' && text !== spied.urgent.at(-1)?.text) spied.urgent.push({ text, at: performance.now() });
  }).observe(document, { subtree: true, childList: true, characterData: true });
};

async function look(page: Page): Promise<Spied> {
  const spied = await page.evaluate(() => window.spied);
  if (spied === undefined) throw new Error('this page has no spies');
  return spied;
}

/** Turns to another window of the desktop, or back to the page. */
const turn = (page: Page, focused: boolean): Promise<void> =>
  page.evaluate((here) => {
    if (window.spied !== undefined) window.spied.focused = here;
    window.dispatchEvent(new Event(here ? 'focus' : 'blur'));
  }, focused);

const icon = (page: Page): Promise<string> =>
  page.evaluate(() => decodeURIComponent(document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href ?? ''));

const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });

describe('the wallboard calls for a new flag:', () => {
  test('by sound until it is taken, title, icon, and a desktop notice for whoever looks elsewhere', async () => {
    const agent = await floor.staff(home, 'Priya');
    const talk = await served(floor, home, agent, { name: 'Rosa Iglesias' });
    const page = await scene.staff('Tomasz', '/wallboard', { init: spies });
    await page.getByText('No flag is up').waitFor();
    await page.getByText('Sound on').waitFor();
    expect(await page.title()).toBe('Wallboard');
    const plain = await icon(page);
    await turn(page, false);
    expect((await look(page)).tones).toBe(0);

    const flag = await raised(agent, talk, 'Above my limit.');
    await card(page).waitFor();
    const first = await until('the first call', async () => (await look(page)).tones || null);
    expect(await page.title()).toBe('(1) ✋ Wallboard');
    expect(await icon(page)).not.toBe(plain);
    expect(await icon(page)).toContain('>1</text>');
    expect((await look(page)).notices).toEqual([{ title: 'Priya needs help', body: 'Above my limit.', closed: false }]);
    // It is on the screen, but nobody has looked.
    await agent.sees('that it is delivered', (live) => live.flags.get(flag.id)?.deliveredAt);
    expect(agent.now.flags.get(flag.id)?.seenBy).toEqual([]);
    await until('the next call', async () => (await look(page)).tones > first, 20_000);
    await turn(page, true);
    await agent.sees('that it is seen', (live) => live.flags.get(flag.id)?.seenBy[0]);

    await card(page).getByRole('button', { name: /^Take/ }).click();
    await until('the plain title', async () => (await page.title()) === 'Wallboard');
    expect(await icon(page)).toBe(plain);
    expect((await look(page)).notices[0]?.closed).toBe(true);
    // Quiet: the flag's own clock passes more than the pause between two calls without a tone.
    const { tones } = await look(page);
    const clock = async (): Promise<number> => {
      const [, minutes, seconds] = /(\d+):(\d\d)/.exec(await card(page).innerText()) ?? [];
      return Number(minutes) * 60 + Number(seconds);
    };
    const taken = await clock();
    await until('five more seconds', async () => (await clock()) >= taken + 5, 20_000);
    expect((await look(page)).tones).toBe(tones);
  }, 120_000);

  test('in words that interrupt, not more than once in five seconds, with a count', async () => {
    const agent = await floor.staff(home, 'Priya');
    const talks = [];
    for (const name of ['Rosa Iglesias', 'Philip Stone', 'Diego Marin'])
      talks.push(await served(floor, home, agent, { name }));
    const page = await scene.staff('Tomasz', '/wallboard', { init: spies });
    await page.getByText('No flag is up').waitFor();
    for (const [at, talk] of talks.entries()) await raised(agent, talk, `Message ${at + 1}.`);
    await page.getByRole('article').nth(2).waitFor();
    const { urgent } = await until('both announcements', async () => {
      const spied = await look(page);
      return spied.urgent.length >= 2 ? spied : null;
    });
    expect(urgent.map(({ text }) => text)).toEqual([
      'New help flag. Priya: Message 1.',
      '2 new help flags. The newest: New help flag. Priya: Message 3.',
    ]);
    expect((urgent[1]?.at ?? 0) - (urgent[0]?.at ?? 0)).toBeGreaterThan(4900);
    // Whoever looks at the page needs no notice over it.
    expect((await look(page)).notices).toEqual([]);
    expect(await page.title()).toBe('(3) ✋ Wallboard');
  }, 120_000);

  test('in silence where that was chosen, and says so', async () => {
    const agent = await floor.staff(home, 'Priya');
    const talk = await served(floor, home, agent, { name: 'Rosa Iglesias' });
    const page = await scene.staff('Tomasz', '/wallboard', { init: spies });
    await page.getByRole('switch', { name: 'Sound' }).click();
    await page.getByText('Sound off').waitFor();
    await raised(agent, talk, 'Above my limit.');
    await card(page).waitFor();
    await until('the title', async () => (await page.title()) === '(1) ✋ Wallboard');
    expect((await look(page)).tones).toBe(0);
    // The test is heard all the same: somebody asked for it.
    await page.getByRole('button', { name: /^Test/ }).click();
    await until('the test', async () => (await look(page)).tones > 0);
    await page.reload();
    await page.getByText('Sound off').waitFor();
  }, 120_000);

  test('and says when the browser blocks the sound, until a hand is on the page', async () => {
    const strict = await launchChromium({ sound: false });
    try {
      const other = new Scene({ browser: strict, floor, organisation: home });
      const page = await other.staff('Tomasz', '/wallboard');
      await page.getByText('Sound blocked').waitFor();
      await page.getByRole('button', { name: /^Test/ }).click();
      await page.getByText('Sound on').waitFor();
      await other.close();
    } finally {
      await strict.close();
    }
  }, 120_000);
});

describe('the console calls its agent:', () => {
  test('rings for an offer, and chimes for a private line, with a notice for whoever looks elsewhere', async () => {
    const page = await scene.staff('Priya', '/console', { init: spies });
    await page.getByRole('button', { name: 'Be available' }).click();
    await turn(page, false);
    const customer = await floor.customer(home);
    await customer.start('My card was swallowed by the machine.');
    await page.getByRole('button', { name: /^Accept/ }).waitFor();
    await until('the ringing', async () => (await look(page)).tones > 0);
    expect((await look(page)).notices).toEqual([
      { title: 'Rosa Iglesias waits in Banking', body: 'My card was swallowed by the machine.', closed: false },
    ]);
    await page.getByRole('button', { name: /^Accept/ }).click();
    await page.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
    await until('the notice to go', async () => (await look(page)).notices[0]?.closed);

    const before = (await look(page)).tones;
    await customer.says('Are you there?');
    await until('the chime', async () => (await look(page)).tones > before);
    // Neither the first line nor this one was read: the page is not looked at.
    await until('the count in the title', async () => (await page.title()) === '(2) Console | Halyard');
    expect((await look(page)).notices.at(-1)).toMatchObject({ title: 'Rosa Iglesias', body: 'Are you there?' });
    await turn(page, true);
    await until('the plain title', async () => (await page.title()) === 'Console | Halyard');
  }, 120_000);
});
