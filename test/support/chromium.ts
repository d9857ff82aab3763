import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The headless shell first: the whole browser also draws its toolbar, as a page of its own, for every window that opens. */
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Path of the installed Chromium; HALYARD_TEST_CHROMIUM names another one. */
export function chromiumPath(): string {
  const path = process.env.HALYARD_TEST_CHROMIUM ?? places.find((place) => existsSync(place));
  if (!path) throw new Error('Chromium is not installed; on Debian: apt-get install chromium-headless-shell');
  return path;
}

/**
 * Starts a headless Chromium. It may play sound without a click, as a wall in a control room is set up to; a test of the
 * blocked state passes `sound: false`.
 */
export function launchChromium({ sound = true }: { sound?: boolean } = {}): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
  if (sound) args.push('--autoplay-policy=no-user-gesture-required');
  return chromium.launch({ executablePath: chromiumPath(), args });
}
