import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newId } from '../../shared/contract/uuid.ts';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { request } from '../support/http.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { raised, type Served, served } from '../support/served.ts';
import { SocketGate } from '../support/socket-gate.ts';
import type { StaffClient } from '../support/staff-client.ts';
import { until } from '../support/wait.ts';
import { clean } from './looks.ts';

/** Fallback mode and the reasons of help flags, in the hands of an admin, an agent and a supervisor at once. */

let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;
let priya: StaffClient;
let up: Served;
let free: Served;

// Three pages are looked at in every look within one test.
vi.setConfig({ testTimeout: 120_000 });

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
  scene = new Scene({ browser, floor, organisation: home, expected: /401/ });
  priya = await floor.staff(home, 'Priya');
  up = await served(floor, home, priya, { name: 'Rosa Iglesias' });
  free = await served(floor, home, priya, { name: 'Sol Marin' });
  await raised(priya, up, 'The refund is above my limit.');
});

afterEach(async () => {
  await scene.close();
  expect(scene.problems).toEqual([]);
});

const flagButton = (page: Page) => page.getByRole('button', { name: 'Flag', exact: true });
const dialog = (page: Page) => page.getByRole('dialog');
const off = (page: Page) => page.getByRole('status').filter({ hasText: 'Flags are off since' });
const reasons = (page: Page) => dialog(page).getByRole('radio');
const raiseInput = () => ({
  sessionId: free.sessionId,
  reasonId: [...priya.now.reasons.values()][0]?.id,
  message: 'Help.',
  askJoin: false,
});

