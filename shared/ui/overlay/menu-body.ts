import type { Component, Snippet } from 'svelte';
import { once } from '../later.ts';
import type { MenuEntry } from './menu.ts';

export interface MenuBodyProps {
  label: string;
  items: readonly MenuEntry[];
  open?: boolean | undefined;
  align?: 'start' | 'end' | undefined;
  side?: 'bottom' | 'top' | undefined;
  trigger: Snippet<[Record<string, unknown>]>;
  /** The keyboard opened it before it stood: the focus goes on to the first choice, as it does later by itself. */
  walk: boolean;
}

/** Loads the behaviour of menus, once. */
export const loadMenuBody: () => Promise<Component<MenuBodyProps, object, 'open'>> = once(() =>
  import('./MenuBody.svelte').then((module) => module.default),
);
