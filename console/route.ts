import type { ConversationId } from '../shared/contract/id.ts';
import { isId } from '../shared/contract/id.ts';

export const views = ['inbox', 'unassigned', 'all', 'closed'] as const;
export type View = (typeof views)[number];

/** Where the console is, as it stands behind `#`: a reload and the back button keep it. */
export type Route =
  | { readonly page: 'desk'; readonly view: View; readonly conversationId: ConversationId | null }
  | { readonly page: 'settings' }
  /** Who has been here: who watched, whispered, joined, took over. */
  | { readonly page: 'ledger' };

const isView = (text: string): text is View => (views as readonly string[]).includes(text);

/**
 * Reads `#/inbox/<conversation>`; whatever it does not know is the home view.
 * @param home the view for an empty or unknown address: the inbox, or All for people who serve nobody
 */
export function parseRoute(hash: string, home: View): Route {
  const [view = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'settings' || view === 'ledger') return { page: view };
  if (!isView(view)) return { page: 'desk', view: home, conversationId: null };
  return { page: 'desk', view, conversationId: isId<'conversation'>(id) ? id : null };
}

export function formatRoute(route: Route): string {
  if (route.page !== 'desk') return `#/${route.page}`;
  return route.conversationId === null ? `#/${route.view}` : `#/${route.view}/${route.conversationId}`;
}
