import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { axeClean } from '../support/people.ts';

/** `npm run proof`: every width and writing direction, not only the desk and the phone. */
export const proof = process.env.HALYARD_PROOF === '1';

/** Themes that a look at every part goes through; what the suite looks at in dark are the real screens in their states. */
export const themes = proof ? (['light', 'dark'] as const) : (['light'] as const);

/** A bound in real time: the goal's figure where nothing else runs, widened beside other tests on two cores. */
export const within = (ms: number): number => (proof ? ms : ms * 3);

const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const more = [
  { width: 1920, height: 1080 },
  { width: 1024, height: 768 },
];

/** What axe finds on the way through a story; the suite has it look at each screen once, where that screen is the matter. */
export async function axeOnTheWay(page: Page, where: string): Promise<void> {
  if (proof) await axeClean(page, where);
}

/**
 * Nothing that axe finds and nothing that sticks out sideways, at a desk and on a phone, in light and dark. The suite has axe
 * look at the desk, where dark changes nothing but colours; the proof looks at everything in both. Leaves the page as it
 * was: light, at a desk.
 */
export async function clean(page: Page, where: string): Promise<void> {
  for (const size of proof ? [desk, ...more, phone] : [desk, phone]) {
    await page.setViewportSize(size);
    for (const direction of proof ? ['ltr', 'rtl'] : ['ltr']) {
      await page.evaluate((dir) => {
        document.documentElement.dir = dir;
      }, direction);
      const look = `${where}, ${size.width} ${direction}`;
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide, `${look}: px too wide`).toBeLessThanOrEqual(0);
      if (!proof && size !== desk) continue;
      await axeClean(page, `${look}, light`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await axeClean(page, `${look}, dark`, proof ? [] : ['color-contrast']);
      await page.emulateMedia({ colorScheme: 'light' });
    }
  }
  await page.evaluate(() => {
    document.documentElement.dir = 'ltr';
  });
  await page.setViewportSize(desk);
}
