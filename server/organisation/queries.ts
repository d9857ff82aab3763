import type pg from 'pg';
import type { OrganisationId, PersonId } from '../../shared/contract/id.ts';

type Queryable = Pick<pg.ClientBase, 'query'>;

/**
 * Starts the clock of a new organisation's line, at position 0, so that its first command (`organisation:create`) has a
 * position to take. The name given here is replaced by that command's; until then the organisation has nobody.
 * @param system a client of the login `halyard_system`
 */
export async function startClock(system: Queryable, organisationId: OrganisationId, name: string): Promise<void> {
  await system.query(
    `with founded as (insert into organisation (id, name, demo) values ($1, $2, false))
      insert into clock (organisation_id, position, hash) values ($1, 0, $3)`,
    [organisationId, name, Buffer.alloc(32)],
  );
}

export interface Standing {
  readonly organisationId: OrganisationId;
  readonly demo: boolean;
  /** Nothing happened in it yet: a first start that was cut short goes on here. */
  readonly empty: boolean;
  /** An owner whose link nobody has redeemed, as long as no owner has joined; else null. */
  readonly waitingOwnerId: PersonId | null;
}

/** The organisations there are, oldest first. Ids sort by the time they were made. */
export async function readOrganisations(system: Queryable): Promise<readonly Standing[]> {
  const { rows } = await system.query<{
    id: OrganisationId;
    demo: boolean;
    position: number;
    waiting: PersonId | null;
  }>(
    `select o.id, o.demo, k.position,
        (select min(p.id::text) from person p join credential c on c.person_id = p.id
          where p.organisation_id = o.id and p.role = 'owner'
          having bool_and(c.joined_at is null)) as waiting
      from organisation o join clock k on k.organisation_id = o.id order by o.id`,
  );
  return rows.map((row) => ({
    organisationId: row.id,
    demo: row.demo,
    empty: row.position === 0,
    waitingOwnerId: row.waiting,
  }));
}
