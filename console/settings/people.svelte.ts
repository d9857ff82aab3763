import type { Event } from '../../shared/contract/event.ts';
import type { PersonDetail, PersonPage } from '../../shared/contract/read.ts';
import { inBrowser, Reading, type ReadingEnvironment } from './reading.svelte.ts';

/** Facts of a person that the live floor does not carry: reading again finds what else is new. */
const tells = (event: Event): boolean =>
  event.type.startsWith('person:') &&
  event.type !== 'person:status-set' &&
  event.type !== 'person:reachable' &&
  event.type !== 'person:unreachable';

/** Several changes in a row are read once. */
const settleMs = 250;

/** The list of people with their addresses and links. */
export class PeopleList extends Reading<PersonPage> {
  constructor(environment: ReadingEnvironment<PersonPage> = inBrowser('/api/person')) {
    super(environment, (event) => (tells(event) ? settleMs : null), settleMs);
  }

  /** Null until the first answer. */
  get people(): readonly PersonDetail[] | null {
    return this.page?.people ?? null;
  }
}
