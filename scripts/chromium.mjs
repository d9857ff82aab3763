/** The Chromium that tests and bench drive. Node's own modules only. */
import { existsSync } from 'node:fs';
import { findProgram } from './prepare.mjs';

/**
 * Names of the program, the headless shell first: the whole browser also draws its own toolbar, as a page of its own, for every
 * window that opens.
 */
export const chromiumNames = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
/** Debian's package of the first of them. */
export const chromiumPackage = 'chromium-headless-shell';

/**
 * How to start it, for Playwright; HALYARD_TEST_CHROMIUM names another program.
 * @param {{ sound: boolean }} options sound: it may play without a click, as a wall in a control room is set up to
 * @throws where none is installed
 */
export function chromiumLaunch({ sound }) {
  const executablePath =
    process.env.HALYARD_TEST_CHROMIUM ??
    chromiumNames.map((name) => findProgram(name, existsSync)).find((path) => path !== null);
  if (!executablePath) throw new Error(`Chromium is not installed; on Debian: apt-get install ${chromiumPackage}`);
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];
  if (sound) args.push('--autoplay-policy=no-user-gesture-required');
  return { executablePath, args };
}
