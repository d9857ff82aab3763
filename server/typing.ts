import type { z } from 'zod';
import type { Event, EventType } from '../shared/contract/event.ts';
import type { ConversationId, CustomerId, OrganisationId, PersonId, TeamId } from '../shared/contract/id.ts';
import type { Reach } from '../shared/contract/policy.ts';
import type { Presence } from '../shared/contract/session.ts';
import type { Volatile } from '../shared/contract/wire.ts';
import { isAnnounced } from '../shared/live/session.ts';
import type { Principal } from './auth/principal.ts';
import type { Bus } from './bus/bus.ts';
import type { Database } from './db/pool.ts';
import type { Customers } from './hub/customers.ts';
import { named } from './hub/named.ts';
import type { Room } from './hub/room.ts';
import type { Staff, volatileSchema } from './hub/staff.ts';
import type { Visitor } from './hub/visitor.ts';
import type { Log } from './log.ts';
import { reachRooms } from './session/session.ts';

/** A mark on its way, with who may see it; what is lost is lost. */
interface Marked {
  readonly organisationId: OrganisationId;
  readonly rooms: readonly Room[];
  readonly mark: Volatile;
  readonly except: readonly PersonId[];
  readonly customer: { readonly id: CustomerId; readonly name: string } | null;
}

/** What one place looks like to marks; remembered for a moment, because marks come every second or two. */
interface Place {
  readonly at: number;
  readonly rooms: readonly Room[];
  readonly sideRooms: readonly Room[];
  readonly customerId: CustomerId | null;
  /** Who may be seen typing by the customer: the assignee and supervisors who have joined. */
  readonly writers: readonly PersonId[];
  readonly agentId: PersonId | null;
  /** Who watches unknown to the agent, and has not said a word in the side chat: nor may the agent see them type. */
  readonly unseen: readonly PersonId[];
}

const rememberMs = 5000;

/** Events after which others may see a place, or write in it. */
const movesSight: Partial<Readonly<Record<EventType, true>>> = {
  'conversation:assigned': true,
  'conversation:queued': true,
  'conversation:closed': true,
  'session:ended': true,
  'side-chat:said': true,
  'supervision:monitored': true,
  'flag:escalated': true,
  'supervision:joined': true,
  'supervision:left': true,
  'person:teams-set': true,
};

/** Who writes where: marks that live beside the log and are never stored. */
export class Typing {
  readonly #options: { db: Database; bus: Bus; log: Log; staff: () => Staff; customers: () => Customers };
  readonly #places = new Map<string, Place>();
  /** Counts what moved sight, so that a place which was read meanwhile is not remembered. */
  #moves = 0;

  constructor(options: { db: Database; bus: Bus; log: Log; staff: () => Staff; customers: () => Customers }) {
    this.#options = options;
    options.bus.subscribe('typing', (message) => {
      try {
        this.#show(JSON.parse(message) as Marked);
      } catch {
        options.log.warn({}, 'a typing mark on the bus could not be read');
      }
    });
  }

  /** Whoever lost sight of a conversation gets no mark of it any more (I8): what was remembered of the place is forgotten. */
  moved(event: Event): void {
    if (movesSight[event.type] !== true) return;
    this.#moves += 1;
    if ('conversationId' in event) this.#places.delete(event.conversationId);
    else this.#places.clear();
    if ('sessionId' in event) this.#places.delete(event.sessionId);
  }

