import { afterPaint, once } from '../shared/ui/later.ts';
import { loadMenuBody } from '../shared/ui/overlay/menu-body.ts';

/** What stands beside the flags. The flags come first: it is fetched once they are to be seen. */
export const later = {
  figures: once(() => afterPaint().then(() => import('./arrange/TileGrid.svelte'))),
  agents: once(() => afterPaint().then(() => import('./agent/AgentTable.svelte'))),
};

/** What opens beside or above the board. It is loaded while nothing happens. */
export const onDemand = {
  aside: once(() => import('./Aside.svelte')),
  report: once(() => import('./report/ReportDrawer.svelte')),
  menu: loadMenuBody,
};

/** Where the floor is not there yet, nothing is fetched and what waits for it goes on waiting. */
export const notYet: Promise<never> = new Promise(() => {});
