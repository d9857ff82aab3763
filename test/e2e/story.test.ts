import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { callsNobodyFurther, raised, type Served, served } from '../support/served.ts';
import { SocketGate } from '../support/socket-gate.ts';
import type { StaffClient } from '../support/staff-client.ts';
import { axeOnTheWay } from './looks.ts';

/**
 * The main job, as people do it with a mouse, each in a browser context of their own: a customer, an agent, two supervisors,
 * an agent of another team, and a supervisor of another organisation, who must see nothing.
 */

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

const secret = 'Above my limit, please approve.';
const privately = 'Read the payee back to her first.';
const publicly = 'Please transfer 1,640 dollars to Philip.';

/** Priya's own screen without a picture, for what stands before a test's own steps. */
const hands = (name = 'Priya'): Promise<StaffClient> => floor.staff(home, name);

/** Priya serves Rosa, and has the conversation open. */
async function talking(): Promise<{ agent: StaffClient; talk: Served; priya: Page }> {
  const agent = await hands();
  const talk = await served(floor, home, agent, { name: 'Rosa Iglesias', words: publicly });
  const priya = await scene.staff('Priya', `/console#/inbox/${talk.conversationId}`);
  await priya.getByRole('button', { name: /^Flag/ }).waitFor();
  return { agent, talk, priya };
}

/** The strip of the own flag on an agent's console. */
const strip = (page: Page) => page.getByRole('region', { name: 'Your help flag' });
/** The card of a flag on a wallboard. */
const card = (page: Page) => page.getByRole('article', { name: /^Priya with Rosa/ });
const board = (page: Page) => page.getByRole('region', { name: 'Raised Flags' });
const drawer = (page: Page) => page.getByRole('dialog', { name: /^Priya with Rosa/ });

