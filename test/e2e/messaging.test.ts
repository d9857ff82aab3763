import type { Browser, Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConnectionId } from '../../shared/contract/id.ts';
import { launchChromium } from '../support/chromium.ts';
import { Floor, type TestOrganisation } from '../support/floor.ts';
import { type Connected, connected, post, Sink, writes } from '../support/messaging.ts';
import { builtWeb, Scene } from '../support/people.ts';
import { axeOnTheWay, clean } from './looks.ts';

/** S1.2 messaging, with a mouse: an admin connects a channel, a customer writes from elsewhere, an agent answers and asks for help. */
let browser: Browser;
let floor: Floor;
let home: TestOrganisation;
let scene: Scene;
let sink: Sink;

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
  sink = await Sink.open();
});
afterEach(async () => {
  await scene.close();
  await sink.close();
  expect(scene.problems).toEqual([]);
});

const secret = 'canary-flag-messaging: above my limit.';
const privately = 'canary-side-messaging: read it back first.';
const dialog = (page: Page) => page.getByRole('dialog');
const transcript = (page: Page) => page.getByRole('log', { name: 'Transcript' });

/** A connection to the queue of Banking, without a picture. */
async function connect(): Promise<Connected> {
  const marta = await floor.staff(home, 'Marta');
  const [queue] = [...marta.now.queues.values()].filter(({ name }) => name === 'Banking');
  if (queue === undefined) throw new Error('there is no queue Banking');
  return connected(marta, queue.id, `${sink.url}/replies`);
}

