import { once } from '../shared/ui/once.ts';
import { loadMenuBody } from '../shared/ui/overlay/menu-body.ts';

/** What the first picture does not need. It is loaded while nothing happens, so that it opens in the frame it is asked for. */
export const later = {
  raise: once(() => import('./RaiseDialog.svelte')),
  outcome: once(() => import('../shared/ui/conversation/OutcomeDialog.svelte')),
  transfer: once(() => import('./TransferDialog.svelte')),
  close: once(() => import('./CloseDialog.svelte')),
  palette: once(() => import('../shared/ui/command/CommandPalette.svelte')),
  sheet: once(() => import('../shared/ui/command/ShortcutSheet.svelte')),
  here: once(() => import('./ledger/HereList.svelte')),
  menu: loadMenuBody,
};

/** Loads it all in idle time, the help flag's dialog first. @returns stops what has not begun */
export function loadLater(): () => void {
  let stopped = false;
  const idle = (run: () => void): void => {
    // Safari has no idle callback.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 2000 });
    else setTimeout(run, 500);
  };
  const [...loads] = Object.values(later);
  const next = (): void => {
    const load = loads.shift();
    if (load === undefined || stopped) return;
    load()
      .catch(() => undefined)
      .finally(() => idle(next));
  };
  idle(next);
  return () => {
    stopped = true;
  };
}
