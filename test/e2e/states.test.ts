import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readDialogues } from '../../server/demo/dialogues.ts';
import type { Flag } from '../../shared/contract/flag.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Cast, Floor, type TestOrganisation } from '../support/floor.ts';
import { axeClean, builtWeb, Scene } from '../support/people.ts';
import { callsNobodyFurther, raised, type Served, served } from '../support/served.ts';
import { SocketGate } from '../support/socket-gate.ts';
import type { StaffClient } from '../support/staff-client.ts';
import { axeOnTheWay, clean, proof, within } from './looks.ts';

/** Console, wallboard, settings and sign-in in their states, at a desk and on a phone; the rare ones are the proof's. */

/** The proof looks at eight looks of a state instead of three. */
const long = proof ? 600_000 : 180_000;

let browser: Browser;
let web: string;
let floor: Floor;
let quiet: TestOrganisation;
let busy: TestOrganisation;
/** Conversations of Priya in the busy organisation; the first has a flag with a side chat. */
let hers: Served[];
let scene: Scene;

const agents = ['Priya', 'Omar', 'Nadia', 'Sam', 'Yuki', 'Ravi', 'Elif', 'Jonas', 'Aisha', 'Paul'] as const;
const crowd: readonly Cast[] = [
  ...agents.map((name): Cast => ({ name, role: 'agent', teams: ['Banking'], capacity: 5 })),
  { name: 'Leo', role: 'agent', teams: ['Travel'] },
  { name: 'Ines', role: 'supervisor', supervises: ['Banking', 'Travel'] },
  { name: 'Tomasz', role: 'supervisor', supervises: ['Banking'] },
  { name: 'Nico', role: 'supervisor' },
  { name: 'Marta', role: 'admin' },
  { name: 'Grace', role: 'owner' },
];

/** Thirty conversations out of real dialogues, three with each agent, and six flags: each in a state of its own. */
async function fill(): Promise<void> {
  const dialogues = (await readDialogues()).filter(({ team }) => team === 'Banking');
  await callsNobodyFurther(floor, busy);
  const tomasz = await floor.staff(busy, 'Tomasz', 'wallboard');
  const first = new Map<string, { agent: StaffClient; talk: Served }>();
  for (const [at, name] of agents.entries()) {
    const agent = await floor.staff(busy, name);
    for (let place = 0; place < 3; place += 1) {
      const exchanges = dialogues[at * 3 + place]?.exchanges.slice(0, 3) ?? [];
      const [opening, ...rest] = exchanges;
      if (opening === undefined) throw new Error('there are too few dialogues');
      const customer = `Customer ${at * 3 + place + 1}`;
      const talk = await served(floor, busy, agent, { name: customer, words: opening.customer });
      await agent.does('message:send', { conversationId: talk.conversationId, text: opening.agent });
      for (const turn of rest) {
        await talk.customer.says(turn.customer);
        await agent.does('message:send', { conversationId: talk.conversationId, text: turn.agent });
      }
      if (place === 0) first.set(name, { agent, talk });
      if (name === 'Priya') hers.push(talk);
      talk.customer.close();
    }
  }
  const flag = async (name: string, message: string, join = false): Promise<Flag> => {
    const one = first.get(name);
    if (one === undefined) throw new Error(`${name} serves nobody`);
    return raised(one.agent, one.talk, message, join);
  };
  const claimed = await flag('Priya', 'She wants 1,640 moved to a payee I cannot find, please look at it with me.');
  await tomasz.does('flag:claim', { flagId: claimed.id });
  await tomasz.does('side-chat:say', { sessionId: claimed.sessionId, text: 'Read the payee back to her first.' });
  await flag('Omar', 'Above my limit.');
  const seen = await flag('Nadia', 'He says the last transfer never arrived, and now shouts at me.');
  await tomasz.does('flag:mark-seen', { flagId: seen.id });
  const joined = await flag('Sam', 'Please come in, she asks for a supervisor by name.', true);
  await tomasz.does('supervision:join', { sessionId: joined.sessionId });
  await flag('Yuki', 'May I waive the fee a second time?', true);
  const declined = await flag('Ravi', 'Can you do this one for me?', true);
  await tomasz.does('flag:decline-join', { flagId: declined.id, word: 'You know how, I watch the side chat.' });
}

beforeAll(async () => {
  web = builtWeb();
  browser = await launchChromium();
  floor = await Floor.start({ web, rates: false });
  quiet = await floor.organisation();
  busy = await floor.organisation(crowd, 'Busy Support');
  hers = [];
  await fill();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await floor.close();
});

