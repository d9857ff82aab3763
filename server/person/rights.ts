import type { TeamId } from '../../shared/contract/id.ts';
import type { Permission, Role } from '../../shared/contract/permission.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import { type Refusal, refusal } from '../../shared/contract/refusal.ts';
import type { Context } from '../hub/room.ts';
import type { State } from '../hub/state.ts';
import { teamNoun } from '../team/team.ts';
import { ownersNoun } from './joining.ts';

/** Points per minute of a person who arranges people by hand; a script that runs away is held up. */
export const managing = { points: 60, seconds: 60 } as const;

/** Whether the actor holds the permission; the system may do what its own rows do. */
export function may(context: Context, permission: Permission): boolean {
  const { actor } = context;
  return actor.kind === 'system' || (actor.kind === 'person' && actor.can(permission));
}

export const noSuchPerson = refusal(
  'not_found',
  'There is no such person in this organisation.',
  'Look at the list of people again.',
);

const ownersOnly = refusal(
  'not_permitted',
  'Only an owner may change an owner or make one.',
  'Ask an owner of your organisation to do it.',
);

const lastOwner = refusal(
  'last_owner',
  'This is the last active owner; without one nobody could change who owns the organisation.',
  'Make somebody else an owner first.',
);

export const notActive = (name: string): Refusal =>
  refusal('person_inactive', `${name} is not active.`, 'Reactivate the person first.');

/** Refuses whoever may not touch an owner (`owner.manage`), now or by what the change would make. Null: they may. */
export function ownerRefusal(context: Context, ...roles: readonly Role[]): Refusal | null {
  return roles.includes('owner') && !may(context, 'owner.manage') ? ownersOnly : null;
}

/** Refuses what would leave the organisation without an active owner. Null: somebody else is one, or this is none. */
export function lastOwnerRefusal(state: State, context: Context, person: Person): Refusal | null {
  if (person.role !== 'owner' || !person.active) return null;
  const owners = state.get(ownersNoun, context.organisationId) ?? [];
  return owners.some((id) => id !== person.id) ? null : lastOwner;
}

/**
 * Refuses teams that do not exist or are archived, and supervising without the right to help.
 * @param kept teams that the person already has: an archived one among them may stay
 */
export function placingRefusal(
  state: State,
  role: Role,
  placing: { readonly teamIds: readonly TeamId[]; readonly supervises: readonly TeamId[] },
  kept: ReadonlySet<TeamId> = new Set(),
): Refusal | null {
  for (const id of new Set([...placing.teamIds, ...placing.supervises])) {
    const team = state.get(teamNoun, id);
    if (team === undefined) {
      return refusal('not_found', 'One of these teams does not exist.', 'Look at the list of teams again.', {
        teamId: id,
      });
    }
    if (!team.active && !kept.has(id)) {
      return refusal('not_found', `The team ${team.name} is archived.`, 'Choose another team.', { teamId: id });
    }
  }
  if (placing.supervises.length > 0 && !holds(role, 'supervision.own')) {
    return refusal(
      'bad_input',
      'Only a supervisor, an admin or an owner can supervise a team.',
      'Change the role first.',
      {
        field: 'supervises',
      },
    );
  }
  return null;
}

/** The teams, each once, in a fixed order: equal choices are equal lists. */
export function distinct<T extends string>(ids: readonly T[]): T[] {
  return [...new Set(ids)].sort();
}

export function sameIds(one: readonly string[], other: readonly string[]): boolean {
  const a = distinct(one);
  const b = distinct(other);
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
