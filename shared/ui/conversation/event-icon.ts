import CloseIcon from '@lucide/svelte/icons/archive';
import LowerIcon from '@lucide/svelte/icons/arrow-down-to-line';
import MoveIcon from '@lucide/svelte/icons/arrow-right-left';
import PlainIcon from '@lucide/svelte/icons/corner-down-right';
import HeardIcon from '@lucide/svelte/icons/ear';
import EyeIcon from '@lucide/svelte/icons/eye';
import HandIcon from '@lucide/svelte/icons/hand';
import JoinIcon from '@lucide/svelte/icons/log-in';
import LeaveIcon from '@lucide/svelte/icons/log-out';
import FurtherIcon from '@lucide/svelte/icons/megaphone';
import StartIcon from '@lucide/svelte/icons/message-square-plus';
import ClaimIcon from '@lucide/svelte/icons/user-check';
import AskIcon from '@lucide/svelte/icons/user-plus';
import type { Icon } from '../kind.ts';
import type { EventSign } from './event-words.ts';

/** The icon of each sign, as `design/README.md` gives them. */
export const eventIcons: Readonly<Record<EventSign, Icon>> = {
  help: HandIcon,
  heard: HeardIcon,
  lower: LowerIcon,
  eye: EyeIcon,
  claim: ClaimIcon,
  further: FurtherIcon,
  join: JoinIcon,
  leave: LeaveIcon,
  ask: AskIcon,
  move: MoveIcon,
  close: CloseIcon,
  start: StartIcon,
  plain: PlainIcon,
};