describe('S1.2 messaging in Chromium:', () => {
  test('a channel is connected, a signed message comes in, and the answer, a flag and a supervisor go their ways', async () => {
    const marta = await scene.staff('Marta', '/console#/settings/connections');
    await marta.getByText('No connection yet').waitFor();
    await axeOnTheWay(marta, 'connections, none');
    await marta.getByRole('button', { name: 'New connection' }).click();
    await dialog(marta).getByRole('button', { name: 'Connect', exact: true }).click();
    await dialog(marta).getByText('Give it a name.').waitFor();
    await axeOnTheWay(marta, 'connection, with faults');
    await dialog(marta).getByLabel('Name').fill('Shop app');
    await dialog(marta).getByLabel('Where replies are sent').fill(`${sink.url}/replies`);
    await dialog(marta).getByRole('button', { name: 'Connect', exact: true }).click();
    await marta.getByText('Shown this once').waitFor();
    await axeOnTheWay(marta, 'secrets, shown once');
    const value = (name: string) => dialog(marta).getByLabel(name, { exact: true }).inputValue();
    const [address, inbound, outbound] = await Promise.all(
      ['Messages come in at', 'Signs what you send to us', 'Signs what we send to you'].map(value),
    );
    const to: Connected = {
      connectionId: address?.split('/').at(-1) as ConnectionId,
      adapter: 'generic',
      inbound: inbound ?? '',
      outbound: outbound ?? '',
      verify: null,
    };
    expect(address).toBe(`${floor.url}/channel/${to.connectionId}`);
    await dialog(marta).getByRole('button', { name: 'Done' }).click();
    // Nothing of them is left on the screen, nor was it ever sent to one.
    expect(await marta.content()).not.toContain(to.outbound);
    expect(scene.heard(marta)).not.toContain(to.outbound);

    const priya = await scene.staff('Priya', '/console');
    const tomasz = await scene.staff('Tomasz', '/wallboard');
    await priya.getByRole('button', { name: 'Be available' }).click();
    expect((await writes(floor, to, '+34 600 100 200', 'My card was swallowed.')).status).toBe(200);
    await priya.getByRole('button', { name: /^Accept/ }).click();
    await transcript(priya).getByText('My card was swallowed.').waitFor();
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).fill('Which machine was it?');
    await priya.getByRole('button', { name: 'Send', exact: true }).click();
    await transcript(priya).getByText('Sent', { exact: true }).waitFor();
    const [got] = sink.got;
    const verified = new Webhook(to.outbound).verify(got?.body ?? '', got?.headers as Record<string, string>) as {
      data: { id: string; to: string; text: string };
    };
    expect(verified).toMatchObject({
      type: 'message.sent',
      data: { to: '+34 600 100 200', text: 'Which machine was it?' },
    });
    for (const state of ['delivered', 'read']) {
      const body = { type: `message.${state}`, timestamp: new Date().toISOString(), data: { id: verified.data.id } };
      expect((await post(floor, to, body)).status).toBe(200);
      await transcript(priya)
        .getByText(state === 'read' ? 'Read' : 'Delivered', { exact: true })
        .waitFor();
    }

    await priya.getByRole('button', { name: /^Flag/ }).first().click();
    const raise = priya.getByRole('dialog', { name: 'Raise a flag' });
    await raise.getByRole('textbox', { name: /^Message/ }).fill(secret);
    await raise.getByRole('checkbox', { name: /^Ask a supervisor to join/ }).click();
    await raise.getByRole('button', { name: /^Raise/ }).click();
    const card = tomasz.getByRole('article', { name: /^Priya with Rosa/ });
    await card.getByText(secret).waitFor();
    await card.getByText('Messaging').first().waitFor();
    await card.getByRole('button', { name: /^Chat/ }).click();
    const drawer = tomasz.getByRole('dialog', { name: /^Priya with Rosa/ });
    await drawer.getByRole('textbox', { name: 'Private to Priya' }).fill(privately);
    await drawer.getByRole('button', { name: 'Send privately' }).click();
    await priya.getByRole('log', { name: 'Side chat lines' }).getByText(privately).waitFor();
    await drawer.getByRole('button', { name: /^Join conversation/ }).click();
    await drawer.getByRole('textbox', { name: 'Reply to Rosa' }).fill('Hello, Tomasz here.');
    await drawer.getByRole('button', { name: 'Send', exact: true }).click();
    // The wallboard shows the same states as the console.
    await drawer.getByRole('log', { name: 'Transcript' }).getByText('Sent', { exact: true }).waitFor();
    await expect
      .poll(() => sink.texts)
      .toEqual(['Which machine was it?', 'Tomasz joined the conversation.', 'Hello, Tomasz here.']);
    // Nothing internal has gone out, in no form.
    const out = JSON.stringify(sink.got);
    for (const word of ['canary', 'flag', 'side-chat', 'monitor', secret, privately]) expect(out).not.toContain(word);

    await expect
      .poll(() => marta.getByRole('region', { name: 'Shop app' }).innerText())
      .toMatch(/In\s+1\s+Sent\s+3\s+Waiting\s+0\s+Failed\s+0/);
    await clean(marta, 'connections, one');
    await axeOnTheWay(priya, 'a messaging conversation');
  }, 120_000);

  test('a line that cannot be delivered says why, and is sent again by a press; the list tells of it', async () => {
    const to = await connect();
    sink.answer = () => ({ status: 410 });
    await writes(floor, to, 'rosa', 'Hello?');
    const agent = await floor.staff(home, 'Priya');
    const { id: conversationId } = await agent.sees('it', (live) => [...live.conversations.values()][0]);
    await agent.does('conversation:take', { conversationId });
    const priya = await scene.staff('Priya', `/console#/inbox/${conversationId}`);
    const marta = await scene.staff('Marta', '/console#/settings/connections');
    await priya.getByRole('textbox', { name: 'Reply to Rosa' }).fill('I am here.');
    await priya.getByRole('button', { name: 'Send', exact: true }).click();
    await transcript(priya).getByText('Not delivered: the other side is gone').waitFor();
    await axeOnTheWay(priya, 'a line that failed');
    const region = marta.getByRole('region', { name: /^generic/ });
    await region.getByText('Switched off', { exact: true }).waitFor();
    await region.getByText(/Last fault .*: the other side is gone/).waitFor();
    await priya.getByRole('button', { name: 'Try again' }).click();
    await priya.getByText('This connection is switched off.').waitFor();

    sink.answer = () => ({ status: 200 });
    await region.getByRole('button', { name: /^Actions for/ }).click();
    await marta.getByRole('menuitem', { name: 'Switch on' }).click();
    await region.getByText('On', { exact: true }).waitFor();
    await priya.getByRole('button', { name: 'Try again' }).click();
    await transcript(priya).getByText('Sent', { exact: true }).waitFor();
    expect(sink.got.map(({ headers }) => headers['webhook-id'])).toEqual([
      sink.got[0]?.headers['webhook-id'],
      sink.got[0]?.headers['webhook-id'],
    ]);

    await region.getByRole('button', { name: /^Actions for/ }).click();
    await marta.getByRole('menuitem', { name: 'New secrets' }).click();
    await axeOnTheWay(marta, 'new secrets');
    await dialog(marta).getByRole('button', { name: 'Make new secrets' }).click();
    await marta.getByText('Shown this once').waitFor();
    expect((await writes(floor, to, 'rosa', 'Still the old one.')).code).toBe('bad_signature');
    await dialog(marta).getByRole('button', { name: 'Done' }).click();
    await region.getByRole('button', { name: /^Actions for/ }).click();
    await marta.getByRole('menuitem', { name: 'Switch off' }).click();
    await dialog(marta).getByRole('button', { name: 'Switch off' }).click();
    await region.getByText('Switched off', { exact: true }).waitFor();
  }, 120_000);
});
