import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { hashSecret } from '../../server/auth/login-session.ts';
import { conversationTable } from '../../server/conversation/conversation.ts';
import type { Statement } from '../../server/hub/room.ts';
import { startClock } from '../../server/organisation/queries.ts';
import { personTable } from '../../server/person/person.ts';
import { queueTable } from '../../server/queue/queue.ts';
import { reasonTable } from '../../server/reason/reason.ts';
import { sessionTable } from '../../server/session/session.ts';
import { teamTable } from '../../server/team/team.ts';
import type { Conversation } from '../../shared/contract/conversation.ts';
import type {
  ConversationId,
  CustomerId,
  OrganisationId,
  PersonId,
  QueueId,
  ReasonId,
  SessionId,
  TeamId,
} from '../../shared/contract/id.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Session } from '../../shared/contract/session.ts';
import { newId } from '../../shared/contract/uuid.ts';
import type { Stage } from './stage.ts';

/** A person who can come in: a tab's token, as the demo door gives it. */
export interface Somebody {
  readonly id: PersonId;
  readonly name: string;
  readonly token: string;
}

export interface Team {
  readonly id: TeamId;
  readonly queueId: QueueId;
  readonly agents: readonly Somebody[];
  readonly supervisor: Somebody;
}

export interface Organisation {
  readonly id: OrganisationId;
  readonly reasonId: ReasonId;
  readonly teams: readonly Team[];
}

/** An agent's live session, which may have a flag. */
export interface LiveSession {
  readonly id: SessionId;
  readonly conversationId: ConversationId;
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly agent: number;
}

const run = (system: pg.Pool, { text, values }: Statement): Promise<pg.QueryResult> => system.query(text, [...values]);
const dayMs = 24 * 3_600_000;

/**
 * Puts an organisation's rows into the database, as its commands would have left them: teams with a supervisor each, agents,
 * a reason. Straight into the tables, because thousands of people are preparation and not what is measured.
 */
export async function seedOrganisation(
  system: pg.Pool,
  { teams, agentsPerTeam }: { readonly teams: number; readonly agentsPerTeam: number },
): Promise<Organisation> {
  const now = Date.now();
  const id = newId<'organisation'>(now);
  await startClock(system, id, 'Northlight Support');
  const reason = { id: newId<'reason'>(now), name: 'I need approval', order: 1, targetMs: 60_000, active: true };
  await run(system, reasonTable.insert(id, [reason], ''));
  const made = Array.from({ length: teams }, (_, at) => ({
    team: { id: newId<'team'>(now), name: `Team ${at + 1}`, active: true, legacyFlag: false },
    queueId: newId<'queue'>(now),
  }));
  await run(
    system,
    teamTable.insert(
      id,
      made.map(({ team }) => team),
      '',
    ),
  );
  const queues = made.map(({ team, queueId }) => ({ id: queueId, name: team.name, teamId: team.id, active: true }));
  await run(system, queueTable.insert(id, queues, ''));

  const people: Person[] = [];
  const person = (name: string, role: Person['role'], teamIds: TeamId[], supervises: TeamId[]): PersonId => {
    const personId = newId<'person'>(now);
    people.push({
      id: personId,
      name,
      role,
      teamIds,
      supervises,
      status: 'available',
      statusSince: now,
      capacity: 5,
      reachable: true,
      active: true,
    });
    return personId;
  };
  const staffed = made.map(({ team, queueId }) => ({
    id: team.id,
    queueId,
    supervisor: {
      id: person(`Supervisor of ${team.name}`, 'supervisor', [], [team.id]),
      name: `Supervisor of ${team.name}`,
    },
    agents: Array.from({ length: agentsPerTeam }, (_, at) => {
      const name = `Agent ${at + 1} of ${team.name}`;
      return { id: person(name, 'agent', [team.id], []), name };
    }),
  }));
  await run(system, personTable.insert(id, people, ''));
  await seedPresence(system, id, now);
  const tokens = await seedSessions(system, id, people, now);
  const somebody = (one: { id: PersonId; name: string }): Somebody => ({ ...one, token: tokens.get(one.id) ?? '' });
  return {
    id,
    reasonId: reason.id,
    teams: staffed.map((team) => ({
      ...team,
      supervisor: somebody(team.supervisor),
      agents: team.agents.map(somebody),
    })),
  };
}

/**
 * They have been there since this morning, by a hub that is none: else the arrival of each is an event to all, and a
 * thousand arrivals a million frames that nobody asked to measure. The hub notes them as its own when they connect.
 */
async function seedPresence(system: pg.Pool, organisationId: OrganisationId, now: number): Promise<void> {
  const hubId = newId<'hub'>(now);
  await system.query('insert into hub (id, lease_until, started_at) values ($1, $2, $3)', [
    hubId,
    new Date(now + dayMs),
    new Date(now),
  ]);
  await system.query(
    'insert into presence (organisation_id, person_id, hub_id) select organisation_id, id, $2 from person where organisation_id = $1',
    [organisationId, hubId],
  );
}

