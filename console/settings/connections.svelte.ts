import type { Event } from '../../shared/contract/event.ts';
import type { ConnectionDetail, ConnectionPage } from '../../shared/contract/read.ts';
import { inBrowser, Reading, type ReadingEnvironment } from './reading.svelte.ts';

/** What moves a connection or its counts. */
const tells = (event: Event): boolean =>
  event.type.startsWith('connection:') ||
  event.type.startsWith('delivery:') ||
  (event.type === 'message:sent' && event.author === 'customer');

/** On a busy floor something happens all the time: the list is read once in so long. */
const settleMs = 500;

/** The list of connections with their counts. */
export class ConnectionList extends Reading<ConnectionPage> {
  constructor(environment: ReadingEnvironment<ConnectionPage> = inBrowser('/api/connection')) {
    super(environment, (event) => (tells(event) ? settleMs : null), settleMs);
  }

  /** Null until the first answer. */
  get connections(): readonly ConnectionDetail[] | null {
    return this.page?.connections ?? null;
  }
}
