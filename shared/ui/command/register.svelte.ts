import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import {
  ariaKeys,
  hasCharacter,
  hasModifier,
  type KeyPress,
  keycaps,
  normalize,
  type Platform,
  strokeOf,
  thisPlatform,
} from './binding.ts';
import { isReserved } from './reserved.ts';

/** Something a person can do, known once and reached by palette, key, menu and button. */
export interface Command {
  /** Stable name, for example `flag.raise`: remapped keys are remembered under it. */
  readonly id: string;
  /** What it does, as an order: "Raise a flag". */
  readonly title: string;
  /** Heading in the palette and on the sheet. */
  readonly group: string;
  /** Default keys outside text fields: `T`, `Shift+F`, `g i`, `Mod+K`. */
  readonly keys?: string | undefined;
  /** A second binding for the middle of a text; needs Mod, Ctrl or Alt. (`keys` with such a modifier work there too.) */
  readonly chord?: string | undefined;
  /** More words by which the palette finds it. */
  readonly words?: readonly string[] | undefined;
  /** Whether its keys work while a modal dialog is open; otherwise they rest. */
  readonly withinDialog?: boolean | undefined;
  /** Not listed in the palette (moving a cursor, closing): the sheet still shows it. */
  readonly silent?: boolean | undefined;
  /** Whether it can be done now; left out means always. */
  readonly when?: (() => boolean) | undefined;
  run(): void | Promise<void>;
}

export type Slot = 'keys' | 'chord';

/** Why a new binding was not taken. */
export type Refusal =
  | { readonly why: 'invalid' | 'reserved' | 'modifier' }
  | { readonly why: 'taken'; readonly by: Command };

export interface CommandEnvironment {
  readonly platform: Platform;
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  /** Whether a modal dialog stands on the page. */
  readonly modal: () => boolean;
}

interface Remembered {
  readonly letters: boolean;
  readonly keys: Readonly<Record<string, string | null>>;
}

/** How long the second key of a sequence may take, in ms of the events' own clock. */
const sequenceTime = 1200;
const place = 'halyard.keys';

function browserEnvironment(): CommandEnvironment {
  return {
    platform: thisPlatform(),
    storage: typeof localStorage === 'undefined' ? undefined : localStorage,
    modal: () => document.querySelector('[aria-modal="true"]') !== null,
  };
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== 'object' || value === null || !('letters' in value) || !('keys' in value)) return false;
  const { letters, keys } = value;
  if (typeof letters !== 'boolean' || typeof keys !== 'object' || keys === null) return false;
  return Object.values(keys).every((one) => one === null || typeof one === 'string');
}

function recall(storage: CommandEnvironment['storage']): Remembered {
  try {
    const value: unknown = JSON.parse(storage?.getItem(place) ?? 'null');
    if (isRemembered(value)) return value;
  } catch {
    // Storage that is closed, or was written by something else: start from the defaults.
  }
  return { letters: true, keys: {} };
}

const noText = new Set(['button', 'checkbox', 'radio', 'range', 'submit', 'reset', 'color', 'file', 'image']);

/** Whether keys typed at this target are text, or choose in an open menu by first letter. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return !noText.has(target.type);
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  return target.closest('[role="menu"], [role="textbox"], [role="combobox"], [data-select-content]') !== null;
}

/** The one register of commands of a page: palette, sheet, menus, tooltips and keys all read it. */
export class CommandRegister {
  #environment: CommandEnvironment;
  #commands = new SvelteMap<string, Command[]>();
  #own = new SvelteMap<string, string | null>();
  #letters = $state(true);
  #prefix: { stroke: string; at: number } | undefined;

  constructor(environment: CommandEnvironment = browserEnvironment()) {
    this.#environment = environment;
    const remembered = recall(environment.storage);
    this.#letters = remembered.letters;
    for (const [slot, keys] of Object.entries(remembered.keys)) this.#own.set(slot, keys);
  }

  get platform(): Platform {
    return this.#environment.platform;
  }

  /** Whether keys that type characters are commands. Off by the person's choice (WCAG 2.1.4), and remembered. */
  get singleLetters(): boolean {
    return this.#letters;
  }

  set singleLetters(on: boolean) {
    this.#letters = on;
    this.#remember();
  }

  /** Every command, in order of group and arrival; of several under one id the newest. */
  get all(): Command[] {
    const found: Command[] = [];
    for (const stack of this.#commands.values()) {
      const newest = stack.at(-1);
      if (newest) found.push(newest);
    }
    return found;
  }

  /** What can be done now and belongs in the palette. */
  get available(): Command[] {
    return this.all.filter((command) => !command.silent && (command.when?.() ?? true));
  }

  find(id: string): Command | undefined {
    return this.#commands.get(id)?.at(-1);
  }