  async ofCustomer({ organisationId }: Visitor, conversationId: ConversationId, on: boolean): Promise<void> {
    const place = await this.#place(organisationId, conversationId, 'conversation');
    if (place === null) return;
    this.#send({
      organisationId,
      rooms: place.rooms,
      mark: { kind: 'typing', organisationId, conversationId, by: 'customer', personId: null, on },
      except: [],
      customer: null,
    });
  }

  async ofStaff(principal: Principal, mark: z.infer<typeof volatileSchema>): Promise<void> {
    const { organisationId, personId, person } = principal;
    if (mark.organisationId !== organisationId) return;
    const place = await this.#place(
      organisationId,
      mark.kind === 'typing' ? mark.conversationId : mark.sessionId,
      mark.kind === 'typing' ? 'conversation' : 'session',
    );
    if (place === null) return;
    const mine = new Set<Room>(principal.rooms);
    if (mark.kind === 'side-typing') {
      if (!place.sideRooms.some((room) => mine.has(room))) return;
      this.#send({
        organisationId,
        rooms: place.sideRooms,
        mark: { ...mark, personId },
        except: [personId, ...(place.agentId !== null && place.unseen.includes(personId) ? [place.agentId] : [])],
        customer: null,
      });
      return;
    }
    if (!place.writers.includes(personId)) return;
    this.#send({
      organisationId,
      rooms: place.rooms,
      mark: { ...mark, personId },
      except: [personId],
      customer: place.customerId === null ? null : { id: place.customerId, name: person.name },
    });
  }

  #send(marked: Marked): void {
    this.#show(marked);
    this.#options.bus.publish('typing', JSON.stringify(marked));
  }

  #show({ organisationId, rooms, mark, except, customer }: Marked): void {
    this.#options.staff().mark(organisationId, rooms, mark, except);
    if (customer !== null) this.#options.customers().typing(customer.id, customer.name, mark.on);
  }

  async #place(organisationId: OrganisationId, id: string, kind: 'conversation' | 'session'): Promise<Place | null> {
    const known = this.#places.get(id);
    if (known !== undefined && performance.now() - known.at < rememberMs) return known;
    if (this.#places.size > 5000) this.#places.clear();
    const moves = this.#moves;
    const { rows } = await this.#options.db.system
      .query<Row>(
        named({
          text: `select c.team_id, c.customer_id, c.assignee_id, coalesce(p.team_ids, '{}') as team_ids, s.supervisors, c.reach,
              array(select l.person_id from ledger l where l.organisation_id = $1 and l.session_id = s.id and l.kind = 'whispered') as spoken
            from conversation c left join session s on s.id = c.session_id left join person p on p.id = c.assignee_id
            where c.organisation_id = $1 and ${kind === 'conversation' ? 'c.id' : 's.id'} = $2 and c.lifecycle = 'open'`,
          values: [organisationId, id],
        }),
      )
      .catch(() => ({ rows: [] as Row[] }));
    const [row] = rows;
    if (row === undefined) return null;
    const place = placeOf(row);
    if (moves === this.#moves) this.#places.set(id, place);
    return place;
  }
}

interface Row {
  readonly team_id: TeamId;
  readonly customer_id: CustomerId;
  readonly assignee_id: PersonId | null;
  readonly team_ids: readonly TeamId[];
  readonly supervisors: readonly Presence[] | null;
  readonly spoken: readonly PersonId[];
  readonly reach: Reach;
}

function placeOf(row: Row): Place {
  const agent: Room[] =
    row.assignee_id === null
      ? []
      : [`person:${row.assignee_id}`, ...row.team_ids.map((team): Room => `supervisors:${team}`)];
  const there = row.supervisors ?? [];
  const joined = there.filter((one) => one.mode === 'joined').map((one) => one.personId);
  const reached = reachRooms(row.reach);
  return {
    at: performance.now(),
    rooms: [...new Set<Room>([...agent, `supervisors:${row.team_id}`, 'right:conversation.view.any', ...reached])],
    sideRooms: [...agent, 'right:side-chat.view.any', ...reached],
    customerId: row.customer_id,
    writers: row.assignee_id === null ? [] : [row.assignee_id, ...joined],
    agentId: row.assignee_id,
    unseen: there
      .filter((one) => !isAnnounced(one))
      .map((one) => one.personId)
      .filter((id) => !row.spoken.includes(id)),
  };
}
