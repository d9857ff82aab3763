import type { Component, Snippet } from 'svelte';
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

let loading: Promise<Component<MenuBodyProps, object, 'open'>> | null = null;

/** Loads the behaviour of menus, once; a failed load is tried again the next time. */
export function loadMenuBody(): Promise<Component<MenuBodyProps, object, 'open'>> {
  loading ??= import('./MenuBody.svelte').then(
    (module) => module.default,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
