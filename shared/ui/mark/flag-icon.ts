import SeenIcon from '@lucide/svelte/icons/eye';
import RaisedIcon from '@lucide/svelte/icons/hand';
import ClaimedIcon from '@lucide/svelte/icons/user-check';
import JoinedIcon from '@lucide/svelte/icons/users';
import type { FlagState, Icon } from '../kind.ts';

/** The icon of each state of a help flag. A pennant is never one of them: that is the review flag. */
export const flagIcons: Readonly<Record<FlagState, Icon>> = {
  raised: RaisedIcon,
  seen: SeenIcon,
  claimed: ClaimedIcon,
  joined: JoinedIcon,
};
