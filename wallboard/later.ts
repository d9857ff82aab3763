import { once } from '../shared/ui/later.ts';
import { loadMenuBody } from '../shared/ui/overlay/menu-body.ts';

/** After the frame that shows what has just changed; at once in a page that nobody sees, which draws no frames. */
function afterPaint(): Promise<void> {
  return new Promise((go) => {
    if (document.hidden) go();
    else requestAnimationFrame(() => setTimeout(go));
  });
}

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
