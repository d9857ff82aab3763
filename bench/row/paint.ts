import type { Browser, Page } from 'playwright-core';
import type { FlagId } from '../../shared/contract/id.ts';
import { fromClickToPaint, launch, openScreen, PaintFloor } from '../support/browser.ts';
import { Crowd } from '../support/crowd.ts';
import { exact, median, pause, percentile, type Times } from '../support/measure.ts';
import { newMessage } from '../support/raisers.ts';
import { type Bench, type Figure, figureOf, ms, type Row, roundsOf } from '../support/row.ts';
import {
  firstTeam,
  type LiveSession,
  type Organisation,
  seedHistory,
  seedLive,
  seedOrganisation,
} from '../support/seed.ts';
import { StaffSocket } from '../support/staff-socket.ts';
import type { Hub } from '../support/stage.ts';

const agents = 1000;
const eventsPerSecond = 200;

/**
 * P3 and P5, in Chromium: an agent's console and a supervisor's wallboard, each in a context of its own. Counted from the
 * click's own instant until the frame with the words is painted, over what a bare page takes for a bare message.
 */
export const paintRow: Row = {
  ids: ['P3', 'P5'],
  measure: async (bench) => {
    const { stage } = bench;
    const organisation = await seedOrganisation(stage.db.system, { teams: 20, agentsPerTeam: agents / 20 });
    await seedHistory(stage, organisation, firstTeam(organisation), 20_000);
    const hub = await stage.hub({ web: bench.web });
    const browser = await launch();
    try {
      return await rounds(bench, organisation, hub, browser);
    } finally {
      await browser.close();
      await stage.stopHub(hub);
    }
  },
};

async function rounds(bench: Bench, organisation: Organisation, hub: Hub, browser: Browser): Promise<Figure[]> {
  const scene = await Scene.open(bench, organisation, hub, browser);
  const count = bench.quick ? 8 : 16;
  const raised: Pair[] = [];
  const said: Pair[] = [];
  const joined: Pair[] = [];
  const loaded: Pair[] = [];
  const beside = async (into: Pair[], product: () => Promise<Times>): Promise<void> => {
    into.push({ floor: await scene.floor.times(bench.quick ? 40 : 60), product: await product() });
  };
  await scene.raise(2);
  await scene.join(2);
  await scene.say(2);
  for (const _ of roundsOf(bench, 'idle', 130_000)) {
    await beside(raised, () => scene.raise(count));
    await beside(said, () => scene.say(count));
    await beside(joined, () => scene.join(count));
  }
  const crowd = await Crowd.connect(bench.stage, hub, organisation, 1);
  const lost = { sent: 0, acknowledged: 0 };
  for (const _ of roundsOf(bench, 'loaded', 70_000)) {
    const floor = await scene.floor.times(bench.quick ? 40 : 60);
    let talking = true;
    const load = (async () => {
      while (talking) {
        const { sent, acknowledged } = await crowd.talk(eventsPerSecond, 1000);
        lost.sent += sent;
        lost.acknowledged += acknowledged;
      }
    })();
    await pause(500);
    loaded.push({ floor, product: await scene.raise(count) });
    talking = false;
    await load;
  }
  await crowd.close();
  await scene.close();

  const figure = (id: 'P3' | 'P5', what: string, atMost: number, pairs: readonly Pair[], more = exact(0)): Figure => {
    const p99 = (times: Times): number => percentile(times, 0.99);
    const measured = pairs.reduce((sum, { product }) => sum + product.length, 0);
    return figureOf({
      id,
      what,
      unit: 'x',
      goal: { atMost },
      rounds: pairs.map(({ floor, product }) => p99(product) / p99(floor)),
      behind: `p50 ${ms(median(pairs.map(({ product }) => percentile(product, 0.5))))}, p99 ${ms(median(pairs.map(({ product }) => p99(product))))}; bare page p99 ${ms(median(pairs.map(({ floor }) => p99(floor))))}`,
      exactness: { ...more, sent: measured + more.sent },
    });
  };
  return [
    figure(
      'P3',
      'raise click to flag painted in another browser, idle: p99 over bare message to paint p99',
      1.25,
      raised,
    ),
    figure(
      'P3',
      `the same with ${agents.toLocaleString('en')} agents and ${eventsPerSecond} events/s; floor idle`,
      2,
      loaded,
      {
        ...exact(lost.sent),
        lost: lost.sent - lost.acknowledged,
      },
    ),
    figure('P5', "side chat line from a supervisor's click until painted at the agent", 2, said),
    figure('P5', "join click until the customer's line is painted in the drawer", 3, joined),
  ];
}

interface Pair {
  readonly floor: Times;
  readonly product: Times;
}

/** One agent at a console and their supervisor at a wallboard; their sockets beside the browsers tidy up after each step. */
class Scene {
  readonly floor: PaintFloor;
  readonly #console: Page;
  readonly #wallboard: Page;
  readonly #agent: StaffSocket;
  readonly #supervisor: StaffSocket;
  readonly #session: LiveSession;
  readonly #reasonId: string;
  readonly #write: (text: string) => Promise<void>;
  readonly #flags: FlagId[];

