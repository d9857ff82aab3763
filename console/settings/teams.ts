import type { Person } from '../../shared/contract/person.ts';
import type { Team } from '../../shared/contract/team.ts';
import type { Live } from '../../shared/live/apply.ts';

export interface TeamRow {
  readonly team: Team;
  readonly agents: readonly Person[];
  readonly supervisors: readonly Person[];
  /** Open conversations in its queue or in the hands of its people. */
  readonly open: number;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => a.name.localeCompare(b.name);

/** Active teams by name, with who belongs to each now. */
export function teamRows(live: Live): readonly TeamRow[] {
  const people = [...live.people.values()].filter((person) => person.active).sort(byName);
  const open = new Map<string, number>();
  for (const conversation of live.conversations.values()) {
    if (conversation.lifecycle === 'open') open.set(conversation.teamId, (open.get(conversation.teamId) ?? 0) + 1);
  }
  return [...live.teams.values()]
    .filter((team) => team.active)
    .sort(byName)
    .map((team) => ({
      team,
      agents: people.filter((person) => person.teamIds.includes(team.id)),
      supervisors: people.filter((person) => person.supervises.includes(team.id)),
      open: open.get(team.id) ?? 0,
    }));
}