  /**
   * Adds commands. A second command under an id covers the first one until it is removed: a drawer may take over a key.
   * @returns removes exactly these
   * @throws RangeError where a default binding is no binding, or a chord has no modifier: a mistake in the code
   */
  add(commands: Command | readonly Command[]): () => void {
    const added = Array.isArray(commands) ? commands : [commands];
    for (const command of added) {
      for (const slot of ['keys', 'chord'] as const) {
        const binding = command[slot];
        if (binding === undefined) continue;
        const refusal = this.#inspect(slot, binding);
        if (refusal) throw new RangeError(`${command.id}: ${slot} "${binding}" is ${refusal}.`);
      }
      this.#commands.set(command.id, [...(this.#commands.get(command.id) ?? []), command]);
    }
    return () => {
      for (const command of added) {
        const rest = (this.#commands.get(command.id) ?? []).filter((one) => one !== command);
        if (rest.length > 0) this.#commands.set(command.id, rest);
        else this.#commands.delete(command.id);
      }
    };
  }

  /** The keys that work now, canonical; undefined for none or for letters that are switched off. */
  keysOf(id: string, slot: Slot = 'keys'): string | undefined {
    const binding = this.bindingOf(id, slot);
    return binding !== undefined && !this.#letters && hasCharacter(binding) ? undefined : binding;
  }

  /** The keys that a command has by default or by remapping, even while letters are off. */
  bindingOf(id: string, slot: Slot = 'keys'): string | undefined {
    const own = this.#own.get(`${id} ${slot}`);
    if (own !== undefined) return own ?? undefined;
    const binding = this.find(id)?.[slot];
    return binding === undefined ? undefined : normalize(binding, this.platform);
  }

  /** Keycaps of a command, one text a stroke; empty for none. */
  capsOf(id: string, slot: Slot = 'keys'): string[] {
    const binding = this.keysOf(id, slot);
    return binding === undefined ? [] : keycaps(binding, this.platform);
  }

  /** `aria-keyshortcuts` of a command's button. */
  ariaOf(id: string): string | undefined {
    const binding = this.keysOf(id);
    return binding === undefined ? undefined : ariaKeys(binding, this.platform);
  }

  /** Gives a command other keys, or none (null); remembered for this browser. @returns why not, where not */
  rebind(id: string, slot: Slot, binding: string | null): Refusal | undefined {
    if (binding !== null) {
      const why = this.#inspect(slot, binding);
      if (why) return { why };
      const by = this.#holder(id, slot, normalize(binding, this.platform) ?? binding);
      if (by) return { why: 'taken', by };
    }
    this.#own.set(`${id} ${slot}`, binding === null ? null : (normalize(binding, this.platform) ?? null));
    this.#remember();
    return undefined;
  }

  /** Back to the defaults, for all commands. */
  reset(): void {
    this.#own.clear();
    this.#letters = true;
    this.#remember();
  }

  get changed(): boolean {
    return this.#own.size > 0 || !this.#letters;
  }

  /** Does a command if it can be done now. @returns whether it was done */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || !(command.when?.() ?? true)) return false;
    void command.run();
    return true;
  }

  /** Listens to keys. @returns stops listening */
  attach(target: EventTarget): () => void {
    const listen = (event: Event): void => {
      if (event instanceof KeyboardEvent) this.handle(event);
    };
    target.addEventListener('keydown', listen);
    return () => target.removeEventListener('keydown', listen);
  }

  /** Finds the command of a key press, does it and keeps the key from the page. @returns whether there was one */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.repeat || event.getModifierState('AltGraph')) return false;
    const command = this.match(event, takesText(event.target), event.timeStamp);
    if (command === undefined) return false;
    event.preventDefault();
    if (command !== 'prefix') void command.run();
    return true;
  }

  /**
   * The command of a key press, or `prefix` for the first key of a sequence.
   * @param inText whether the key would type into a field: then only keys with Mod, Ctrl or Alt count
   * @param at instant of the press in ms, on any clock that grows
   */
  match(press: KeyPress, inText: boolean, at: number): Command | 'prefix' | undefined {
    const stroke = strokeOf(press, this.platform);
    if (stroke === undefined) return undefined;
    const before = this.#prefix;
    this.#prefix = undefined;
    if (inText) return hasModifier(stroke) ? (this.#bound('chord', stroke) ?? this.#bound('keys', stroke)) : undefined;
    if (before && at - before.at <= sequenceTime) {
      const second = this.#bound('keys', `${before.stroke} ${stroke}`);
      if (second) return second;
    }
    const found = this.#bound('keys', stroke) ?? this.#bound('chord', stroke);
    if (found) return found;
    if (!this.#usable().some((command) => this.keysOf(command.id)?.startsWith(`${stroke} `))) return undefined;
    this.#prefix = { stroke, at };
    return 'prefix';
  }

  #usable(): Command[] {
    const modal = this.#environment.modal();
    return this.all.filter((command) => (command.withinDialog || !modal) && (command.when?.() ?? true));
  }

  #bound(slot: Slot, binding: string): Command | undefined {
    return this.#usable().findLast((command) => this.keysOf(command.id, slot) === binding);
  }

  #inspect(slot: Slot, binding: string): 'invalid' | 'reserved' | 'modifier' | undefined {
    const canonical = normalize(binding, this.platform);
    if (canonical === undefined || canonical.split(' ').length > 2) return 'invalid';
    if (slot === 'chord' && (canonical.includes(' ') || !hasModifier(canonical))) return 'modifier';
    return isReserved(canonical, this.platform) && canonical !== 'Escape' ? 'reserved' : undefined;
  }

  /** Another command under these keys, or one that could no longer be reached (`g` covers `g i`). */
  #holder(id: string, slot: Slot, binding: string): Command | undefined {
    return this.all.find((command) =>
      (['keys', 'chord'] as const).some((other) => {
        if (command.id === id && other === slot) return false;
        const theirs = this.bindingOf(command.id, other);
        if (theirs === undefined) return false;
        return theirs === binding || theirs.startsWith(`${binding} `) || binding.startsWith(`${theirs} `);
      }),
    );
  }

  #remember(): void {
    const value: Remembered = { letters: this.#letters, keys: Object.fromEntries(this.#own) };
    try {
      this.#environment.storage?.setItem(place, JSON.stringify(value));
    } catch {
      // A full or closed storage: the choice holds for this page.
    }
  }
}

export const [useCommands, provideCommands] = createContext<CommandRegister>();