  private constructor(parts: {
    floor: PaintFloor;
    console: Page;
    wallboard: Page;
    agent: StaffSocket;
    supervisor: StaffSocket;
    session: LiveSession;
    reasonId: string;
    write: (text: string) => Promise<void>;
    flags: FlagId[];
  }) {
    this.floor = parts.floor;
    this.#console = parts.console;
    this.#wallboard = parts.wallboard;
    this.#agent = parts.agent;
    this.#supervisor = parts.supervisor;
    this.#session = parts.session;
    this.#reasonId = parts.reasonId;
    this.#write = parts.write;
    this.#flags = parts.flags;
  }

  static async open(bench: Bench, organisation: Organisation, hub: Hub, browser: Browser): Promise<Scene> {
    const team = firstTeam(organisation);
    const [session] = await seedLive(bench.stage.db.system, organisation, team, { agents: 1, each: 1 });
    const [somebody] = team.agents;
    if (session === undefined || somebody === undefined) throw new Error('nobody serves anybody');
    const { id: organisationId } = organisation;
    const { conversationId, customerId } = session;
    const write = async (text: string): Promise<void> => {
      await hub.child.ask('say', { organisationId, customerId, conversationId, text });
    };
    await write('My transfer does not go through.');
    const flags: FlagId[] = [];
    const connect = (token: string): Promise<StaffSocket> =>
      StaffSocket.connect({
        url: hub.url,
        token,
        organisationId,
        screen: 'console',
        heard: (event) => {
          if (event.type === 'flag:raised') flags.push(event.flag.id);
        },
      });
    const agent = await connect(somebody.token);
    const supervisor = await StaffSocket.connect({
      url: hub.url,
      token: team.supervisor.token,
      organisationId,
      screen: 'wallboard',
    });
    const console = await openScreen(browser, hub, '/console', somebody.token);
    const wallboard = await openScreen(browser, hub, '/wallboard', team.supervisor.token);
    await console.page.getByText(session.customerName).first().click();
    await console.page.getByRole('button', { name: /^Flag/ }).first().waitFor();
    await wallboard.page.getByRole('region', { name: 'Raised Flags' }).waitFor();
    return new Scene({
      floor: await PaintFloor.open(browser, bench.stage),
      console: console.page,
      wallboard: wallboard.page,
      agent,
      supervisor,
      session,
      reasonId: organisation.reasonId,
      write,
      flags,
    });
  }

  /** Raised by hand at the console, seen on the wallboard. */
  async raise(count: number): Promise<Times> {
    const page = this.#console;
    const times: number[] = [];
    for (let at = 0; at < count; at += 1) {
      await page.getByRole('button', { name: /^Flag/ }).first().click();
      const dialog = page.getByRole('dialog');
      const message = newMessage();
      await dialog.getByRole('textbox').fill(message);
      const button = dialog.getByRole('button', { name: /^Raise/ });
      times.push(await fromClickToPaint(page, () => button.click(), this.#wallboard, message));
      await this.#lower();
      await dialog.waitFor({ state: 'hidden' });
    }
    return times;
  }

  /** Said by a supervisor in the drawer, read by the agent. */
  async say(count: number): Promise<Times> {
    const page = this.#wallboard;
    const times: number[] = [];
    await this.#raiseByCommand();
    const card = page.getByRole('region', { name: 'Raised Flags' }).getByRole('article').first();
    await card.getByRole('button', { name: /^Chat/ }).click();
    const drawer = page.getByRole('dialog');
    for (let at = 0; at < count; at += 1) {
      const text = newMessage();
      await drawer.getByRole('textbox', { name: /^Private to/ }).fill(text);
      const button = drawer.getByRole('button', { name: 'Send privately' });
      times.push(await fromClickToPaint(page, () => button.click(), this.#console, text));
    }
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await this.#lower();
    return times;
  }

  /** Joined from the card of a flag: rights are looked at again, history is read, the customer's line is shown. */
  async join(count: number): Promise<Times> {
    const page = this.#wallboard;
    const times: number[] = [];
    for (let at = 0; at < count; at += 1) {
      const newest = newMessage();
      await this.#write(newest);
      await this.#raiseByCommand();
      const card = page.getByRole('region', { name: 'Raised Flags' }).getByRole('article').first();
      const button = card.getByRole('button', { name: /^Join/ });
      await button.waitFor();
      times.push(await fromClickToPaint(page, () => button.click(), page, newest, '[role="dialog"]'));
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await must(this.#supervisor.send('supervision:leave', { sessionId: this.#session.id }));
      await this.#lower();
    }
    return times;
  }

  async close(): Promise<void> {
    this.#agent.close();
    this.#supervisor.close();
    await this.floor.close();
  }

  async #raiseByCommand(): Promise<void> {
    const { id: sessionId } = this.#session;
    const message = newMessage();
    const card = this.#wallboard.getByText(message).first().waitFor();
    await must(this.#agent.send('flag:raise', { sessionId, reasonId: this.#reasonId, message, askJoin: false }));
    await card;
  }

  async #lower(): Promise<void> {
    const flagId = this.#flags.at(-1);
    await must(this.#agent.send('flag:lower', { flagId, outcome: 'answered' }));
    await this.#wallboard.getByText('No flag is up').first().waitFor();
  }
}

async function must(answer: ReturnType<StaffSocket['send']>): Promise<void> {
  const given = await answer;
  if (!given.ok) throw new Error(`${given.refusal.code}: ${given.refusal.message}`);
}
