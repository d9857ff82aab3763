import { once } from '../shared/ui/later.ts';
import { loadMenuBody } from '../shared/ui/overlay/menu-body.ts';
import { ago, day, list, timeOfDay } from '../shared/ui/text/format.ts';

/** What the first picture does not need, the help flag's dialog first. It is loaded while nothing happens. */
export const later = {
  raise: once(() => import('./RaiseDialog.svelte')),
  outcome: once(() => import('../shared/ui/conversation/OutcomeDialog.svelte')),
  transfer: once(() => import('./TransferDialog.svelte')),
  close: once(() => import('./CloseDialog.svelte')),
  palette: once(() => import('../shared/ui/command/CommandPalette.svelte')),
  sheet: once(() => import('../shared/ui/command/ShortcutSheet.svelte')),
  here: once(() => import('./ledger/HereList.svelte')),
  menu: loadMenuBody,
  /** The first word of each kind takes a browser some ms to find out how to say; the first conversation needs them all. */
  words: once(async () => [timeOfDay(0), day(0), ago(0), list([])]),
};