beforeEach(() => {
  // What a test breaks, the browser reports: a reading that fails, a socket that is cut.
  scene = new Scene({ browser, floor, organisation: busy, expected: /401|403|503|WebSocket/ });
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

const board = (page: Page) => page.getByRole('region', { name: 'Raised Flags' });
const drawer = (page: Page) => page.getByRole('dialog', { name: /^Priya with Customer 1/ });
/** Priya's console with the conversation that has a flag. */
const priyas = (options = {}): Promise<Page> =>
  scene.staff('Priya', `/console#/inbox/${hers[0]?.conversationId}`, options);
const unavailable = JSON.stringify({
  ok: false,
  refusal: { code: 'try_again', message: 'The database cannot be reached just now.', next: 'Try again in a moment.' },
});

describe('empty:', () => {
  test(
    'console',
    async () => {
      const page = await scene.staff('Priya', '/console', {}, quiet);
      await page.getByText('Nothing waits for you').waitFor();
      await page.getByRole('button', { name: 'Be available' }).waitFor();
      await page.getByText('No conversation open').waitFor();
      await clean(page, 'console, empty');
      for (const [view, words] of [
        ['Unassigned', 'Everybody has an agent'],
        ['All', 'No open conversation'],
        ['Closed', 'Nothing closed yet'],
      ] as const) {
        await page.getByRole('link', { name: view }).click();
        await page.getByText(words).waitFor();
      }
    },
    long,
  );

  test(
    'wallboard',
    async () => {
      const page = await scene.staff('Ines', '/wallboard', {}, quiet);
      await board(page).getByText('No flag is up').waitFor();
      await board(page).getByText('None was raised in the last 24 hours.').waitFor();
      await clean(page, 'wallboard, empty');
    },
    long,
  );
});

describe.runIf(proof)('loading:', () => {
  const late = (frame: string): boolean => /\["(snapshot|ready|complete|event)"/.test(frame);

  test(
    'console',
    async () => {
      const gate = new SocketGate();
      gate.hold(late);
      const page = await scene.staff('Priya', '/console', { gate });
      await page.getByRole('status', { name: 'Loading the floor' }).waitFor();
      expect(await page.getByText('Nothing waits for you').count()).toBe(0);
      await clean(page, 'console, loading');
      gate.release();
      await page
        .getByRole('option', { name: /Customer 1/ })
        .first()
        .waitFor();
      expect(await page.getByRole('status', { name: 'Loading the floor' }).count()).toBe(0);
    },
    long,
  );

  test(
    'wallboard',
    async () => {
      const gate = new SocketGate();
      gate.hold(late);
      const page = await scene.staff('Ines', '/wallboard', { gate });
      await board(page).locator('[aria-busy="true"]').waitFor();
      await page.getByText('Connecting').waitFor();
      expect(await page.getByText('No flag is up').count()).toBe(0);
      await clean(page, 'wallboard, loading');
      gate.release();
      await board(page).getByText('Above my limit.').waitFor();
      expect(await board(page).locator('[aria-busy="true"]').count()).toBe(0);
    },
    long,
  );
});

describe('busy:', () => {
  test(
    'console',
    async () => {
      const page = await priyas();
      await page.getByRole('region', { name: 'Your help flag' }).getByText('Tomasz is on it.').waitFor();
      await page.getByText('Read the payee back to her first.').first().waitFor();
      expect(await page.getByRole('option', { name: /Customer/ }).count()).toBe(3);
      await clean(page, 'console, busy');
    },
    long,
  );

  test(
    'console of whoever sees all',
    async () => {
      const page = await scene.staff('Marta', '/console#/all');
      await page
        .getByRole('option', { name: /Customer/ })
        .first()
        .waitFor();
      await page.getByRole('link', { name: 'All 30 conversations' }).waitFor();
      await clean(page, 'console, everything');
    },
    long,
  );

  test(
    'wallboard',
    async () => {
      const page = await scene.staff('Ines', '/wallboard');
      await board(page).getByText('4 need someone').waitFor();
      await board(page).getByText('2 in hand').waitFor();
      for (const words of ['Tomasz has it', 'Tomasz joined', 'asks you to join', 'Above my limit.'])
        await board(page).getByText(words).first().waitFor();
      await clean(page, 'wallboard, busy');
    },
    long,
  );

  test(
    'wallboard with the Monitor drawer',
    async () => {
      const page = await scene.staff('Ines', '/wallboard');
      await page
        .getByRole('article', { name: /^Priya with/ })
        .getByRole('button', { name: /^Monitor/ })
        .click();
      await drawer(page).getByText('You monitor.').waitFor();
      await drawer(page).getByText('Read the payee back to her first.').first().waitFor();
      await clean(page, 'wallboard, Monitor');
    },
    long,
  );

  test(
    'wall without hands',
    async () => {
      const page = await scene.staff('Ines', '/wallboard?kiosk', { viewport: { width: 1920, height: 1080 } });
      await page.getByText('Above my limit.').waitFor();
      if (proof) await clean(page, 'wall, busy');
      expect(await page.getByRole('button').count()).toBe(0);
    },
    long,
  );
});

describe.runIf(proof)('what opens over a screen:', () => {
  /** Opens, looks, and closes again by Esc. */
  async function opened(page: Page, where: string, keys: string, name: string): Promise<void> {
    await page.keyboard.press(keys);
    const over = page.getByRole('dialog', { name });
    await over.waitFor();
    await (proof ? clean : axeClean)(page, where);
    await page.keyboard.press('Escape');
    await over.waitFor({ state: 'detached' });
  }

  test(
    'console',
    async () => {
      const page = await priyas();
      await page.getByRole('region', { name: 'Your help flag' }).waitFor();
      await opened(page, 'console, palette', 'Control+k', 'Find or do');
      await opened(page, 'console, keys', '?', 'Keyboard shortcuts');
      await opened(page, 'console, Lower flag', 'l', 'Lower flag');
      await opened(page, 'console, close with a flag up', 'Shift+C', 'Close with a help flag up?');
      for (const name of ['Customer', 'Activity']) {
        await page.getByRole('tab', { name }).click();
        await page.getByRole('tabpanel', { name }).waitFor();
        await axeClean(page, `console, ${name}`);
      }
      await page.getByRole('button', { name: /^Status/ }).click();
      await page.getByRole('menu').waitFor();
      await axeClean(page, 'console, Status');
    },
    long,
  );

  test(
    'wallboard',
    async () => {
      const page = await scene.staff('Ines', '/wallboard');
      await board(page).getByText('Above my limit.').waitFor();
      await opened(page, 'wallboard, palette', 'Control+k', 'Find or do');
      await opened(page, 'wallboard, keys', '?', 'Keyboard shortcuts');
      await page.getByRole('button', { name: 'Arrange the board' }).click();
      await page.getByRole('region', { name: 'Arrange the board' }).waitFor();
      await axeClean(page, 'wallboard, arranging');
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'Your menu' }).click();
      await page.getByRole('menu').waitFor();
      await axeClean(page, 'wallboard, menu');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Nadia', exact: true }).click();
      await page
        .getByRole('dialog', { name: 'Nadia’s conversations' })
        .getByRole('heading', { name: 'Customer 7' })
        .waitFor();
      await axeClean(page, 'wallboard, conversations of an agent');
    },
    long,
  );
});

describe.runIf(proof)('stale, said within 3 s, and live again without a reload:', () => {
  /** A reload would forget it. */
  const mark = (page: Page): Promise<void> =>
    page.evaluate(() => {
      document.body.dataset.first = 'yes';
    });
  const same = (page: Page): Promise<string | undefined> => page.evaluate(() => document.body.dataset.first);

  test(
    'console, when the network dies in silence',
    async () => {
      const gate = new SocketGate();
      const page = await priyas({ gate });
      await page.getByRole('textbox', { name: /^Reply to/ }).waitFor();
      await mark(page);
      gate.hold();
      const banner = page.getByRole('alert').filter({ hasText: 'Not live since' });
      await banner.waitFor({ timeout: within(3000) });
      await clean(page, 'console, stale');
      gate.release();
      await banner.waitFor({ state: 'detached' });
      expect(await same(page)).toBe('yes');
    },
    long,
  );

  test(
    'wallboard, when the connection is cut',
    async () => {
      const gate = new SocketGate();
      const page = await scene.staff('Ines', '/wallboard', { gate });
      await board(page).getByText('Above my limit.').waitFor();
      await mark(page);
      await gate.cut();
      const banner = page.getByRole('alert').filter({ hasText: 'Connection lost' });
      await banner.waitFor({ timeout: within(3000) });
      // Its age grows.
      await banner.getByText(/Connection lost 0:0[3-9] ago/).waitFor();
      await board(page).getByText('Actions come back with the connection').first().waitFor();
      await page.getByText('Not live').waitFor();
      expect(await board(page).getByRole('button', { name: /^Take/ }).first().getAttribute('aria-disabled')).toBe(
        'true',
      );
      await clean(page, 'wallboard, stale');
      gate.mend();
      await banner.waitFor({ state: 'detached' });
      expect(await same(page)).toBe('yes');
    },
    long,
  );
});

describe.runIf(proof)('denied:', () => {
  test(
    'an agent before the wallboard',
    async () => {
      const page = await scene.staff('Priya', '/wallboard');
      await page.getByText('The wallboard is for supervisors').waitFor();
      await page.getByText('Grace and Marta').waitFor();
      await clean(page, 'wallboard, denied');
      expect(scene.heard(page)).not.toContain('Above my limit.');
    },
    long,
  );

  test(
    'a supervisor of no team',
    async () => {
      const page = await scene.staff('Nico', '/wallboard');
      await page.getByText('You supervise no team yet').waitFor();
      await page.getByRole('link', { name: 'Open the console' }).waitFor();
      expect(scene.heard(page)).not.toContain('Above my limit.');
    },
    long,
  );

  test(
    'an agent before the settings',
    async () => {
      const page = await scene.staff('Priya', '/console#/settings/people');
      await page.getByText('You may not arrange people here').waitFor();
      await clean(page, 'settings, denied');
    },
    long,
  );
});

describe.runIf(proof)('failed, and what leads on:', () => {
  test(
    'the transcript in the console',
    async () => {
      const page = await scene.staff('Priya', '/console');
      await page.route('**/transcript*', (route) => route.fulfill({ status: 503, body: unavailable }));
      await page.getByRole('option', { name: /Customer 1\b/ }).click();
      const failure = page.getByRole('alert').filter({ hasText: 'The transcript could not be read' });
      await failure.getByText('The database cannot be reached just now.').waitFor();
      await clean(page, 'console, transcript failed');
      await page.unroute('**/transcript*');
      await failure.getByRole('button', { name: 'Try again' }).click();
      await failure.waitFor({ state: 'detached' });
      await page.getByText('Read the payee back to her first.').first().waitFor();
    },
    long,
  );

  test(
    'the transcript in the Monitor drawer',
    async () => {
      const page = await scene.staff('Tomasz', '/wallboard');
      // The failure comes after the first live line: that line alone is not the transcript.
      await page.route('**/transcript*', async (route) => {
        await drawer(page).getByText('You monitor.').waitFor();
        await route.fulfill({ status: 503, body: unavailable });
      });
      await page
        .getByRole('article', { name: /^Priya with/ })
        .getByRole('button', { name: /^Monitor/ })
        .click();
      await drawer(page).getByText('The transcript could not be read').waitFor();
      await page.unroute('**/transcript*');
      await drawer(page).getByRole('button', { name: 'Try again' }).click();
      await drawer(page).getByText('Read the payee back to her first.').first().waitFor();
    },
    long,
  );

  test.each([
    ['/console', 'The console cannot be opened'],
    ['/wallboard', 'The floor could not be loaded'],
  ])(
    '%s, when the hub cannot say who this is',
    async (path, words) => {
      const page = await scene.staff('Ines', '/customer');
      await page.route('**/auth/me', (route) => route.fulfill({ status: 503, body: unavailable }));
      await page.goto(`${floor.url}${path}`);
      await page.getByText(words).waitFor();
      await clean(page, `${path}, failed`);
      await page.unroute('**/auth/me');
      await page
        .getByRole('button', { name: 'Try again' })
        .click({ timeout: 5000 })
        .catch(() => undefined);
      await page.getByText(words).waitFor({ state: 'detached' });
    },
    120_000,
  );
});

describe('settings and sign-in:', () => {
  test(
    'people and teams',
    async () => {
      const page = await scene.staff('Marta', '/console#/settings/people');
      await page.getByRole('heading', { name: 'People', level: 1 }).waitFor();
      await page.getByText('Nadia', { exact: true }).first().waitFor();
      await clean(page, 'settings, people');
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('dialog', { name: 'Invite somebody' }).waitFor();
      await axeOnTheWay(page, 'settings, invite');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Teams' }).click();
      await page.getByRole('heading', { name: 'Teams', level: 1 }).waitFor();
      await clean(page, 'settings, teams');
    },
    long,
  );

  test('the demo’s door, and a password’s', async () => {
    const small = await Floor.start({ web });
    try {
      const other = new Scene({ browser, floor: small, organisation: await small.organisation() });
      const page = (await other.customer()).page;
      await page.goto(`${small.url}/console`);
      await page.getByRole('heading', { name: 'Choose who to be' }).waitFor();
      await clean(page, 'sign-in, demo');
      await page.getByRole('button', { name: 'Sign in with an e-mail address' }).click();
      await page.getByRole('textbox', { name: 'E-mail address' }).waitFor();
      await clean(page, 'sign-in, password');
      await page.goto(`${small.url}/wallboard`);
      await page.getByRole('button', { name: 'Sign in as Ines (supervisor)' }).click();
      await board(page).getByText('No flag is up').waitFor();
      await other.close();
      expect(other.problems).toEqual([]);
    } finally {
      await small.close();
    }
  }, 180_000);
});