describe('S1.6 in Chromium:', () => {
  test('S1.6: an admin switches it on with a note: Flag goes everywhere with the reason, what is up can be lowered, and back', async () => {
    const [marta, agent, ines, wall] = await Promise.all([
      scene.staff('Marta', '/console#/settings/fallback'),
      scene.staff('Priya', `/console#/inbox/${free.conversationId}`),
      scene.staff('Ines', '/wallboard'),
      scene.staff('Tomasz', '/wallboard?kiosk'),
    ]);
    await flagButton(agent).click();
    await dialog(agent).getByLabel('Policy question').check({ force: true });
    await dialog(agent).getByLabel('Message').fill('May I waive the fee?');

    // A note is asked for.
    await marta.getByText('Off: flags can be raised').waitFor();
    await marta.getByRole('button', { name: 'Switch on' }).click();
    await dialog(marta).getByRole('button', { name: 'Switch flags off' }).click();
    await dialog(marta).getByRole('alert').filter({ hasText: 'Type why' }).waitFor();
    await dialog(marta).getByLabel('Why, for everybody to read').fill('Supervisors are in a fire drill');
    await dialog(marta).getByRole('button', { name: 'Switch flags off' }).click();
    await marta.getByText(/^On since .* by Marta$/).waitFor();

    // The agent: the dialog goes and keeps the words, the button goes, the reason stands there.
    await agent.getByText('Your words are kept for when it ends.').waitFor();
    await dialog(agent).waitFor({ state: 'detached' });
    expect(await flagButton(agent).count()).toBe(0);
    await agent.getByTitle(/Flags are off since .* Supervisors are in a fire drill\. Ask in person\./).waitFor();
    expect(await off(agent).textContent()).toMatch(
      /Supervisors are in a fire drill\. Ask in person\..*Switched on by Marta\./,
    );
    // No key, and a palette entry that says why.
    await agent.getByRole('heading', { name: 'Sol Marin', level: 2 }).click();
    await agent.keyboard.press('Shift+F');
    await agent.keyboard.press('Control+K');
    await agent.getByRole('combobox').fill('raise');
    await agent.getByRole('option', { name: 'Raise a flag: off. Supervisors are in a fire drill.' }).waitFor();
    await agent.keyboard.press('Escape');
    expect(await dialog(agent).count()).toBe(0);
    await clean(agent, 'the console in fallback');

    // Programs are refused by the same name.
    const token = await floor.token(home, 'Priya');
    const body = { id: newId(Date.now()), input: raiseInput() };
    expect(await request(floor.url, 'POST', '/api/command/flag:raise', { token, body })).toMatchObject({
      status: 503,
      code: 'fallback_mode',
    });

    // Supervisors: a banner, and the flag that is up is lowered as ever.
    expect(await off(ines).textContent()).toMatch(/Flags that are up stay readable.*Switched on by Marta\./);
    await off(wall).waitFor();
    await clean(ines, 'the wallboard in fallback');
    await clean(marta, 'the page Fallback mode, on');
    const card = ines.getByRole('article', { name: /Priya/ });
    await card.getByRole('button', { name: /^Lower flag/ }).click();
    await card.getByRole('button', { name: /Answered/ }).click();
    await wall.getByText('No flag is up').waitFor();

    await marta.getByRole('button', { name: 'Switch off' }).click();
    await marta.getByText('Off: flags can be raised').waitFor();
    await flagButton(agent).waitFor();
    for (const page of [agent, ines, wall]) await off(page).waitFor({ state: 'detached' });
    await flagButton(agent).click();
    expect(await dialog(agent).getByLabel('Message').inputValue()).toBe('May I waive the fee?');
    expect(await dialog(agent).getByLabel('Policy question').isChecked()).toBe(true);
    await dialog(agent).getByRole('button', { name: 'Raise' }).click();
    await ines.getByRole('article', { name: /Priya/ }).filter({ hasText: 'May I waive the fee?' }).waitFor();
  });

  test('S1.6: a hub that hears the log late takes Flag away by itself, and gives it back', async () => {
    const [marta, agent] = await Promise.all([
      scene.staff('Marta', '/console#/settings/fallback'),
      scene.staff('Priya', `/console#/inbox/${up.conversationId}`),
    ]);
    const strip = agent.getByRole('region', { name: 'Your help flag' });
    await strip.getByRole('button', { name: /^Edit message/ }).waitFor();
    const { system } = floor.db;
    const other = newId<'hub'>(Date.now());
    await system.query(
      `insert into hub (id, lease_until, started_at, behind_ms) values ($1, '2100-01-01', now(), 60000)`,
      [other],
    );
    await off(agent).filter({ hasText: 'They would not reach supervisors in time.' }).waitFor();
    await strip.getByText('Flags are off: yours can be lowered, not changed').waitFor();
    expect(await strip.getByRole('button', { name: /Edit message|Ask to join/ }).count()).toBe(0);
    await marta.getByText(/^On by itself since/).waitFor();
    await clean(agent, 'a flag that is up in fallback');

    await system.query('delete from hub where id = $1', [other]);
    await until('it to end', async () => {
      await floor.pass(1000);
      return (await off(agent).count()) === 0;
    });
    await strip.getByRole('button', { name: /^Edit message/ }).waitFor();
    await marta.getByText('Off: flags can be raised').waitFor();
    await strip.getByRole('button', { name: /^Lower flag/ }).waitFor();
  });

  test('S1.11: reasons are made, renamed, put in order and archived, and every Raise dialog shows it at once', async () => {
    const [marta, agent] = await Promise.all([
      scene.staff('Marta', '/console#/settings/help-flags'),
      scene.staff('Priya', `/console#/inbox/${free.conversationId}`),
    ]);
    await flagButton(agent).click();
    const shown = () =>
      reasons(agent).evaluateAll((all) => all.map((one) => one.closest('label')?.innerText.split('\n')[0]));
    const shows = (...wanted: string[]) =>
      until(`the reasons ${wanted.join(', ')}`, async () => (await shown()).join() === wanted.join());
    await shows('Approval needed', 'Policy question', 'Escalation', 'Something broke', 'I feel unsafe');

    await marta.getByRole('button', { name: 'Edit Escalation' }).click();
    await dialog(marta).getByLabel('Name').fill('Wants a manager');
    await dialog(marta).getByLabel('Target').fill('soon');
    await dialog(marta).getByRole('button', { name: 'Save' }).click();
    await dialog(marta).getByRole('alert').filter({ hasText: 'such as 4:00' }).waitFor();
    await dialog(marta).getByLabel('Target').fill('1:00');
    await dialog(marta).getByRole('button', { name: 'Save' }).click();
    await shows('Approval needed', 'Policy question', 'Wants a manager', 'Something broke', 'I feel unsafe');
    await marta.getByRole('listitem').filter({ hasText: 'Wants a manager' }).filter({ hasText: '1:00' }).waitFor();

    // By keyboard, and with the pointer.
    await marta.getByRole('button', { name: 'Move Wants a manager' }).focus();
    await marta.keyboard.press('ArrowUp');
    await marta.keyboard.press('ArrowUp');
    await shows('Wants a manager', 'Approval needed', 'Policy question', 'Something broke', 'I feel unsafe');
    await marta.keyboard.press('ArrowDown');
    await shows('Approval needed', 'Wants a manager', 'Policy question', 'Something broke', 'I feel unsafe');
    const grip = (name: string) => marta.getByRole('button', { name: `Move ${name}` });
    await grip('I feel unsafe').hover();
    await marta.mouse.down();
    const top = await grip('Approval needed').boundingBox();
    await marta.mouse.move((top?.x ?? 0) + 10, (top?.y ?? 0) + 8, { steps: 8 });
    await marta.mouse.up();
    await shows('I feel unsafe', 'Approval needed', 'Wants a manager', 'Policy question', 'Something broke');

    // The chosen one is archived under the agent's hand: nothing else is chosen unseen.
    await dialog(agent).getByLabel('Wants a manager').check({ force: true });
    await marta.getByRole('button', { name: 'Archive Wants a manager' }).click();
    await dialog(marta).getByRole('button', { name: 'Archive' }).click();
    await shows('I feel unsafe', 'Approval needed', 'Policy question', 'Something broke');
    await dialog(agent).getByRole('alert').filter({ hasText: 'no longer there' }).waitFor();
    expect(await reasons(agent).evaluateAll((all) => all.some((one) => (one as HTMLInputElement).checked))).toBe(false);
    await dialog(agent).getByRole('button', { name: 'Raise' }).click();
    await dialog(agent).getByLabel('I feel unsafe').check({ force: true });
    await clean(marta, 'the page Help flags');
    await marta.getByRole('button', { name: 'Restore Wants a manager' }).click();
    await shows('I feel unsafe', 'Approval needed', 'Policy question', 'Something broke', 'Wants a manager');
    await dialog(agent).getByRole('button', { name: 'Raise' }).click();
    await dialog(agent).waitFor({ state: 'detached' });
    await priya.sees('the flag', (live) =>
      [...live.flags.values()].some((flag) => flag.message === 'I feel unsafe' && flag.sessionId === free.sessionId),
    );
  });

  test('a reason that is moved and moved back at once stands where it stood, though its screen has heard of neither', async () => {
    const gate = new SocketGate();
    const marta = await scene.staff('Marta', '/console#/settings/help-flags', { gate });
    const order = () => [...priya.now.reasons.values()].sort((a, b) => a.order - b.order).map(({ name }) => name);
    const before = order().join();
    await marta.getByRole('button', { name: 'Move Policy question' }).focus();
    gate.hold((frame) => frame.includes('reason:reordered'));
    await marta.keyboard.press('ArrowUp');
    await priya.sees('the move', () => order()[0] === 'Policy question');
    await marta.keyboard.press('ArrowDown');
    await priya.sees('the way back', () => order().join() === before);
    gate.release();
  });

  test('thresholds: a clock shows on the flag from the share that an admin sets, at once', async () => {
    const [marta, ines] = await Promise.all([
      scene.staff('Marta', '/console#/settings/help-flags'),
      scene.staff('Ines', '/wallboard'),
    ]);
    const card = ines.getByRole('article', { name: /Priya/ });
    await card.waitFor();
    // A minute of the four that this reason may take: far from the last quarter.
    await floor.pass(60_000);
    await card.getByText('1:0', { exact: false }).first().waitFor();
    expect(await card.getByText(/left/).count()).toBe(0);
    const share = marta.getByRole('slider', { name: 'Warns from' });
    await share.fill('20');
    await marta.getByText('A flag for Approval needed warns after 0:48 and is late after 4:00.').waitFor();
    await marta.getByRole('button', { name: 'Save' }).click();
    await card.getByText(/left/).waitFor();
    expect(await marta.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });
});
