import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { served } from '../support/served.ts';
import { until } from '../support/wait.ts';

/** The main job by keyboard alone: no pointer comes near a page, which each page itself bears witness to. */

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

declare global {
  interface Window {
    /** Pointer events that a document has seen, of a pointer that does something. */
    pointers?: number;
  }
}

const witness = (): void => {
  window.pointers = 0;
  for (const kind of ['pointerdown', 'pointermove', 'wheel'])
    addEventListener(
      kind,
      (event) => {
        // A page whose layout changes is told again where the pointer stands.
        const stands =
          event instanceof PointerEvent &&
          event.type === 'pointermove' &&
          event.movementX === 0 &&
          event.movementY === 0;
        if (!stands) window.pointers = (window.pointers ?? 0) + 1;
      },
      true,
    );
};

async function untouched(page: Page): Promise<void> {
  for (const frame of page.frames()) expect(await frame.evaluate(() => window.pointers)).toBe(0);
}

/** Name and kind of what has the focus, as "button Flag"; through shadow roots and frames. */
async function focused(page: Page): Promise<string> {
  for (const frame of page.frames().toReversed()) {
    const said = await frame.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (at === null || at === document.body || at instanceof HTMLIFrameElement) return null;
      const labels = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? [...(at.labels ?? [])] : [];
      const by = at.getAttribute('aria-labelledby')?.split(' ') ?? [];
      const name =
        at.getAttribute('aria-label') ??
        (by.length > 0
          ? by.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
          : (labels[0]?.textContent ?? at.textContent ?? ''));
      return `${at.getAttribute('role') ?? at.localName} ${name.replaceAll(/\s+/g, ' ').trim()}`;
    });
    if (said !== null) return said;
  }
  return 'nothing';
}

async function focusIs(page: Page, what: RegExp): Promise<void> {
  let at = '';
  const there = async (): Promise<boolean> => {
    at = await focused(page);
    return what.test(at);
  };
  await until(`the focus on ${what}`, there, 20_000).catch((error: Error) => {
    throw new Error(`${error.message}; it is on ${at}`);
  });
}

/** Tab, until the focus is on what is meant. */
async function tabTo(page: Page, what: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (what.test(at)) return;
    passed.push(at);
  }
  throw new Error(`Tab does not lead to ${what}; it passed ${passed.join(' | ')}`);
}

const press = (page: Page, ...keys: string[]): Promise<void> =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

const strip = (page: Page) => page.getByRole('region', { name: 'Your help flag' });
const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });
const drawer = (page: Page) => page.getByRole('dialog', { name: /^Priya with Rosa/ });

