import { normalize, type Platform } from './binding.ts';

/**
 * Keys that are not ours. Browsers: the published shortcut lists of Chrome, Edge, Firefox and Safari, for what a page can
 * not take or what people would miss. `Mod+K` is left out on purpose: every browser lets a page have it, and people of
 * such tools expect the palette there.
 */
const browser: Readonly<Record<Platform, readonly string[]>> = {
  other: [
    ...'ACDFGHJLNOPRSTUVWXYZ'.split('').map((letter) => `Mod+${letter}`),
    ...'0123456789'.split('').map((digit) => `Mod+${digit}`),
    ...'ABCDIJKMNOPQRSTVWYZ'.split('').map((letter) => `Mod+Shift+${letter}`),
    ...['Mod+Plus', 'Mod+-', 'Mod+=', 'Mod+Tab', 'Mod+Shift+Tab', 'Mod+PageUp', 'Mod+PageDown'],
    ...['Mod+Shift+Delete', 'Mod+Shift+Escape', 'Mod+Escape', 'Mod+Backspace', 'Mod+Delete', 'Mod+Home', 'Mod+End'],
    ...['Mod+ArrowLeft', 'Mod+ArrowRight', 'Mod+ArrowUp', 'Mod+ArrowDown'],
    ...['Alt+D', 'Alt+E', 'Alt+F', 'Alt+ArrowLeft', 'Alt+ArrowRight', 'Alt+Home', 'Alt+F4', 'Alt+Tab', 'Alt+Space'],
    ...['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12', 'Shift+F10', 'Alt+Enter'],
  ],
  mac: [
    ...'ACDFGHLMNOPQRSTVWXZ,'.split('').map((letter) => `Mod+${letter}`),
    ...'0123456789'.split('').map((digit) => `Mod+${digit}`),
    ...'ABCDGIJMNOPQRTVWZ345'.split('').map((letter) => `Mod+Shift+${letter}`),
    ...['Mod+Plus', 'Mod+-', 'Mod+=', 'Mod+Tab', 'Mod+Space', 'Mod+`', 'Mod+ArrowLeft', 'Mod+ArrowRight'],
    ...['Mod+ArrowUp', 'Mod+ArrowDown', 'Mod+[', 'Mod+]', 'Mod+Alt+I', 'Mod+Alt+J', 'Mod+Alt+U', 'Mod+Alt+C'],
    // The system's own text keys, which work in every field of a Mac.
    ...'ABDEFHKNOPTV'.split('').map((letter) => `Ctrl+${letter}`),
    ...['Ctrl+Tab', 'Ctrl+Space', 'Ctrl+ArrowUp', 'Ctrl+ArrowDown', 'Ctrl+ArrowLeft', 'Ctrl+ArrowRight'],
    ...['Alt+ArrowLeft', 'Alt+ArrowRight', 'F1', 'F5', 'F11', 'F12'],
  ],
};

/** Keys by which every page is operated without a mouse: taking them away would strand people. */
const operating = ['Tab', 'Shift+Tab', 'Enter', 'Space', 'Shift+Space', 'Escape', 'Insert', 'PageUp', 'PageDown'];

/**
 * Whether a stroke belongs to the browser, the system or a screen reader.
 * Screen readers: VoiceOver takes Ctrl+Alt with anything; JAWS and NVDA walk tables with Ctrl+Alt+arrows; Windows types
 * AltGr signs as Ctrl+Alt. Insert and Caps Lock are their own modifiers and never reach a page.
 */
function isReservedStroke(stroke: string, platform: Platform): boolean {
  const parts = new Set(stroke.split('+'));
  const control = platform === 'mac' ? parts.has('Ctrl') : parts.has('Mod');
  if (control && parts.has('Alt')) return true;
  if (parts.has('Meta')) return true;
  if (operating.includes(stroke)) return true;
  return browser[platform].some((taken) => normalize(taken, platform) === stroke);
}

/** Whether a canonical binding has a stroke that is not ours to take. */
export function isReserved(binding: string, platform: Platform): boolean {
  return binding.split(' ').some((stroke) => isReservedStroke(stroke, platform));
}
