import type pg from 'pg';
import { flagEnabled } from '../../shared/contract/channel.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { CustomerChannel, CustomerConversation } from '../../shared/contract/customer.ts';
import type {
  ConversationId,
  CustomerId,
  OrganisationId,
  PersonId,
  QueueId,
  SessionId,
} from '../../shared/contract/id.ts';
import type { Status } from '../../shared/contract/person.ts';
import type { Live } from '../../shared/live/apply.ts';
import { visitorToken } from '../hub/visitor.ts';
import type { Log } from '../log.ts';
import { agentWants } from './agent.ts';
import { customerWants } from './customer.ts';
import { type CustomerAct, CustomerLink, type Link, type Said } from './customer-link.ts';
import { markedCustomer, readMark } from './customer-mark.ts';
import type { Dialogue } from './dialogues.ts';
import { Director, type Pace, type QueueLoad, type Stage } from './director.ts';
import type { OtherSide } from './other-side.ts';
import { type Cast, type Member, type OpenConversation, openOwnSession } from './queries.ts';
import { Rhythm } from './rhythm.ts';
import { StaffLink } from './staff-link.ts';
import { supervisorWants } from './supervisor.ts';
import type { Cue, StaffAct, StaffView, Visitor } from './view.ts';
import { customerNames } from './words.ts';

export interface FloorOptions {
  readonly url: string;
  /** Login `halyard_system`, for the simulator's own sessions. */
  readonly db: pg.Pool;
  readonly log: Log;
  readonly clock: () => number;
  readonly random: () => number;
  readonly pace: Pace;
  readonly secret: Buffer;
  readonly organisationId: OrganisationId;
  readonly dialogues: readonly Dialogue[];
  /** The messaging channel; null where it could not be opened. */
  readonly other: OtherSide | null;
}

interface Player {
  readonly member: Member;
  readonly link: StaffLink;
  readonly rhythm: Rhythm<StaffAct>;
  readonly spoken: Map<SessionId, number>;
}

interface Customer {
  readonly id: CustomerId;
  readonly name: string;
  readonly queueId: QueueId;
  readonly dialogue: Dialogue;
  /** What a conversation is begun on; one that is going on stays what it is. */
  readonly channel: CustomerChannel;
  /** So many of its first lines belong to the opening. */
  readonly hastyLines: number;
  readonly bornAt: number;
  readonly link: Link;
  readonly rhythm: Rhythm<CustomerAct>;
}

/** Somebody who is about to write. */
type Newcomer = Omit<Customer, 'bornAt' | 'link' | 'rhythm'>;

/** A customer who could not even begin is let go after this. */
const stillbornMs = 60_000;
/** One opening conversation in four is not hurried: somebody waits. */
const waitingShare = 0.25;
const mostCustomers = 40;
/** Of the queue that has a messaging channel, so many customers write through it. */
const messagingShare = 0.4;

/** The simulated people of one demo organisation. Driven by `cast` once a second and by `tick` a few times a second. */
export class DemoFloor {
  readonly #options: FloorOptions;
  readonly #director: Director;
  readonly #players = new Map<PersonId, Player>();
  readonly #customers = new Map<CustomerId, Customer>();
  readonly #cues = new Map<ConversationId, Cue>();
  readonly #marks = new Map<CustomerId, number | null>();
  readonly #places = new Map<CustomerId, CustomerConversation>();
  #played: ReadonlySet<PersonId> = new Set();
  #duties: ReadonlyMap<PersonId, Status> = new Map();
  #cast: Cast = { members: [], queues: [] };
  #opened = false;

  constructor(options: FloorOptions) {
    this.#options = options;
    this.#director = new Director(options.pace, options.random, options.clock());
  }