describe('the live floor in Chromium, by keyboard alone:', () => {
  test('write, accept, reply, raise, take, talk in private, join, leave, lower', async () => {
    const rosa = await scene.customer({ init: witness });
    const priya = await scene.staff('Priya', '/console', { init: witness });
    const tomasz = await scene.staff('Tomasz', '/wallboard', { init: witness });
    await tomasz.getByText('No flag is up').waitFor();
    await priya.getByText('Nothing waits for you').waitFor();

    // The agent becomes available.
    await tabTo(priya, /^button Status/);
    await press(priya, 'Enter');
    await focusIs(priya, /^menu/);
    await press(priya, 'Home', 'Enter');
    await priya.getByText('You are available.').waitFor();

    // The customer opens the chat and writes.
    await tabTo(rosa.page, /^button Open the chat/);
    await press(rosa.page, 'Enter');
    await focusIs(rosa.page, /^input Your name/);
    await rosa.page.keyboard.type('Rosa Iglesias');
    await press(rosa.page, 'Tab');
    await focusIs(rosa.page, /^textarea Your message/);
    await rosa.page.keyboard.type('Please transfer 1,640 dollars to Philip.');
    await tabTo(rosa.page, /^button Start the chat/);
    await press(rosa.page, 'Enter');

    // The agent accepts and answers.
    await priya.getByRole('button', { name: /^Accept/ }).waitFor();
    await press(priya, 'Alt+a');
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
    await press(priya, 'r');
    await focusIs(priya, /^textarea Reply to Rosa/);
    await priya.keyboard.type('From which account?');
    await press(priya, 'Enter');
    await rosa.chat.getByText('From which account?').waitFor();
    await focusIs(rosa.page, /^textarea Message/);
    await rosa.page.keyboard.type('My savings.');
    await press(rosa.page, 'Enter');
    await priya.getByRole('log').getByText('My savings.').waitFor();

    // Out of the composer, raise: a key, a reason, the words, Ctrl+Enter. The focus is where it was.
    await press(priya, 'Escape');
    await focusIs(priya, /^listbox Your inbox/);
    await press(priya, 'Shift+F');
    await priya.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    await focusIs(priya, /^input /);
    await press(priya, '2');
    await focusIs(priya, /^textarea Message/);
    await priya.keyboard.type('Above my limit, please approve.');
    await press(priya, 'Control+Enter');
    await strip(priya).waitFor();
    await focusIs(priya, /^listbox Your inbox/);

    // The supervisor goes to the flag, takes it, and writes to the agent in private.
    await card(tomasz).waitFor();
    await press(tomasz, 'ArrowDown');
    await focusIs(tomasz, /^article Priya with Rosa/);
    await press(tomasz, 't');
    await strip(priya).getByText('Tomasz is on it.').waitFor();
    await press(tomasz, 'c');
    await focusIs(tomasz, /^textarea Private to Priya/);
    await tomasz.keyboard.type('Read the payee back to her first.');
    await press(tomasz, 'Enter');
    await priya.getByRole('log', { name: 'Side chat lines' }).getByText('Read the payee back').waitFor();
    await press(priya, 'Alt+s');
    await focusIs(priya, /^textarea Private to Tomasz/);
    await priya.keyboard.type('Will do. Come in, please.');
    await press(priya, 'Enter');
    await drawer(tomasz).getByText('Will do. Come in, please.').waitFor();
    await press(priya, 'Alt+s');
    await focusIs(priya, /^textarea Reply to Rosa/);
    await press(priya, 'Escape', 'Shift+J');
    await strip(priya).getByText('Asked to join').waitFor();

    // He closes the drawer, which leads back to the card, watches, and joins.
    await press(tomasz, 'Escape');
    await drawer(tomasz).waitFor({ state: 'detached' });
    await focusIs(tomasz, /^article Priya with Rosa/);
    await press(tomasz, 'm');
    await drawer(tomasz).getByText('You monitor.').waitFor();
    await press(tomasz, 'j');
    await rosa.chat.getByText('Tomasz joined').waitFor();
    await focusIs(tomasz, /^textarea Reply to Rosa/);
    await tomasz.keyboard.type('I have started your transfer.');
    await press(tomasz, 'Enter');
    await rosa.chat.getByText('I have started your transfer.').waitFor();
    await tabTo(tomasz, /^button Leave/, 'Shift+Tab');
    await press(tomasz, 'Enter');
    await rosa.chat.getByText('Tomasz left').waitFor();
    await press(tomasz, 'Escape');
    await drawer(tomasz).waitFor({ state: 'detached' });
    await focusIs(tomasz, /^article Priya with Rosa/);

    // Either lowers it with one more key: she thinks again, he does it.
    await press(priya, 'l');
    await priya.getByRole('dialog', { name: 'Lower flag' }).waitFor();
    await press(priya, 'Escape');
    await focusIs(priya, /^listbox Your inbox/);
    await press(tomasz, 'l');
    await focusIs(tomasz, /^button Answered/);
    await press(tomasz, '2');
    await tomasz.getByText('No flag is up').waitFor();
    await strip(priya).waitFor({ state: 'detached' });
    await priya
      .getByText(/Help flag lowered by Tomasz, joined/)
      .first()
      .waitFor();
    for (const page of [rosa.page, priya, tomasz]) await untouched(page);
  }, 240_000);

  test('raise from within a text: the chord, and back in the text with its draft', async () => {
    const talk = await served(floor, home, await floor.staff(home, 'Priya'), { name: 'Rosa Iglesias' });
    const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`, { init: witness });
    const reply = priya.getByRole('textbox', { name: 'Reply to Rosa' });
    await reply.waitFor();
    await press(priya, 'r');
    await focusIs(priya, /^textarea Reply to Rosa/);
    await priya.keyboard.type('Let me Find out');
    await press(priya, 'Control+Shift+F');
    await priya.getByRole('dialog', { name: 'Raise a flag' }).waitFor();
    await press(priya, 'Escape');
    await focusIs(priya, /^textarea Reply to Rosa/);
    await press(priya, 'Control+Shift+F');
    await focusIs(priya, /^input /);
    await press(priya, 'Control+Enter');
    await strip(priya).waitFor();
    await focusIs(priya, /^textarea Reply to Rosa/);
    expect(await reply.inputValue()).toBe('Let me Find out');
    await untouched(priya);
  }, 120_000);

  test('the palette finds and runs a command, and gives the focus back', async () => {
    const priya = await scene.staff('Priya', '/console', { init: witness });
    await priya.getByText('Nothing waits for you').waitFor();
    await tabTo(priya, /^button Status/);
    await press(priya, 'Control+k');
    await focusIs(priya, /^combobox Type a command/);
    await priya.keyboard.type('dark');
    await priya.getByRole('option', { name: 'Theme: Dark' }).waitFor();
    await press(priya, 'Enter');
    await until('the dark theme', () => priya.evaluate(() => document.documentElement.dataset.theme === 'dark'));
    await focusIs(priya, /^button Status/);
    await press(priya, 'Control+k');
    await focusIs(priya, /^combobox Type a command/);
    await priya.keyboard.type('wallaby');
    await priya.getByText('No command with these letters').waitFor();
    await press(priya, 'Escape');
    await focusIs(priya, /^button Status/);
    await untouched(priya);
  }, 120_000);

  test('the sheet of keys opens, a key is changed, and stays changed over a reload', async () => {
    const talk = await served(floor, home, await floor.staff(home, 'Priya'), { name: 'Rosa Iglesias' });
    const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`, { init: witness });
    const raise = priya.getByRole('dialog', { name: 'Raise a flag' });
    const sheet = priya.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
    await press(priya, '?');
    await sheet.waitFor();
    await tabTo(priya, /^button Change.*Raise a flag/);
    await press(priya, 'Enter');
    await sheet.getByText('Press the new keys.').waitFor();
    // Taken keys are refused with the name of what has them.
    await press(priya, 'r');
    await sheet.getByText('R already belongs to Reply to the customer.').waitFor();
    await press(priya, 'h');
    await press(priya, 'Escape', 'Escape');
    await sheet.waitFor({ state: 'detached' });
    await press(priya, 'h');
    await raise.waitFor();
    await press(priya, 'Escape');
    await raise.waitFor({ state: 'detached' });

    await priya.reload();
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).waitFor();
    await press(priya, 'Shift+F');
    await press(priya, '?');
    await sheet.waitFor();
    // The old key did nothing: the sheet would not have come over a dialog.
    expect(await raise.count()).toBe(0);
    await press(priya, 'Escape');
    await sheet.waitFor({ state: 'detached' });
    await press(priya, 'h');
    await raise.waitFor();
    await untouched(priya);
  }, 120_000);
});
