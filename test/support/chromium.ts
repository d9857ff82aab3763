import { type Browser, chromium } from 'playwright-core';
import { chromiumLaunch } from '../../scripts/chromium.mjs';

/**
 * Starts a headless Chromium. It may play sound without a click, as a wall in a control room is set up to; a test of the
 * blocked state passes `sound: false`.
 */
export function launchChromium({ sound = true }: { sound?: boolean } = {}): Promise<Browser> {
  return chromium.launch(chromiumLaunch({ sound }));
}