  /** Simulated people at work: for the log and for tests. */
  get size(): { readonly staff: number; readonly customers: number } {
    return { staff: this.#players.size, customers: this.#customers.size };
  }

  /** Goes on with conversations of a simulator that is gone. */
  adopt(open: readonly OpenConversation[]): void {
    for (const { customerId, customerName, queueId, address, lines } of open)
      if (address === null) this.#adopt(customerId, customerName, queueId);
      else this.#adoptAddress(address, customerName, queueId, lines);
  }

  /** Who is there, and who of them is played by a person: those are let go of, as they stand. */
  cast(cast: Cast): void {
    this.#cast = cast;
    this.#played = new Set(cast.members.filter((one) => one.played).map((one) => one.id));
    const wanted = new Map(
      cast.members
        .filter((one) => !one.played && (one.role === 'agent' || one.role === 'supervisor'))
        .map((one) => [one.id, one]),
    );
    for (const [id, player] of this.#players) {
      const member = wanted.get(id);
      if (member?.role === player.member.role) continue;
      this.#players.delete(id);
      this.#letGo(player, this.#played.has(id));
    }
    for (const [id, member] of wanted) if (!this.#players.has(id)) this.#players.set(id, this.#play(member));
  }

  /** Everybody does what is due now. */
  tick(): void {
    const { clock } = this.#options;
    const now = clock();
    const agents = [...this.#players.values()]
      .filter(({ member }) => member.role === 'agent')
      .map(({ member }) => member);
    this.#duties = this.#director.duties(now, agents);
    for (const player of this.#players.values()) this.#act(now, player);
    for (const customer of this.#customers.values()) this.#say(now, customer);
    this.#arrive(now);
    this.#raise(now);
  }

  close(): void {
    for (const { link } of this.#players.values()) link.close();
    for (const { link } of this.#customers.values()) link.close();
    this.#players.clear();
    this.#customers.clear();
  }

  #play(member: Member): Player {
    const { url, db, log, clock, random, pace, secret, organisationId } = this.#options;
    const link = new StaffLink({
      url,
      log,
      clock,
      token: () => openOwnSession(db, secret, { organisationId, personId: member.id }, clock()),
    });
    const spoken = new Map<SessionId, number>();
    const perform = async (_subject: string, { command, place }: StaffAct): Promise<void> => {
      const sessionId =
        place?.kind === 'customer' ? link.live?.conversations.get(place.conversationId)?.sessionId : undefined;
      const done = await link.send(command);
      if (done && sessionId != null) spoken.set(sessionId, (spoken.get(sessionId) ?? 0) + 1);
      if (done && command.name === 'flag:raise') this.#cueDone(link.live, command.input.sessionId);
    };
    const typing = (_subject: string, { place }: StaffAct, on: boolean): void => {
      const personId = member.id;
      if (place?.kind === 'customer')
        link.mark({ kind: 'typing', organisationId, conversationId: place.conversationId, by: place.by, personId, on });
      if (place?.kind === 'side')
        link.mark({ kind: 'side-typing', organisationId, sessionId: place.sessionId, personId, on });
    };
    return { member, link, spoken, rhythm: new Rhythm({ perform, typing }, random, pace.speed) };
  }

  /** Somebody whom the director had sent on a break is handed to a person ready for work; nothing else is touched. */
  #letGo({ member, link }: Player, played: boolean): void {
    const status = link.live?.people.get(member.id)?.status;
    if (!played || status === undefined || status === 'available' || status === 'offline') {
      link.close();
      return;
    }
    void link
      .send({ name: 'person:set-status', input: { personId: member.id, status: 'available' } })
      .finally(() => link.close());
  }

  #act(now: number, { member, link, rhythm, spoken }: Player): void {
    const { live } = link;
    if (live === null) return;
    for (const id of spoken.keys()) if (!live.sessions.has(id)) spoken.delete(id);
    const view: StaffView = {
      now,
      me: member.id,
      live,
      played: this.#played,
      speed: this.#options.pace.speed,
      visitor: (customerId) => this.#visitor(live, customerId),
      side: (sessionId) => link.side(sessionId),
      cue: (conversationId) => this.#cues.get(conversationId) ?? null,
      duty: member.role === 'agent' ? (this.#duties.get(member.id) ?? null) : 'available',
      spoken: (sessionId) => spoken.get(sessionId) ?? 0,
    };
    rhythm.tick(now, member.role === 'agent' ? agentWants(view) : supervisorWants(view));
  }

  #say(now: number, customer: Customer): void {
    const { link, rhythm, dialogue, channel, name, queueId, hastyLines } = customer;
    if (link.conversation?.state === 'closed' || (link.conversation === null && now - customer.bornAt >= stillbornMs)) {
      this.#customers.delete(customer.id);
      link.close();
      return;
    }
    if (!link.ready) return;
    const { said, conversation } = link;
    const { speed } = this.#options.pace;
    const hasty = said.customer < hastyLines;
    const { exchanges } = dialogue;
    rhythm.tick(now, customerWants({ now, name, queueId, channel, exchanges, conversation, said, hasty, speed }));
  }

  #visitor(live: Live, customerId: CustomerId): Visitor {
    const customer = this.#customers.get(customerId);
    if (customer !== undefined) {
      if (!customer.link.ready) return 'coming';
      const said = customer.link.said.customer;
      return { exchanges: customer.dialogue.exchanges, said, hasty: said <= customer.hastyLines };
    }
    if (this.#markOf(customerId) === null) return 'person';
    for (const one of live.conversations.values())
      if (one.customerId === customerId) this.#adopt(customerId, one.customerName, one.queueId);
    return 'coming';
  }

  #markOf(customerId: CustomerId): number | null {
    const known = this.#marks.get(customerId);
    if (known !== undefined) return known;
    if (this.#marks.size > 1000) this.#marks.clear();
    const mark = readMark(this.#options.secret, customerId)?.dialogue ?? null;
    this.#marks.set(customerId, mark);
    return mark;
  }

  #adopt(id: CustomerId, name: string, queueId: QueueId): void {
    const mark = this.#markOf(id);
    const dialogue = mark === null ? undefined : this.#options.dialogues[mark];
    if (dialogue !== undefined && !this.#customers.has(id))
      this.#enter({ id, name, queueId, dialogue, channel: 'chat', hastyLines: 0 });
  }

  #enter(who: Newcomer): void {
    const { id } = who;
    const { url, log, clock, secret, organisationId } = this.#options;
    const visitor = visitorToken(secret, { organisationId, customerId: id });
    this.#admit(who, new CustomerLink({ url, visitor, log, clock }));
  }

  /** An address of the demo's own begins with the number of its dialogue. */
  #adoptAddress(address: string, name: string, queueId: QueueId, lines: number): void {
    const [, number] = /^app (\d+) [0-9a-f]+$/.exec(address) ?? [];
    const dialogue = number === undefined ? undefined : this.#options.dialogues[Number(number)];
    if (dialogue !== undefined)
      this.#enterByAddress(address, { name, queueId, dialogue, hastyLines: 0 }, { customer: lines, last: null });
  }

  #enterByAddress(address: string, who: Omit<Newcomer, 'id' | 'channel'>, said: Said): void {
    const { other } = this.#options;
    if (other === null) return;
    const id = other.customerId(address);
    const link = other.link(address, said, () => this.#conversationOf(id, who.queueId));
    // The channel is the connection's own; a widget of this customer's there is none.
    this.#admit({ ...who, id, channel: 'chat' }, link);
  }

  /** The conversation of a customer who has no screen of ours, as the staff's screens show it. */
  #conversationOf(id: CustomerId, queueId: QueueId): CustomerConversation | null {
    const before = this.#places.get(id) ?? null;
    const teamId = this.#cast.queues.find((one) => one.id === queueId)?.teamId;
    let looked = false;
    for (const { member, link } of this.#players.values()) {
      if (link.live === null) continue;
      looked ||= teamId !== undefined && member.teamIds.includes(teamId);
      for (const one of link.live.conversations.values()) {
        if (one.customerId !== id) continue;
        const place = {
          id: one.id,
          state: one.assigneeId === null ? 'waiting' : 'active',
          helpers: [],
          endsWithCustomer: false,
        } as const;
        this.#places.set(id, place);
        return place;
      }
    }
    if (before === null || !looked) return before;
    this.#places.delete(id);
    return { ...before, state: 'closed' };
  }

  #admit(who: Newcomer, link: Link): void {
    const { clock, random, pace } = this.#options;
    const perform = async (_subject: string, act: CustomerAct): Promise<void> => {
      await link.send(act);
    };
    const typing = (_subject: string, _act: CustomerAct, on: boolean): void => link.typing(on);
    const rhythm = new Rhythm<CustomerAct>({ perform, typing }, random, pace.speed);
    this.#customers.set(who.id, { ...who, bornAt: clock(), link, rhythm });
  }

  #arrive(now: number): void {
    const connected = [...this.#players.values()].some(({ link }) => link.live !== null);
    if (!connected || this.#cast.queues.length === 0) return;
    const loads = this.#cast.queues.map((queue): QueueLoad => {
      const here = [...this.#customers.values()].filter((one) => one.queueId === queue.id);
      return {
        id: queue.id,
        live: here.length,
        waiting: here.filter((one) => one.link.conversation?.state === 'waiting').length,
        staffed: [...this.#players.values()].some(
          ({ member }) => member.role === 'agent' && member.teamIds.includes(queue.teamId),
        ),
      };
    });
    if (!this.#opened) {
      this.#opened = true;
      const each = Math.ceil(this.#options.pace.live / loads.length);
      for (const { id, live, staffed } of loads)
        for (let more = staffed ? each - live : 0; more > 0; more -= 1) this.#newCustomer(now, id, true);
      return;
    }
    for (const id of this.#director.arrivals(now, loads)) this.#newCustomer(now, id, false);
  }

  #newCustomer(now: number, queueId: QueueId, opening: boolean): void {
    const { random, secret, dialogues } = this.#options;
    const at = this.#cast.queues.findIndex((one) => one.id === queueId);
    const queue = this.#cast.queues[at];
    if (queue === undefined || this.#customers.size >= mostCustomers) return;
    // A team that was renamed or made by hand takes its share of whatever there is.
    const themes = [...new Set(dialogues.map((one) => one.team))];
    const team = themes.includes(queue.team) ? queue.team : themes[at % themes.length];
    const inUse = new Set([...this.#customers.values()].flatMap((one) => [one.name, one.dialogue.number]));
    const dialogue = oneOf(
      dialogues.filter((one) => one.team === team && !inUse.has(one.number)),
      random,
    );
    const name = oneOf(
      customerNames.filter((one) => !inUse.has(one)),
      random,
    );
    if (dialogue === undefined || name === undefined) return;
    const hurried = opening && random() >= waitingShare;
    const hastyLines = hurried ? 1 + Math.floor(random() * Math.max(1, dialogue.exchanges.length - 3)) : 0;
    if (this.#options.other?.queueId === queueId && random() < messagingShare) {
      const address = `app ${dialogue.number} ${Math.floor(random() * 2 ** 32).toString(16)}`;
      this.#enterByAddress(address, { name, queueId, dialogue, hastyLines }, { customer: 0, last: null });
      return;
    }
    const id = markedCustomer(secret, { dialogue: dialogue.number }, now, random);
    this.#enter({ id, name, queueId, dialogue, channel: this.#director.channel(), hastyLines });
  }

  #raise(now: number): void {
    let up = this.#cues.size;
    const stages: Stage[] = [];
    const open = new Set<ConversationId>();
    let reasons: Live['reasons'] | null = null;
    for (const { member, link } of this.#players.values()) {
      const { live } = link;
      if (live === null || member.role !== 'agent') continue;
      reasons = live.reasons;
      for (const one of live.conversations.values()) {
        if (one.assigneeId !== member.id) continue;
        open.add(one.id);
        if (this.#flagged(live, one)) up += this.#cues.delete(one.id) ? 0 : 1;
        else if (mayFlag(live, member.id, one)) stages.push(...this.#stage(live, one));
        else this.#cues.delete(one.id);
      }
    }
    for (const id of this.#cues.keys()) if (!open.has(id)) this.#cues.delete(id);
    const next = this.#director.cue(now, up, stages, [...(reasons?.values() ?? [])]);
    if (next !== null) this.#cues.set(next.conversationId, next.cue);
  }

  #flagged(live: Live, { sessionId }: Conversation): boolean {
    return sessionId !== null && live.sessions.get(sessionId)?.flagId != null;
  }

  /** A simulated customer in the middle of their dialogue, and no flag on its way. */
  #stage(live: Live, { id: conversationId, customerId }: Conversation): Stage[] {
    const visitor = this.#visitor(live, customerId);
    if (typeof visitor !== 'object' || visitor.said >= visitor.exchanges.length - 1 || this.#cues.has(conversationId))
      return [];
    const theme = this.#customers.get(customerId)?.dialogue.team ?? '';
    return [{ conversationId, theme, hasty: visitor.hasty }];
  }

  #cueDone(live: Live | null, sessionId: string): void {
    for (const [id] of this.#cues) if (live?.conversations.get(id)?.sessionId === sessionId) this.#cues.delete(id);
  }
}

/** Where no flag can go up, the agent of a Legacy chat goes on without one. */
function mayFlag(live: Live, agent: PersonId, { channel }: Conversation): boolean {
  return flagEnabled(channel, live.people.get(agent), (id) => live.teams.get(id));
}

function oneOf<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}
