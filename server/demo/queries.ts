import { createHmac } from 'node:crypto';
import type pg from 'pg';
import type { ConnectionId, CustomerId, OrganisationId, PersonId, QueueId, TeamId } from '../../shared/contract/id.ts';
import type { Role } from '../../shared/contract/permission.ts';
import { hashSecret, longestMs } from '../auth/login-session.ts';

/** Somebody of the demo organisation. */
export interface Member {
  readonly id: PersonId;
  readonly role: Role;
  readonly teamIds: readonly TeamId[];
  /** A person sits at a screen of theirs now. */
  readonly played: boolean;
}

export interface DemoQueue {
  readonly id: QueueId;
  readonly teamId: TeamId;
  /** Name of the team that serves it. */
  readonly team: string;
}

export interface Cast {
  readonly members: readonly Member[];
  readonly queues: readonly DemoQueue[];
}

/** What a simulator that takes over finds. */
export interface OpenConversation {
  readonly customerId: CustomerId;
  readonly customerName: string;
  readonly queueId: QueueId;
  /** Of a messaging channel: where the customer is reached, and what they have said so far. */
  readonly address: string | null;
  readonly lines: number;
}

/**
 * The hub notes at least once a minute that a session with a socket is in use (`keepSessions`). So whoever left without
 * signing out is played for at most this long, and a reload in between changes nothing.
 */
export const playedMs = 80_000;

/** The demo organisation, or null where there is none. */
export async function demoOrganisation(client: pg.ClientBase): Promise<OrganisationId | null> {
  const { rows } = await client.query<{ id: OrganisationId }>(
    'select id from organisation where demo order by id limit 1',
  );
  return rows[0]?.id ?? null;
}

/** Key of the signatures on visitor tokens, and of the simulator's own. */
export async function installationSecret(client: pg.ClientBase): Promise<Buffer> {
  const { rows } = await client.query<{ secret: Buffer }>('select secret from instance');
  const [row] = rows;
  if (row === undefined) throw new Error('this database has no instance yet');
  return row.secret;
}

/**
 * The token of the simulator's own session as a person. It is derived instead of random, so that every simulator of this
 * database knows its predecessors' sessions from people's, also after a crash.
 */
export const ownToken = (secret: Buffer, personId: PersonId): string =>
  createHmac('sha256', secret).update(`simulated person ${personId}`).digest('base64url');

/** Opens or renews the simulator's session as a person, and gives its token. @param now ms */
export async function openOwnSession(
  db: pg.Pool,
  secret: Buffer,
  who: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  now: number,
): Promise<string> {
  const token = ownToken(secret, who.personId);
  await db.query({
    name: 'demo-session',
    text: `insert into login_session (token_hash, organisation_id, person_id, kind, created_at, last_seen_at, expires_at)
      values ($1, $2, $3, 'tab', $4, $4, $5)
      on conflict (token_hash) do update set last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at`,
    values: [
      Buffer.from(hashSecret(token), 'hex'),
      who.organisationId,
      who.personId,
      new Date(now),
      new Date(now + longestMs),
    ],
  });
  return token;
}

/**
 * Who and what there is to simulate. Somebody with a password of their own is a person, and no part of it.
 * @param now the hub's clock, ms
 */
export async function readCast(
  client: pg.ClientBase,
  organisationId: OrganisationId,
  secret: Buffer,
  now: number,
): Promise<Cast> {
  const people = await client.query<{ id: PersonId; role: Role; team_ids: TeamId[]; sessions: string[] }>({
    name: 'demo-people-seen',
    text: `select p.id, p.role, p.team_ids, array(
          select encode(s.token_hash, 'hex') from login_session s
          where s.person_id = p.id and s.last_seen_at > $2 and s.expires_at > $3) as sessions
        from person p left join credential c on c.person_id = p.id
        where p.organisation_id = $1 and p.active and c.password_hash is null order by p.id`,
    values: [organisationId, new Date(now - playedMs), new Date(now)],
  });
  const queues = await client.query<{ id: QueueId; team_id: TeamId; team: string }>({
    name: 'demo-queues',
    text: `select q.id, q.team_id, t.name as team from queue q join team t on t.id = q.team_id
        where q.organisation_id = $1 and q.active and t.active order by t.id, q.id`,
    values: [organisationId],
  });
  return {
    members: people.rows.map((row) => {
      const own = hashSecret(ownToken(secret, row.id));
      return { id: row.id, role: row.role, teamIds: row.team_ids, played: row.sessions.some((hash) => hash !== own) };
    }),
    queues: queues.rows.map((row) => ({ id: row.id, teamId: row.team_id, team: row.team })),
  };
}

/** Conversations that are open now. */
export async function openConversations(
  client: pg.ClientBase,
  organisationId: OrganisationId,
): Promise<OpenConversation[]> {
  const { rows } = await client.query<{
    customer_id: CustomerId;
    customer_name: string;
    queue_id: QueueId;
    address: string | null;
    lines: number;
  }>(
    `select c.customer_id, c.customer_name, c.queue_id, a.address,
        (select count(*) from entry e where e.organisation_id = $1 and e.conversation_id = c.id and e.author = 'customer') as lines
      from conversation c left join customer_address a on a.customer_id = c.customer_id
      where c.organisation_id = $1 and c.lifecycle = 'open' order by c.id`,
    [organisationId],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    customerName: row.customer_name,
    queueId: row.queue_id,
    address: row.address,
    lines: row.lines,
  }));
}

/** Who may arrange channels, the queue for the demo's messages, and the connection with its secret where it was made before. */
export async function readDemoConnection(
  db: pg.Pool,
  organisationId: OrganisationId,
  name: string,
): Promise<{
  readonly adminId: PersonId | null;
  readonly queueId: QueueId | null;
  readonly connection: {
    readonly id: ConnectionId;
    readonly queueId: QueueId;
    readonly inbound: string;
    readonly active: boolean;
  } | null;
}> {
  const [people, queues, connections] = await Promise.all([
    db.query<{ id: PersonId }>(
      `select p.id from person p left join credential c on c.person_id = p.id
        where p.organisation_id = $1 and p.active and p.role in ('admin', 'owner') and c.password_hash is null order by p.role, p.id limit 1`,
      [organisationId],
    ),
    db.query<{ id: QueueId }>('select id from queue where organisation_id = $1 and active order by name, id limit 1', [
      organisationId,
    ]),
    db.query<{ id: ConnectionId; queue_id: QueueId; inbound: string; active: boolean }>(
      `select c.id, c.queue_id, s.inbound, c.active from connection c join connection_secret s on s.connection_id = c.id
        where c.organisation_id = $1 and c.name = $2 and c.adapter = 'generic'`,
      [organisationId, name],
    ),
  ]);
  const [found] = connections.rows;
  return {
    adminId: people.rows[0]?.id ?? null,
    queueId: queues.rows[0]?.id ?? null,
    connection:
      found === undefined
        ? null
        : { id: found.id, queueId: found.queue_id, inbound: found.inbound, active: found.active },
  };
}
