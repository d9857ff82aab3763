import SeenIcon from 'lucide/dist/esm/icons/eye.mjs';
import RaisedIcon from 'lucide/dist/esm/icons/hand.mjs';
import ClaimedIcon from 'lucide/dist/esm/icons/user-check.mjs';
import JoinedIcon from 'lucide/dist/esm/icons/users.mjs';
import type { FlagState, Icon } from '../kind.ts';

/** The icon of each state of a help flag. A pennant is never one of them: that is the review flag. */
export const flagIcons: Readonly<Record<FlagState, Icon>> = {
  raised: RaisedIcon,
  seen: SeenIcon,
  claimed: ClaimedIcon,
  joined: JoinedIcon,
};
