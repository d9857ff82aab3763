import type { CommandInput, CommandName } from '../../shared/contract/command.ts';
import type { ConversationId, FlagId, OfferId, ReasonId, SessionId } from '../../shared/contract/id.ts';
import type { Live } from '../../shared/live/apply.ts';
import { prune } from '../../shared/live/apply.ts';
import type { CustomerClient } from './customer-client.ts';
import type { Floor, TestOrganisation } from './floor.ts';
import type { StaffClient } from './staff-client.ts';
import { until } from './wait.ts';

/** The people of `cast`, by what they are to a conversation that Priya serves. */
export const viewers = ['Priya', 'Omar', 'Leo', 'Tomasz', 'Mei', 'Ines', 'Marta', 'Grace'] as const;
export type Viewer = (typeof viewers)[number];

export interface Served {
  readonly customer: CustomerClient;
  readonly conversationId: ConversationId;
  readonly sessionId: SessionId;
}

/** One organisation with everybody at their screens, and short ways into the situations that commands start from. */
export class Stage {
  readonly floor: Floor;
  readonly home: TestOrganisation;
  readonly screens: ReadonlyMap<Viewer, StaffClient>;

  private constructor(floor: Floor, home: TestOrganisation, screens: ReadonlyMap<Viewer, StaffClient>) {
    this.floor = floor;
    this.home = home;
    this.screens = screens;
  }

  /** Everybody connected and known to be reachable, and nothing left to do. */
  static async open(floor: Floor, home?: TestOrganisation): Promise<Stage> {
    const organisation = home ?? (await floor.organisation());
    const screens = await Promise.all(
      viewers.map(async (name): Promise<[Viewer, StaffClient]> => [name, await floor.staff(organisation, name)]),
    );
    const stage = new Stage(floor, organisation, new Map(screens));
    await until('everybody to be reachable', () =>
      [...stage.of('Grace').now.people.values()].every(
        (person) => person.reachable || !viewers.some((n) => n === person.name),
      ),
    );
    await stage.settle();
    return stage;
  }

  of(name: Viewer): StaffClient {
    const screen = this.screens.get(name);
    if (screen === undefined) throw new Error(`${name} has no screen`);
    return screen;
  }

  /** A command that must succeed. */
  does<N extends CommandName>(who: Viewer, name: N, input: CommandInput<N>): Promise<unknown> {
    return this.of(who).does(name, input);
  }

  /**
   * Waits until no job is due, the hub has delivered the whole log, and every screen has what was sent to it: an answer
   * comes after all frames that were sent before it, because a socket keeps their order.
   */
  async settle(screens: Iterable<StaffClient> = this.screens.values()): Promise<number> {
    const { floor, home } = this;
    const position = await until('the floor to be quiet', async () => {
      await floor.app.tick();
      const { rows } = await floor.db.system.query<{ due: number; position: number }>(
        `select position, (select count(*) from job j where j.organisation_id = k.organisation_id
            and j.due_at <= to_timestamp($2::double precision / 1000)) as due
          from clock k where k.organisation_id = $1`,
        [home.id, floor.now],
      );
      const [row] = rows;
      const delivered = [...floor.app.hub.feeds()].find((feed) => feed.organisationId === home.id)?.position ?? null;
      if (row === undefined || row.due > 0) return null;
      return delivered === null || delivered >= row.position ? row.position : null;
    });
    for (const screen of screens) {
      if (!screen.socket.connected) continue;
      await screen.raw(null);
      await until('a screen to be live again', () => screen.ready || !screen.socket.connected);
    }
    return position;
  }

  /** A customer waits in the queue of Banking; nobody is available. */
  async waiting(): Promise<{ customer: CustomerClient; conversationId: ConversationId }> {
    const customer = await this.floor.customer(this.home);
    const conversationId = await customer.start('My card was swallowed by the machine.');
    return { customer, conversationId };
  }

  /** Priya serves a customer of Banking. Flags can be raised: what an earlier scene switched off is on again. */
  async served(): Promise<Served> {
    if (this.of('Grace').now.organisation.fallback !== null)
      await this.does('Grace', 'organisation:set-fallback', { on: false });
    const { customer, conversationId } = await this.waiting();
    const { sessionId } = await this.of('Priya').does('conversation:take', { conversationId });
    return { customer, conversationId, sessionId: sessionId as SessionId };
  }

  /** A customer of Banking is offered to Priya, who is the only one available. */
  async offered(): Promise<{ customer: CustomerClient; conversationId: ConversationId; offerId: OfferId }> {
    await this.does('Priya', 'person:set-status', { personId: this.home.person('Priya'), status: 'available' });
    const { customer, conversationId } = await this.waiting();
    const offer = await this.of('Priya').sees('an offer', (live) => live.conversations.get(conversationId)?.offer);
    return { customer, conversationId, offerId: offer.id };
  }

  /** Priya has a flag up. */
  async flagged(askJoin = false): Promise<Served & { flagId: FlagId }> {
    const served = await this.served();
    const { flagId } = await this.of('Priya').does('flag:raise', {
      sessionId: served.sessionId,
      reasonId: this.reason(),
      message: 'The refund is above my limit.',
      askJoin,
    });
    return { ...served, flagId: flagId as FlagId };
  }

  reason(at = 0): ReasonId {
    const reason = [...this.of('Grace').now.reasons.values()].sort((a, b) => a.order - b.order)[at];
    if (reason === undefined) throw new Error('there is no such reason');
    return reason.id;
  }

  queue(name: string): Live['queues'] extends ReadonlyMap<infer Id, unknown> ? Id : never {
    const queue = [...this.of('Grace').now.queues.values()].find((one) => one.name === name);
    if (queue === undefined) throw new Error(`there is no queue ${name}`);
    return queue.id;
  }

  close(): void {
    for (const screen of this.screens.values()) screen.close();
  }
}

const byKey = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** What a screen shows, without what depends on how it came there: the place in the log and the order of lists. */
export function shown(live: Live, now: number): object {
  const { position: _position, me, ...rest } = prune(live, now);
  return {
    ...rest,
    me: { personId: me.personId, permissions: [...me.permissions].sort() },
    people: byKey(rest.people),
    teams: byKey(rest.teams),
    queues: byKey(rest.queues),
    reasons: byKey(rest.reasons),
    conversations: byKey(rest.conversations),
    sessions: byKey(rest.sessions),
    flags: byKey(rest.flags),
    recentFlags: byKey(rest.recentFlags),
    minutes: byKey(rest.minutes),
  };
}
