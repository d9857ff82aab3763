import type pg from 'pg';
import { type Channel, channels } from '../../shared/contract/channel.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type { CustomerLine, CustomerSnapshot, CustomerStaff } from '../../shared/contract/customer.ts';
import type { Event, EventType } from '../../shared/contract/event.ts';
import type { ConversationId, CustomerId, OrganisationId } from '../../shared/contract/id.ts';
import { holds, permissionsOf } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Session } from '../../shared/contract/session.ts';
import type { Minute } from '../../shared/contract/snapshot.ts';
import { flagOf } from '../../shared/live/flag.ts';
import { sessionOf } from '../../shared/live/session.ts';
import type { Principal } from '../auth/principal.ts';
import { commit, sendAll } from '../db/pipeline.ts';
import type { Database } from '../db/pool.ts';
import { type EntryRow, lineOf, readConversationLog } from '../hub/log.ts';
import { named } from '../hub/named.ts';
import { type Raw, reachesPerson, type Statement } from '../hub/room.ts';
import type { Visitor } from '../hub/visitor.ts';
import { sessionTable } from '../session/session.ts';
import { conversationTable } from './conversation.ts';
import { minuteTable } from './minute.ts';

/** A person's sight, as values for the lists below: everything, or by teams and by whose supervisor they are. */
export interface Sight {
  readonly all: boolean;
  readonly teams: readonly string[];
  readonly supervises: readonly string[];
  readonly personId: string;
  /** A supervisor: sees what a flag has called so far as well. */
  readonly helps: boolean;
}

export function sightOf(person: Person): Sight {
  const held = permissionsOf[person.role];
  const helps = held.includes('supervision.own');
  const supervises = helps ? person.supervises : [];
  return {
    all: held.includes('conversation.view.any'),
    teams: [...new Set([...person.teamIds, ...supervises])],
    supervises,
    personId: person.id,
    helps,
  };
}

/** The rows of conversation `c` that a person sees; held equal to `conversationRooms` by the convergence test. */
const seen = `($2 or c.team_id = any($3::uuid[]) or c.assignee_id = $5
  or c.assignee_id in (select id from person where organisation_id = $1 and team_ids && $4::uuid[])
  or ($6 and c.reach <> 'own'))`;

const sightValues = (organisationId: OrganisationId, sight: Sight): unknown[] => [
  organisationId,
  sight.all,
  sight.teams,
  sight.supervises,
  sight.personId,
  sight.helps,
];

/** Open conversations that a person sees. */
export function openConversations(organisationId: OrganisationId, sight: Sight): Statement {
  return {
    text: `${conversationTable.select} c where c.organisation_id = $1 and c.lifecycle = 'open' and ${seen}`,
    values: sightValues(organisationId, sight),
  };
}

/** Live sessions that a person sees: own ones, those of agents they supervise, and those whose flag has reached them. */
export function liveSessions(organisationId: OrganisationId, sight: Sight): Statement {
  return {
    text: `${sessionTable.select} where organisation_id = $1 and ended_at is null
      and ($2 or agent_id = $4 or agent_id in (select id from person where organisation_id = $1 and team_ids && $3::uuid[])
        or ($5 and reach <> 'own'))`,
    values: [organisationId, sight.all, sight.supervises, sight.personId, sight.helps],
  };
}

/** Minutes since an instant, of the teams whose floor a person is shown. */
export function minutesSince(
  organisationId: OrganisationId,
  teams: 'all' | readonly string[],
  since: number,
): Statement {
  return {
    text: `${minuteTable.select} where organisation_id = $1 and at > to_timestamp($2::double precision / 1000) and ($3 or team_id = any($4::uuid[])) order by at`,
    values: [organisationId, since, teams === 'all', teams === 'all' ? [] : teams],
  };
}

/** As screens have it: how far its flag has called is for those who see its session. */
export const readConversation = (raw: Raw): Conversation => ({ ...conversationTable.read(raw), reach: 'own' });
export const readSession = (raw: Raw): Session => sessionTable.read(raw);
export const readMinute = (raw: Raw): Minute => minuteTable.read(raw);

