import type { Door } from '../../contract/read.ts';

export type DemoPerson = Door['demo'][number];

/** People who stand together on the demo door, because they serve or supervise the same teams. */
export interface DemoGroup {
  /** Names of the teams; none means the whole organisation. */
  readonly teams: readonly string[];
  readonly people: readonly DemoPerson[];
}

const rank = ['owner', 'admin', 'supervisor', 'agent'];

/** One team each first, in the order of their names, then several, then those of the whole organisation; leaders first. */
export function groupPeople(people: readonly DemoPerson[]): readonly DemoGroup[] {
  const groups = new Map<string, { teams: readonly string[]; people: DemoPerson[] }>();
  for (const person of people) {
    const teams = [...person.teams].sort((a, b) => a.localeCompare(b));
    const key = teams.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { teams, people: [person] });
    else group.people.push(person);
  }
  const place = ({ teams }: DemoGroup): number => (teams.length === 0 ? Number.POSITIVE_INFINITY : teams.length);
  for (const group of groups.values()) group.people.sort((a, b) => rank.indexOf(a.role) - rank.indexOf(b.role));
  return [...groups.values()].sort((a, b) => {
    const first = place(a);
    const second = place(b);
    return first === second ? a.teams.join().localeCompare(b.teams.join()) : first - second;
  });
}
