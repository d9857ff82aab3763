/** The two ways in which keyboards differ for us: Mod is Cmd on a Mac, Ctrl elsewhere. */
export type Platform = 'mac' | 'other';

/** The part of a KeyboardEvent that a binding looks at. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const order = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'] as const;
type Modifier = (typeof order)[number];

interface Stroke {
  readonly modifiers: ReadonlySet<Modifier>;
  readonly key: string;
}

const named: Readonly<Record<string, string>> = {
  esc: 'Escape',
  escape: 'Escape',
  enter: 'Enter',
  return: 'Enter',
  space: 'Space',
  ' ': 'Space',
  tab: 'Tab',
  delete: 'Delete',
  backspace: 'Backspace',
  home: 'Home',
  end: 'End',
  pageup: 'PageUp',
  pagedown: 'PageDown',
  insert: 'Insert',
  arrowup: 'ArrowUp',
  arrowdown: 'ArrowDown',
  arrowleft: 'ArrowLeft',
  arrowright: 'ArrowRight',
  plus: 'Plus',
  '+': 'Plus',
};

/** Which platform this page runs on. */
export function thisPlatform(): Platform {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform) ? 'mac' : 'other';
}

function canonicalKey(raw: string): string | undefined {
  const name = named[raw.toLowerCase()];
  if (name) return name;
  if (/^f([1-9]|1[0-2])$/i.test(raw)) return raw.toUpperCase();
  return [...raw].length === 1 ? raw.toUpperCase() : undefined;
}

function isLetter(key: string): boolean {
  return [...key].length === 1 && key.toLowerCase() !== key.toUpperCase();
}

function write(stroke: Stroke): string {
  return [...order.filter((modifier) => stroke.modifiers.has(modifier)), stroke.key].join('+');
}

function readStroke(text: string, platform: Platform): Stroke | undefined {
  const parts = text.split('+');
  const key = canonicalKey(parts.pop() ?? '');
  if (!key) return undefined;
  const modifiers = new Set<Modifier>();
  for (const part of parts) {
    const modifier = order.find((one) => one.toLowerCase() === part.toLowerCase());
    if (!modifier) return undefined;
    // One name for one key: outside a Mac, Ctrl is Mod; on a Mac, Cmd is.
    if (modifier === 'Ctrl' && platform === 'other') modifiers.add('Mod');
    else if (modifier === 'Meta' && platform === 'mac') modifiers.add('Mod');
    else modifiers.add(modifier);
  }
  return { modifiers, key };
}

/**
 * Brings a binding into its one canonical form: `shift+f` is `Shift+F`, `ctrl+k` is `Mod+K` outside a Mac, `g i` is `G I`.
 * @returns undefined where the text is not a binding
 */
export function normalize(binding: string, platform: Platform): string | undefined {
  const strokes = binding
    .trim()
    .split(/\s+/)
    .map((text) => readStroke(text, platform));
  const written: string[] = [];
  for (const stroke of strokes) {
    if (!stroke) return undefined;
    written.push(write(stroke));
  }
  return written.join(' ');
}

/**
 * The stroke that was pressed, in canonical form; undefined for a modifier alone, a dead key or AltGr.
 * Punctuation carries its Shift in itself (`?`), letters and named keys do not. A layout without Latin letters, and Alt on
 * a Mac (which types signs), fall back to the place of the key.
 */
export function strokeOf(press: KeyPress, platform: Platform): string | undefined {
  const place = /^Key([A-Z])$/.exec(press.code)?.[1] ?? /^Digit(\d)$/.exec(press.code)?.[1];
  const single = [...press.key].length === 1;
  const foreign = single && press.key.charCodeAt(0) > 0x7f;
  const useDigitPlace = press.altKey && place !== undefined;
  const raw = (foreign && place !== undefined) || useDigitPlace ? place : press.key;
  const key = canonicalKey(raw);
  if (!key) return undefined;
  const modifiers = new Set<Modifier>();
  if (press.ctrlKey) modifiers.add(platform === 'mac' ? 'Ctrl' : 'Mod');
  if (press.metaKey) modifiers.add(platform === 'mac' ? 'Mod' : 'Meta');
  if (press.altKey) modifiers.add('Alt');
  const carriesShift = isLetter(key) || key.length > 1 || raw !== press.key;
  if (press.shiftKey && carriesShift) modifiers.add('Shift');
  return write({ modifiers, key });
}

/** Whether a canonical stroke types a character (WCAG 2.1.4: letters of both cases, digits, punctuation). */
export function isCharacter(stroke: string): boolean {
  const key = stroke.slice(stroke.lastIndexOf('+') + 1);
  if (hasModifier(stroke)) return false;
  return [...key].length === 1 || key === 'Space' || key === 'Plus';
}

/** Whether a canonical stroke holds a key that types nothing (Shift alone does not count). */
export function hasModifier(stroke: string): boolean {
  return /(^|\+)(Mod|Ctrl|Meta|Alt)\+/.test(stroke);
}

/** Whether any stroke of a canonical binding types a character: such a binding can be switched off. */
export function hasCharacter(binding: string): boolean {
  return binding.split(' ').some(isCharacter);
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Meta: '⌘', Alt: '⌥', Shift: '⇧' };
const otherSigns: Readonly<Record<string, string>> = { Mod: 'Ctrl', Ctrl: 'Ctrl', Meta: 'Win', Alt: 'Alt', Shift: '⇧' };
const keySigns: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
  Plus: '+',
  Backspace: '⌫',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** What stands on the keycaps, one text a stroke: `['⇧ F']`, `['Ctrl K']`, `['G', 'I']`. */
export function keycaps(binding: string, platform: Platform): string[] {
  const canonical = normalize(binding, platform);
  if (!canonical) return [];
  const signs = platform === 'mac' ? macSigns : otherSigns;
  return canonical.split(' ').map((stroke) => {
    const parts = stroke.split('+');
    const key = parts.pop() ?? '';
    return [...parts.map((part) => signs[part] ?? part), keySigns[key] ?? key].join(' ');
  });
}

const ariaNames: Readonly<Record<string, string>> = { Mod: 'Control', Ctrl: 'Control', Plus: '+', Space: 'Space' };

/** Value of `aria-keyshortcuts`; undefined for sequences, which the attribute can not say. */
export function ariaKeys(binding: string, platform: Platform): string | undefined {
  const canonical = normalize(binding, platform);
  if (!canonical || canonical.includes(' ')) return undefined;
  return canonical
    .split('+')
    .map((part) => (part === 'Mod' && platform === 'mac' ? 'Meta' : (ariaNames[part] ?? part)))
    .join('+');
}
