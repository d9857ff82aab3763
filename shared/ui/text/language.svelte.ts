/** Scripts that run from right to left, by the language's primary subtag. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'sd', 'ug', 'yi', 'dv', 'ckb']);

/** The language of one page: catalogues and formatters read it, and follow when it changes. */
export class Language {
  #tag = $state.raw('en');

  /** BCP 47 tag, for example `en` or `pt-BR`. */
  get tag(): string {
    return this.#tag;
  }

  /** Writing direction of the language. */
  get direction(): 'ltr' | 'rtl' {
    return rightToLeft.has(this.#tag.split('-')[0] ?? '') ? 'rtl' : 'ltr';
  }

  /**
   * Changes the language.
   * @param tag BCP 47 tag; one that the platform does not know throws RangeError.
   * @param root the element that carries `lang` and `dir`, usually `document.documentElement`
   */
  use(tag: string, root?: { lang: string; dir: string }): void {
    const [canonical] = Intl.getCanonicalLocales(tag);
    this.#tag = canonical ?? 'en';
    if (root) {
      root.lang = this.#tag;
      root.dir = this.direction;
    }
  }
}

/** The page's language. One per page: a page speaks one language at a time. */
export const language = new Language();
