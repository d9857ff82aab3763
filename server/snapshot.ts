import type { OrganisationId } from '../shared/contract/id.ts';
import { permissionsOf } from '../shared/contract/permission.ts';
import type { Person } from '../shared/contract/person.ts';
import type { Snapshot } from '../shared/contract/snapshot.ts';
import { floorTeams, minutesKeptMs, recentFlagsMs } from '../shared/live/apply.ts';
import { sessionFor } from '../shared/live/session.ts';
import {
  liveSessions,
  minutesSince,
  openConversations,
  readConversation,
  readMinute,
  readSession,
  sightOf,
} from './conversation/queries.ts';
import { commit, sendAll } from './db/pipeline.ts';
import type { Database } from './db/pool.ts';
import { flagSightOf, flagsSince, readFlags } from './flag/queries.ts';
import { named } from './hub/named.ts';
import type { Raw } from './hub/room.ts';
import { organisationTable } from './organisation/organisation.ts';
import { personTable } from './person/person.ts';
import { queueTable } from './queue/queue.ts';
import { reasonTable } from './reason/reason.ts';
import { teamTable } from './team/team.ts';

/**
 * Everything live that one person may see, read in one transaction at one position: one round trip, a constant number of
 * statements.
 * @param now the hub's clock, ms
 * @throws what the database throws
 */
export async function readSnapshot(
  db: Database,
  organisationId: OrganisationId,
  person: Person,
  epoch: string,
  now: number,
): Promise<Snapshot> {
  const sight = sightOf(person);
  const floor = floorTeams(person);
  const since = { flags: now - recentFlagsMs, minutes: now - minutesKeptMs };
  const whole = (select: string) => named({ text: `${select} where organisation_id = $1`, values: [organisationId] });
  const client = await db.app.connect();
  let broken = false;
  try {
    const results = await sendAll(client, [
      { text: 'begin isolation level repeatable read read only' },
      named({ text: `select set_config('halyard.organisation', $1, true)`, values: [organisationId] }),
      named({ text: 'select position from clock where organisation_id = $1', values: [organisationId] }),
      whole(organisationTable.select),
      whole(personTable.select),
      whole(teamTable.select),
      whole(queueTable.select),
      whole(reasonTable.select),
      named(openConversations(organisationId, sight)),
      named(liveSessions(organisationId, sight)),
      named(flagsSince(organisationId, flagSightOf(person), since.flags)),
      named(minutesSince(organisationId, floor === 'all' ? 'all' : [...floor], since.minutes)),
      commit,
    ]);
    const rows = (at: number): readonly Raw[] => (results[at]?.rows ?? []) as Raw[];
    const flags = readFlags(rows(10), since.flags);
    return {
      organisationId,
      epoch,
      position: (rows(2)[0]?.position as number | undefined) ?? 0,
      at: now,
      me: { personId: person.id, permissions: permissionsOf[person.role] },
      organisation: organisationTable.read(rows(3)[0] ?? {}),
      people: rows(4).map((raw) => personTable.read(raw)),
      teams: rows(5).map((raw) => teamTable.read(raw)),
      queues: rows(6).map((raw) => queueTable.read(raw)),
      reasons: rows(7).map((raw) => reasonTable.read(raw)),
      conversations: rows(8).map(readConversation),
      sessions: rows(9).map((raw) => sessionFor(readSession(raw), person.id)),
      flags: flags.flags,
      recentFlags: flags.recent,
      minutes: rows(11).map(readMinute),
    };
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    client.release(broken);
  }
}