/** One conversation, if this person may see it; closed ones too. */
export async function visibleConversation(
  query: pg.ClientBase,
  organisationId: OrganisationId,
  sight: Sight,
  id: string,
): Promise<Conversation | null> {
  const { rows } = await query.query<Raw>(
    named({
      text: `${conversationTable.select} c where c.organisation_id = $1 and c.id = $7 and ${seen.replace(
        'c.assignee_id = $5',
        // Whoever served it keeps reading what they wrote.
        'c.assignee_id = $5 or exists (select 1 from session s where s.organisation_id = $1 and s.conversation_id = c.id and s.agent_id = $5)',
      )}`,
      values: [...sightValues(organisationId, sight), id],
    }),
  );
  const [raw] = rows;
  return raw === undefined ? null : readConversation(raw);
}

/** Closed conversations that a person sees, newest first, at most `limit`. */
export async function closedConversations(
  query: pg.ClientBase,
  organisationId: OrganisationId,
  sight: Sight,
  page: { readonly before: number | null; readonly customerId: CustomerId | null; readonly limit: number },
): Promise<Conversation[]> {
  const { rows } = await query.query<Raw>(
    named({
      text: `${conversationTable.select} c where c.organisation_id = $1 and c.lifecycle = 'closed' and ${seen}
        and ($7::double precision is null or c.closed_at < to_timestamp($7::double precision / 1000))
        and ($8::uuid is null or c.customer_id = $8) order by c.closed_at desc, c.id desc limit $9`,
      values: [...sightValues(organisationId, sight), page.before, page.customerId, page.limit],
    }),
  );
  return rows.map(readConversation);
}

/**
 * Two transcripts, made of different things (C8). The staff's is the conversation's log: what whoever may see the
 * conversation may read, and beside it what was addressed to this very reader. The customer's is the table of entries, read
 * with a login that has no right to anything else (I7).
 */

/** Facts that belong to the conversation itself; flags and side chats go by their own audience. */
const ofConversation: Partial<Readonly<Record<EventType, true>>> = {
  'conversation:started': true,
  'conversation:queued': true,
  'conversation:assigned': true,
  'conversation:closed': true,
  'message:sent': true,
  'supervision:joined': true,
  'supervision:took-over': true,
  'delivery:queued': true,
  'delivery:sent': true,
  'delivery:delivered': true,
  'delivery:read': true,
  'delivery:delayed': true,
  'delivery:failed': true,
  'delivery:retried': true,
};

/** Somebody who left the customer conversation did so before everybody; who stopped watching, before few. */
const isOfConversation = (event: Event): boolean =>
  ofConversation[event.type] === true || (event.type === 'supervision:left' && event.was === 'joined');

/** Facts that no transcript shows. */
const leftOut: Partial<Readonly<Record<EventType, true>>> = { 'conversation:read': true, 'side-chat:read': true };

/** A page of the staff's transcript: at most `limit` rows of the log, those that this reader may read, oldest first. */
export async function transcriptEvents(
  query: pg.ClientBase,
  principal: Principal,
  id: ConversationId,
  before: number,
  limit: number,
): Promise<{ events: Event[]; earlier: number | null }> {
  const rows = await readConversationLog(query, principal.organisationId, id, before, limit);
  const mine = new Set<string>(principal.rooms.filter((room) => room !== 'everyone'));
  const reached = await reachedHere(query, principal, id);
  const events = rows
    .filter(({ event, audience }) => {
      if (leftOut[event.type] === true) return false;
      return isOfConversation(event) || reachesPerson(audience, mine) || isOf(event, reached);
    })
    .map(({ event }) => event);
  return { events, earlier: rows.length === limit ? (rows[0]?.event.position ?? null) : null };
}

/** The live session of a conversation whose flag has reached this reader, and its flags; both empty where there is none. */
interface Reached {
  readonly sessions: readonly string[];
  readonly flags: readonly string[];
}

