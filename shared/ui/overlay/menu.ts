import type { Icon } from '../kind.ts';

/** One thing that can be chosen. */
export interface MenuChoice {
  readonly label: string;
  readonly icon?: Icon | undefined;
  /** Binding that does the same elsewhere; shown as a keycap. */
  readonly keys?: string | undefined;
  readonly hint?: string | undefined;
  readonly tone?: 'plain' | 'danger' | undefined;
  /** Makes it one of several that stand: a check shows which. */
  readonly checked?: boolean | undefined;
  /** Why it can not be chosen now. */
  readonly refused?: string | undefined;
  run(): void;
}

/** A choice, a heading of what follows, or a hairline. */
export type MenuEntry = MenuChoice | { readonly heading: string } | 'line';
