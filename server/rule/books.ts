import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Rule } from '../../shared/contract/rule.ts';
import { Book } from './match.ts';

/** Organisations whose rules one hub keeps ready; another's are compiled again when it is heard of. */
const mostKept = 200;

/**
 * Rules as this hub holds them, ready to hear lines: by organisation and version. A version names one set for good, so what
 * is held never has to be asked whether it is still true.
 */
export class Books {
  readonly #held = new Map<OrganisationId, { readonly version: number; readonly book: Book<Rule> }>();

  /** The book of exactly this version, or undefined. */
  of(organisationId: OrganisationId, version: number): Book<Rule> | undefined {
    const held = this.#held.get(organisationId);
    return held?.version === version ? held.book : undefined;
  }

  /** Compiles the rules of a version, and holds them instead of an earlier one's. */
  keep(organisationId: OrganisationId, version: number, rules: readonly Rule[]): Book<Rule> {
    const book = new Book(rules);
    // Last in the map is the newest; the first makes way.
    this.#held.delete(organisationId);
    this.#held.set(organisationId, { version, book });
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostKept && oldest !== undefined) this.#held.delete(oldest);
    return book;
  }
}