async function seedSessions(
  system: pg.Pool,
  organisationId: OrganisationId,
  people: readonly Person[],
  now: number,
): Promise<Map<PersonId, string>> {
  const tokens = new Map(people.map((one) => [one.id, randomBytes(32).toString('base64url')]));
  await system.query(
    `insert into login_session (token_hash, organisation_id, person_id, kind, created_at, last_seen_at, expires_at)
      select hash, $1, person_id, 'tab', $4, $4, $5 from unnest($2::bytea[], $3::uuid[]) as given (hash, person_id)`,
    [
      organisationId,
      [...tokens.values()].map((token) => Buffer.from(hashSecret(token), 'hex')),
      [...tokens.keys()],
      new Date(now),
      new Date(now + dayMs),
    ],
  );
  return tokens;
}

/**
 * Yesterday's flags, all down, with their log and answers: a database that has been in use, so that PostgreSQL knows what
 * its tables look like.
 */
export async function seedHistory(stage: Stage, organisation: Organisation, team: Team, flags: number): Promise<void> {
  const live = await seedLive(stage.db.system, organisation, team, {
    agents: team.agents.length,
    each: Math.ceil(flags / team.agents.length),
  });
  const admin = new pg.Client(stage.connection);
  await admin.connect();
  const yesterday = [organisation.id, live.map((one) => one.id)];
  await admin.query(
    `insert into flag (id, organisation_id, session_id, conversation_id, agent_id, channel, queue_id, team_id, customer_name, reason_id,
        message, raised_at, reached_at, target_at, seen_by, joined_by, lowered)
      select gen_random_uuid(), s.organisation_id, s.id, c.id, s.agent_id, c.channel, c.queue_id, c.team_id, c.customer_name, $3,
        'May I go on?', now() - interval '1 day', now() - interval '1 day', now() - interval '1 day', '[]', '{}', '{}'
      from session s join conversation c on c.id = s.conversation_id where s.organisation_id = $1 and s.id = any($2::uuid[])`,
    [...yesterday, organisation.reasonId],
  );
  await admin.query(
    `insert into answer (organisation_id, actor, command_id, payload_hash, answer, at)
      select s.organisation_id, 'person:' || s.agent_id, gen_random_uuid(), '\\x00', '{"ok":true}', now() - interval '1 day'
      from session s where s.organisation_id = $1 and s.id = any($2::uuid[])`,
    yesterday,
  );
  await admin.query(
    `update session set ended_at = now(), end_reason = 'closed' where organisation_id = $1 and id = any($2::uuid[])`,
    yesterday,
  );
  await admin.query(
    `update conversation set lifecycle = 'closed', closed_at = now() - interval '1 day' where organisation_id = $1 and session_id = any($2::uuid[])`,
    yesterday,
  );
  await admin.query('vacuum analyze');
  await admin.end();
}

/** Gives agents of a team live sessions, each with an open conversation: `each` for each of the first `agents`. */
export async function seedLive(
  system: pg.Pool,
  organisation: Organisation,
  team: Team,
  { agents, each }: { readonly agents: number; readonly each: number },
): Promise<LiveSession[]> {
  const now = Date.now();
  const live: LiveSession[] = [];
  const conversations: Conversation[] = [];
  const sessions: Session[] = [];
  for (let at = 0; at < agents * each; at += 1) {
    const agent = at % agents;
    const agentId = team.agents[agent]?.id;
    if (agentId === undefined) throw new Error(`the team has no agent ${agent}`);
    const conversationId = newId<'conversation'>(now);
    const sessionId = newId<'session'>(now);
    const customerId = newId<'customer'>(now);
    const customerName = `Customer ${at + 1}`;
    live.push({ id: sessionId, conversationId, customerId, customerName, agent });
    conversations.push({
      id: conversationId,
      channel: 'chat',
      queueId: team.queueId,
      teamId: team.id,
      customerId,
      customerName,
      lifecycle: 'open',
      assigneeId: agentId,
      sessionId,
      queuedAt: null,
      offer: null,
      passedBy: [],
      startedAt: now,
      answeredAt: now,
      customerWaitsSince: null,
      unread: 0,
      lastLine: null,
      closedAt: null,
      connectionId: null,
      reach: 'own',
    });
    sessions.push({
      id: sessionId,
      conversationId,
      agentId,
      startedAt: now,
      endedAt: null,
      endReason: null,
      supervisors: [],
      flagId: null,
      sideLines: 0,
      sideRead: {},
      sideLastAt: null,
      reach: 'own',
      ruleIds: [],
    });
  }
  await run(system, conversationTable.insert(organisation.id, conversations, ''));
  await run(system, sessionTable.insert(organisation.id, sessions, ''));
  return live;
}

export function firstTeam(organisation: Organisation): Team {
  const [team] = organisation.teams;
  if (team === undefined) throw new Error('there is no team');
  return team;
}
