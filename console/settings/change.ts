import type { Floor } from '../../shared/client/floor.svelte.ts';
import type { PersonId, TeamId } from '../../shared/contract/id.ts';
import type { Role } from '../../shared/contract/permission.ts';
import { holds } from '../../shared/contract/permission.ts';
import type { Person } from '../../shared/contract/person.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';
import { email as emailSchema } from '../../shared/contract/text.ts';

/** What the settings need of the live floor. */
export type SettingsFloor = Pick<Floor, 'live' | 'autoFallback' | 'send' | 'onEvents' | 'onAgain' | 'hubNow'>;
export type Send = Floor['send'];

/** What the form of a person holds, as typed. */
export interface PersonForm {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly teamIds: readonly TeamId[];
  readonly supervises: readonly TeamId[];
  readonly capacity: string;
}

export type Field = 'name' | 'email' | 'role' | 'teamIds' | 'supervises' | 'capacity';

/** A whole number from 1 to 50, or null. */
export function capacityOf(typed: string): number | null {
  const value = /^\s*\d{1,2}\s*$/.test(typed) ? Number(typed) : 0;
  return value >= 1 && value <= 50 ? value : null;
}

/** What is wrong with a form before it is sent: the keys of the sentences, by field. */
export function faultsOf(form: PersonForm, kind: 'invite' | 'edit') {
  const email = form.email.trim();
  return {
    name: form.name.trim() === '' ? ('person.name.missing' as const) : null,
    email:
      kind === 'edit'
        ? null
        : email === ''
          ? ('person.email.missing' as const)
          : emailSchema.safeParse(email).success
            ? null
            : ('person.email.wrong' as const),
    capacity: capacityOf(form.capacity) === null ? ('person.capacity.wrong' as const) : null,
  };
}

/** The teams that count: whoever may not help teams supervises none, whatever was ticked before the role was changed. */
export function supervisesOf(form: PersonForm): readonly TeamId[] {
  return holds(form.role, 'supervision.own') ? form.supervises : [];
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join() === [...b].sort().join();

interface Step {
  readonly field: Field;
  run(send: Send): Promise<Answer>;
}

/** The commands that turn a person into what the form says, in an order in which each is allowed. */
export function stepsTo(person: Person, form: PersonForm): readonly Step[] {
  const personId: PersonId = person.id;
  const steps: Step[] = [];
  const name = form.name.trim();
  const capacity = capacityOf(form.capacity);
  const teamIds = [...form.teamIds];
  const supervises = [...supervisesOf(form)];
  if (name !== person.name) steps.push({ field: 'name', run: (send) => send('person:rename', { personId, name }) });
  if (form.role !== person.role) {
    steps.push({ field: 'role', run: (send) => send('person:set-role', { personId, role: form.role }) });
  }
  // Losing the right to help empties `supervises` by itself; the role comes first, so that gaining it may fill it.
  const left = holds(form.role, 'supervision.own') ? person.supervises : [];
  if (!same(teamIds, person.teamIds) || !same(supervises, left)) {
    steps.push({
      field: 'teamIds',
      run: (send) => send('person:set-teams', { personId, teamIds, supervises }),
    });
  }
  if (capacity !== null && capacity !== person.capacity) {
    steps.push({ field: 'capacity', run: (send) => send('person:set-capacity', { personId, capacity }) });
  }
  return steps;
}

/** Runs the steps one after another; what comes after a refusal is not tried. @returns where it ended, or null when all is done */
export async function carryOut(
  steps: readonly Step[],
  send: Send,
): Promise<{ readonly field: Field; readonly refusal: Refusal } | null> {
  for (const step of steps) {
    const answer = await step.run(send);
    if (!answer.ok) return { field: step.field, refusal: answer.refusal };
  }
  return null;
}

/** A refusal as the form shows it. */
export const sentence = (refusal: Refusal): string => `${refusal.message} ${refusal.next}`;

/** The field that a refusal is about; null: the whole form. */
export function fieldOf(refusal: Refusal): Field | null {
  const field = refusal.detail?.field;
  const known: readonly Field[] = ['name', 'email', 'role', 'teamIds', 'supervises', 'capacity'];
  return known.find((one) => typeof field === 'string' && field.split('.')[0] === one) ?? null;
}
