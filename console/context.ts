import { createContext } from 'svelte';
import type { DesktopNotice } from '../shared/ui/alert/desktop-notice.svelte.ts';
import type { Sound } from '../shared/ui/alert/sound.svelte.ts';
import type { Attention } from '../shared/ui/conversation/attention.svelte.ts';
import type { Drafts } from '../shared/ui/conversation/draft.ts';
import type { Theme } from '../shared/ui/theme.svelte.ts';
import type { Actions } from './actions.ts';
import type { Alerts } from './alerts.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { TranscriptShelf } from './shelf.ts';

/** What the parts of the console share; made once by `Desk.svelte`. */
export interface Console {
  readonly desk: Desk;
  readonly actions: Actions;
  readonly alerts: Alerts;
  readonly attention: Attention;
  readonly drafts: Drafts;
  readonly shelf: TranscriptShelf;
  readonly sound: Sound;
  readonly notice: DesktopNotice;
  readonly theme: Theme;
  /** Puts the cursor into the reply of the open conversation, once it stands. */
  readonly focusReply: () => void;
  readonly openPalette: () => void;
  readonly openSheet: () => void;
  readonly signOut: () => void;
}

export const [useConsole, provideConsole] = createContext<Console>();
