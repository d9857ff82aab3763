import type axeCore from 'axe-core';
import { source } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

declare global {
  interface Window {
    axe?: typeof axeCore;
  }
}

/** Something that axe finds wrong with one element. */
export interface Fault {
  /** The rule, as `color-contrast`. */
  readonly id: string;
  /** Selector of the element; through frames, one after the other. */
  readonly at: string;
  /** The element's own line of the document. */
  readonly html: string;
}

export interface Look {
  /** Selector of the part to look at; the whole page, frames in it too, by default. */
  readonly within?: string | undefined;
  /** These rules alone. */
  readonly rules?: readonly string[];
  /** The rules of these tags alone, as `wcag2aa`. */
  readonly tags?: readonly string[];
}

/** A document keeps axe for its life: half a megabyte is not sent again for every look. */
async function ensureAxe(frame: Frame): Promise<void> {
  if (await frame.evaluate(() => window.axe === undefined)) await frame.evaluate(source);
}

/**
 * What axe finds on a page as it stands. Frames have to be of the page's own origin. All rules, those of good practice too,
 * unless rules or tags are named.
 */
export async function axeFinds(page: Page, { within, rules, tags }: Look = {}): Promise<Fault[]> {
  await Promise.all(page.frames().map(ensureAxe));
  const only = rules
    ? { type: 'rule' as const, values: [...rules] }
    : tags && { type: 'tag' as const, values: [...tags] };
  return page.evaluate(
    async ({ within, only }) => {
      if (window.axe === undefined) throw new Error('axe is not in the page');
      const options: axeCore.RunOptions = { resultTypes: ['violations'], ...(only && { runOnly: only }) };
      const { violations } = await window.axe.run(within === undefined ? document : { include: [within] }, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => ({ id, at: target.flat().join(' '), html: html.slice(0, 200) })),
      );
    },
    { within, only },
  );
}