/** Who gained sight of a session reads what was said in it before: the flag's words, and the side chat, of that session alone. */
async function reachedHere(query: pg.ClientBase, principal: Principal, id: ConversationId): Promise<Reached> {
  if (!holds(principal.person.role, 'supervision.own')) return { sessions: [], flags: [] };
  const { rows } = await query.query<{ id: string; flags: string[] }>(
    named({
      text: `select id, array(select f.id from flag f where f.organisation_id = $1 and f.session_id = s.id) as flags
        from session s where organisation_id = $1 and conversation_id = $2 and ended_at is null and reach <> 'own'
          and agent_id <> $3`,
      values: [principal.organisationId, id, principal.personId],
    }),
  );
  return { sessions: rows.map((row) => row.id), flags: rows.flatMap((row) => row.flags) };
}

function isOf(event: Event, { sessions, flags }: Reached): boolean {
  const session = sessionOf(event);
  const flag = flagOf(event);
  return (session !== undefined && sessions.includes(session)) || (flag !== undefined && flags.includes(flag));
}

/** Everything that a customer's screen shows, as of one position; lines after `after` only. */
export async function customerSnapshot(
  db: Database,
  { organisationId, customerId }: Visitor,
  after: number,
  now: number,
): Promise<Omit<CustomerSnapshot, 'visitor'>> {
  const view = await currentView(db, organisationId, customerId);
  const client = await db.customer.connect();
  let broken = false;
  try {
    const results = await sendAll(client, [
      { text: 'begin isolation level repeatable read read only' },
      named({
        text: `select set_config('halyard.organisation', $1, true), set_config('halyard.customer', $2, true)`,
        values: [organisationId, customerId],
      }),
      named({ text: 'select name from organisation where id = $1', values: [organisationId] }),
      named({
        text: `select id, position, at, author, name, text, notice, helps from entry
          where organisation_id = $1 and customer_id = $2 and conversation_id = $3 and position > $4 order by position`,
        values: [organisationId, customerId, view.conversation?.id ?? null, after],
      }),
      commit,
    ]);
    const lines = (results[3]?.rows ?? []) as EntryRow[];
    return {
      organisation: ((results[2]?.rows[0] as { name: string } | undefined)?.name ?? '') as string,
      demo: view.demo,
      // The view's: a line that is newer than it comes again as a frame, and its id tells that it is the same.
      position: view.position,
      at: now,
      conversation: view.conversation,
      lines: lines.map((row): CustomerLine => lineOf(row)),
    };
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    client.release(broken);
  }
}

interface View {
  readonly position: number;
  readonly demo: boolean;
  readonly conversation: CustomerSnapshot['conversation'];
}

/** Who is helping: names of staff, which are the customer's to know; read by the hub's own login. */
async function currentView(db: Database, organisationId: OrganisationId, customerId: string): Promise<View> {
  const { rows } = await db.system.query<{
    position: number;
    demo: boolean;
    id: string | null;
    channel: Channel | null;
    lifecycle: string | null;
    agent: CustomerStaff | null;
    supervisors: CustomerStaff[] | null;
  }>(
    named({
      text: `select k.position, o.demo, c.id, c.channel, c.lifecycle,
          (select json_build_object('id', p.id, 'name', p.name, 'role', 'agent') from person p where p.id = c.assignee_id) as agent,
          (select json_agg(json_build_object('id', p.id, 'name', p.name, 'role', 'supervisor') order by j.value ->> 'since')
            from session s, jsonb_array_elements(s.supervisors) j join person p on p.id = (j.value ->> 'personId')::uuid
            where s.id = c.session_id and j.value ->> 'mode' = 'joined') as supervisors
        from clock k join organisation o on o.id = k.organisation_id
        left join lateral (select * from conversation where organisation_id = $1 and customer_id = $2 order by (lifecycle = 'open') desc, started_at desc, id desc limit 1) c on true
        where k.organisation_id = $1`,
      values: [organisationId, customerId],
    }),
  );
  const [row] = rows;
  if (row === undefined || row.id === null || row.channel === null)
    return { position: row?.position ?? 0, demo: row?.demo ?? false, conversation: null };
  const state = row.lifecycle === 'closed' ? 'closed' : row.agent === null ? 'waiting' : 'active';
  const helpers = row.agent === null ? [] : [row.agent, ...(row.supervisors ?? [])];
  return {
    position: row.position,
    demo: row.demo,
    conversation: {
      id: row.id,
      state,
      helpers: state === 'closed' ? [] : helpers,
      endsWithCustomer: channels[row.channel].endsWithCustomer,
    },
  };
}