describe('the live floor in Chromium, by mouse:', () => {
  test('raise, take, talk in private, join, leave, lower (S1.1, S1.4, S1.5, S1.7 to S1.15)', async () => {
    const elsewhere = await floor.organisation(
      [
        { name: 'Abe', role: 'agent', teams: ['Banking'] },
        { name: 'Sol', role: 'supervisor', supervises: ['Banking'] },
      ],
      'Southbank Support',
    );
    const rosa = await scene.customer();
    const priya = await scene.staff('Priya', '/console');
    const ines = await scene.staff('Ines', '/wallboard');
    const tomasz = await scene.staff('Tomasz', '/wallboard', { colorScheme: 'dark' });
    const leo = await scene.staff('Leo', '/console#/all');
    const sol = await scene.staff('Sol', '/wallboard', {}, elsewhere);

    await priya.getByRole('button', { name: 'Be available' }).click();
    await rosa.page.getByRole('button', { name: /^Open the chat/ }).click();
    await rosa.chat.getByRole('textbox', { name: 'Your name' }).fill('Rosa Iglesias');
    await rosa.chat.getByRole('textbox', { name: 'Your message' }).fill(publicly);
    await rosa.chat.getByRole('button', { name: 'Start the chat' }).click();
    await priya.getByRole('button', { name: /^Accept/ }).click();
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).fill('From which account?');
    await rosa.chat.getByText('Priya is writing').waitFor();
    await priya.getByRole('button', { name: 'Send', exact: true }).click();
    await rosa.chat.getByText('From which account?').waitFor();
    await rosa.chat.getByRole('textbox', { name: 'Message' }).pressSequentially('My savings.');
    await priya.getByText('Rosa is typing').waitFor();
    await rosa.chat.getByRole('button', { name: 'Send' }).click();
    await priya.getByRole('log').getByText('My savings.').waitFor();

    await priya.getByRole('button', { name: /^Flag/ }).first().click();
    const raise = priya.getByRole('dialog', { name: 'Raise a flag' });
    await raise.getByText('Ines and Tomasz').waitFor();
    await axeOnTheWay(priya, 'console, Raise a flag');
    await raise.getByRole('textbox', { name: /^Message/ }).fill(secret);
    await raise.getByRole('checkbox', { name: /^Ask a supervisor to join/ }).click();
    await raise.getByRole('button', { name: /^Raise/ }).click();

    for (const wall of [ines, tomasz]) await card(wall).getByText(secret).waitFor();
    await axeOnTheWay(ines, 'wallboard, a flag is up, light');
    await axeOnTheWay(tomasz, 'wallboard, a flag is up, dark');
    expect(await ines.title()).toContain('(1)');
    await strip(priya)
      .getByText(/^Seen by/)
      .waitFor();

    await card(tomasz).getByRole('button', { name: /^Take/ }).click();
    await card(ines).getByText('Tomasz has it').waitFor();
    await strip(priya).getByText('Tomasz is on it.').waitFor();
    await card(tomasz).getByRole('button', { name: /^Chat/ }).click();
    await drawer(tomasz).getByRole('textbox', { name: 'Private to Priya' }).fill(privately);
    await drawer(tomasz).getByRole('button', { name: 'Send privately' }).click();
    await priya.getByRole('log', { name: 'Side chat lines' }).getByText(privately).waitFor();
    await axeOnTheWay(priya, 'console, side chat');
    await axeOnTheWay(tomasz, 'wallboard, drawer, dark');

    await drawer(tomasz).getByRole('button', { name: 'Monitor' }).click();
    await drawer(tomasz).getByText(publicly).waitFor();
    await priya.getByText('Tomasz monitors', { exact: true }).waitFor();
    // Until a supervisor really joins, the customer has not heard of one.
    expect(scene.heard(rosa.page)).not.toContain('Tomasz');
    await drawer(tomasz)
      .getByRole('button', { name: /^Join conversation/ })
      .click();
    await rosa.chat.getByText('Tomasz joined').waitFor();
    await drawer(tomasz).getByRole('textbox', { name: 'Reply to Rosa' }).fill('I have started your transfer.');
    await drawer(tomasz).getByRole('button', { name: 'Send', exact: true }).click();
    await rosa.chat.getByText('I have started your transfer.').waitFor();
    await drawer(tomasz)
      .getByRole('button', { name: /^Leave/ })
      .click();
    await rosa.chat.getByText('Tomasz left').waitFor();

    // A reload keeps everything (S1.20).
    await Promise.all([priya.reload(), ines.reload()]);
    await priya.getByRole('log', { name: 'Side chat lines' }).getByText(privately).waitFor();
    await card(ines).getByText(secret).waitFor();
    await strip(priya)
      .getByRole('button', { name: /^Lower flag/ })
      .click();
    await priya.keyboard.press('2');
    for (const wall of [ines, tomasz]) await board(wall).getByText('No flag is up').waitFor();
    await strip(priya).waitFor({ state: 'detached' });
    await priya
      .getByText(/Help flag lowered by .*, joined/)
      .first()
      .waitFor();
    expect(await ines.title()).not.toContain('(1)');

    // The customer has heard what was said to her, and nothing of what is internal.
    const heard = scene.heard(rosa.page);
    expect(heard).toContain('From which account?');
    for (const word of [secret, privately, 'flag', 'side-chat', 'claim', 'monitor'])
      expect(heard.toLowerCase()).not.toContain(word.toLowerCase());
    expect(heard).not.toContain('Ines');
    // Whoever is of another team or organisation has heard nothing of any of it.
    expect(scene.heard(ines)).toContain(secret);
    await board(sol).getByText('No flag is up').waitFor();
    for (const stranger of [leo, sol])
      for (const word of [secret, privately, publicly, 'Rosa Iglesias', 'I have started your transfer.']) {
        expect(scene.heard(stranger)).not.toContain(word);
        expect(await stranger.content()).not.toContain(word);
      }
    for (const word of ['Priya', 'Tomasz', 'Northlight']) {
      expect(scene.heard(sol)).not.toContain(word);
      expect(await sol.content()).not.toContain(word);
    }
  }, 180_000);

  test('two take one flag: one wins, and the other is told who, and that it may be released again (S1.9)', async () => {
    const { agent, talk, priya } = await talking();
    const late = new SocketGate();
    const ines = await scene.staff('Ines', '/wallboard');
    const tomasz = await scene.staff('Tomasz', '/wallboard', { gate: late });
    await raised(agent, talk, secret);
    for (const wall of [ines, tomasz]) await card(wall).getByRole('button', { name: /^Take/ }).waitFor();

    // What Ines does has not reached Tomasz when he presses.
    late.hold((frame) => frame.includes('["event"'));
    await card(ines).getByRole('button', { name: /^Take/ }).click();
    await strip(priya).getByText('Ines is on it.').waitFor();
    await card(tomasz).getByRole('button', { name: /^Take/ }).click();
    await tomasz.getByText(/^Ines took it .* before you\.$/).waitFor();
    await tomasz.getByText('You can still chat or monitor.').waitFor();
    late.release();
    await card(tomasz).getByText('Ines has it').waitFor();

    await card(ines)
      .getByRole('button', { name: /^Release/ })
      .click();
    await ines.getByText('You released Priya’s flag.').waitFor();
    await strip(priya).getByText('Ines is on it.').waitFor({ state: 'detached' });
    await card(tomasz).getByRole('button', { name: /^Take/ }).click();
    await card(ines).getByText('Tomasz has it').waitFor();
  }, 120_000);

  test('a supervisor takes the conversation over: the flag is down, the customer is told who helps (S1.13)', async () => {
    const { agent, talk, priya } = await talking();
    await raised(agent, talk, secret);
    const tomasz = await scene.staff('Tomasz', '/wallboard');
    await card(tomasz)
      .getByRole('button', { name: /^Monitor/ })
      .click();
    await drawer(tomasz).getByRole('button', { name: 'Take over' }).click();
    const sure = tomasz.getByRole('dialog', { name: 'Take over from Priya?' });
    await axeOnTheWay(tomasz, 'wallboard, Take over');
    await sure.getByRole('button', { name: 'Take over' }).click();
    await drawer(tomasz).getByText('You serve Rosa now.').waitFor();
    await board(tomasz).getByText('No flag is up').waitFor();
    await strip(priya).waitFor({ state: 'detached' });
    await priya.getByText('Help flag lowered, the conversation was taken over').waitFor();
    await talk.customer.sees('who helps now', ({ said }) => said.at(-1) === 'notice: serving Tomasz');
    expect(JSON.stringify(talk.customer.frames)).not.toContain(secret);
  }, 120_000);

  test('new words, a join that is declined with a word, asked again, and accepted (S1.8, S1.11)', async () => {
    const { agent, talk, priya } = await talking();
    await raised(agent, talk, secret, true);
    const tomasz = await scene.staff('Tomasz', '/wallboard');
    await strip(priya).getByText('Asked to join').waitFor();

    await strip(priya).getByRole('button', { name: 'Edit message' }).click();
    const edit = priya.getByRole('dialog', { name: 'Edit message' });
    await edit.getByRole('textbox', { name: /^Message/ }).fill('She wants the whole balance moved.');
    await axeOnTheWay(priya, 'console, Edit message');
    await edit.getByRole('button', { name: /^Save/ }).click();
    await card(tomasz).getByText('She wants the whole balance moved.').waitFor();
    await card(tomasz)
      .getByText(/^changed at/)
      .waitFor();
    expect(await card(tomasz).getByText(secret).count()).toBe(0);

    await card(tomasz).getByText('asks you to join').waitFor();
    await card(tomasz)
      .getByRole('button', { name: /^Decline/ })
      .click();
    const decline = tomasz.getByRole('dialog', { name: 'Decline to join' });
    await axeOnTheWay(tomasz, 'wallboard, Decline to join');
    await decline.getByRole('textbox', { name: 'A word to Priya' }).fill('You know this one, ask for the second code.');
    await decline.getByRole('button', { name: 'Decline', exact: true }).click();
    await strip(priya).getByText('Tomasz declined to join:').waitFor();
    await strip(priya).getByText('You know this one, ask for the second code.').waitFor();
    await axeOnTheWay(priya, 'console, join declined');

    await strip(priya).getByRole('button', { name: 'Ask to join' }).click();
    await card(tomasz).getByText('asks you to join').waitFor();
    await card(tomasz).getByRole('button', { name: /^Join/ }).click();
    await strip(priya).getByText('Tomasz joined.').waitFor();
    await talk.customer.sees('that he joined', ({ said }) => said.includes('notice: joined Tomasz'));
    expect(JSON.stringify(talk.customer.frames)).not.toContain('second code');
  }, 120_000);

  test('handing the conversation to another queue lowers the flag with that reason (S1.14)', async () => {
    const { agent, talk, priya } = await talking();
    const record = await hands('Ines');
    await raised(agent, talk, secret);
    const ines = await scene.staff('Ines', '/wallboard');
    await card(ines)
      .getByRole('button', { name: /^Monitor/ })
      .click();
    await drawer(ines).getByText(publicly).waitFor();

    await priya.getByRole('button', { name: 'More actions' }).click();
    await priya.getByRole('menuitem', { name: /^Transfer/ }).click();
    const transfer = priya.getByRole('dialog', { name: 'Transfer' });
    await transfer.getByText('The help flag is lowered by it.').waitFor();
    await transfer.getByRole('combobox', { name: 'Queue or person' }).fill('Trav');
    await axeOnTheWay(priya, 'console, Transfer');
    await transfer.getByRole('button', { name: /^Transfer/ }).click();
    await priya.getByText('to Travel.').waitFor();
    await board(ines).getByText('No flag is up').waitFor();
    await drawer(ines).getByText('This session has ended.').waitFor();
    await drawer(ines).getByText('Help flag lowered, the conversation was transferred').waitFor();
    expect((await record.hears('flag:lowered')).reason).toBe('transferred');
  }, 120_000);

  test('nobody watches: the agent is told before and after raising, and sees when somebody comes (S1.19)', async () => {
    const { priya } = await talking();
    // A flag that calls nobody further: a supervisor of another team is no help.
    await callsNobodyFurther(floor, home);
    const mei = await scene.staff('Mei', '/wallboard');
    await board(mei).getByText('No flag is up').waitFor();
    await priya.getByRole('button', { name: /^Flag/ }).click();
    const raise = priya.getByRole('dialog', { name: 'Raise a flag' });
    await raise.getByText('No supervisor is watching now.').waitFor();
    await axeOnTheWay(priya, 'console, Raise a flag, nobody watches');
    await raise.getByRole('textbox', { name: /^Message/ }).fill(secret);
    await raise.getByRole('button', { name: /^Raise/ }).click();
    await strip(priya).getByText('Nobody is watching.').waitFor();
    await axeOnTheWay(priya, 'console, nobody watches');
    const tomasz = await scene.staff('Tomasz', '/wallboard');
    await card(tomasz).getByText(secret).waitFor();
    await strip(priya).getByText('Seen by Tomasz').waitFor();
    expect(scene.heard(mei)).not.toContain(secret);
  }, 120_000);
});
