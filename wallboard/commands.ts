import type { Status } from '../shared/contract/person.ts';
import type { Sound } from '../shared/ui/alert/sound.svelte.ts';
import type { Command } from '../shared/ui/command/register.svelte.ts';
import { kitText } from '../shared/ui/text/kit.ts';
import type { Theme } from '../shared/ui/theme.svelte.ts';
import type { Board } from './board.svelte.ts';
import type { Acts } from './flag/act.ts';
import { boardText } from './words.ts';

/** The values alone: the contract's module would bring its schemas along. */
export const statuses = ['available', 'busy', 'break', 'offline'] as const satisfies readonly Status[];

/** What the commands of the whole board act upon; the board's component gives the switches. */
export interface BoardSwitches {
  readonly board: Board;
  readonly acts: Pick<Acts, 'setStatus'>;
  readonly sound: Pick<Sound, 'muted' | 'test'>;
  readonly theme: Theme;
  palette(): void;
  sheet(): void;
  arrange(): void;
  fullScreen(): void;
  search(): void;
  leave(): void;
  drawerOpen(): boolean;
  closeDrawer(): void;
  canUndo(): boolean;
  undo(): void;
}

/** Commands that belong to no single flag. Those of the selected flag are `FlagDesk.commands()`. */
export function boardCommands(on: BoardSwitches): readonly Command[] {
  const group = boardText('group.board');
  const own = boardText('group.me');
  const mute = (): void => {
    on.sound.muted = !on.sound.muted;
  };
  return [
    { id: 'board.palette', title: boardText('palette'), group, keys: 'Mod+K', silent: true, run: () => on.palette() },
    { id: 'board.keys', title: boardText('keys'), group, keys: '?', run: () => on.sheet() },
    { id: 'board.search', title: boardText('command.agents'), group, keys: '/', run: () => on.search() },
    { id: 'board.arrange', title: boardText('arrange'), group, keys: 'g l', run: () => on.arrange() },
    { id: 'board.report', title: boardText('report.open'), group, keys: 'g h', run: () => on.board.showReport(true) },
    { id: 'board.full', title: boardText('fullscreen'), group, run: () => on.fullScreen() },
    { id: 'board.all-teams', title: boardText('teams.all'), group, run: () => on.board.chooseTeam(null) },
    { id: 'board.mute', title: boardText('sound.toggle'), group, run: mute },
    { id: 'board.test', title: boardText('sound.test.command'), group, run: () => void on.sound.test() },
    {
      id: 'board.console',
      title: boardText('console.open'),
      group,
      keys: 'g c',
      run: () => location.assign('/console'),
    },
    {
      id: 'board.close',
      title: boardText('drawer.close'),
      group,
      keys: 'Escape',
      silent: true,
      when: () => on.drawerOpen(),
      run: () => on.closeDrawer(),
    },
    {
      id: 'board.undo',
      title: boardText('command.undo'),
      group,
      keys: 'Z',
      when: () => on.canUndo(),
      run: () => on.undo(),
    },
    ...statuses.map((status) => ({
      id: `me.status.${status}`,
      title: `${boardText('me.status')}: ${kitText(`presence.${status}`)}`,
      group: own,
      when: () => !on.board.stale,
      run: () => on.acts.setStatus(status),
    })),
    ...(['system', 'light', 'dark'] as const).map((choice) => ({
      id: `me.theme.${choice}`,
      title: `${boardText('me.theme')}: ${boardText(`theme.${choice}`)}`,
      group: own,
      run: () => on.theme.choose(choice),
    })),
    { id: 'me.out', title: boardText('signout'), group: own, run: () => on.leave() },
  ];
}
