import { holds } from '../shared/contract/permission.ts';
import type { Live } from '../shared/live/apply.ts';
import { list } from '../shared/ui/text/format.ts';
import { teamsOf } from './view.ts';
import { boardText } from './words.ts';

/** As many names as help somebody to find one of them. */
const mostNames = 3;

/** Why this person has no board, and who can change that; null for whoever has one. */
export function deniedWords(live: Live): { readonly title: string; readonly who: string } | null {
  const me = live.people.get(live.me.personId);
  const managers = [...live.people.values()]
    .filter((one) => one.active && holds(one.role, 'person.manage'))
    .map((one) => one.name)
    .sort((a, b) => a.localeCompare(b))
    .slice(0, mostNames);
  const people = list(managers);
  if (!live.me.permissions.has('floor.view'))
    return {
      title: boardText('denied.title'),
      who:
        managers.length === 0 ? boardText('denied.nobody') : boardText('denied.who', { name: me?.name ?? '', people }),
    };
  // A flag that calls every supervisor reaches this one too: the board is open for as long as its session lives.
  const reached = [...live.sessions.values()].some((one) => one.reach !== 'own' && one.agentId !== live.me.personId);
  if (teamsOf(live).length === 0 && !live.me.permissions.has('flag.view.any') && !reached)
    return {
      title: boardText('denied.teams'),
      who: managers.length === 0 ? boardText('denied.nobody') : boardText('denied.teams.who', { people }),
    };
  return null;
}
