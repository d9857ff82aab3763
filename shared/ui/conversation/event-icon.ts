import CloseIcon from 'lucide/dist/esm/icons/archive.mjs';
import LowerIcon from 'lucide/dist/esm/icons/arrow-down-to-line.mjs';
import MoveIcon from 'lucide/dist/esm/icons/arrow-right-left.mjs';
import PlainIcon from 'lucide/dist/esm/icons/corner-down-right.mjs';
import HeardIcon from 'lucide/dist/esm/icons/ear.mjs';
import EyeIcon from 'lucide/dist/esm/icons/eye.mjs';
import HandIcon from 'lucide/dist/esm/icons/hand.mjs';
import JoinIcon from 'lucide/dist/esm/icons/log-in.mjs';
import LeaveIcon from 'lucide/dist/esm/icons/log-out.mjs';
import FurtherIcon from 'lucide/dist/esm/icons/megaphone.mjs';
import StartIcon from 'lucide/dist/esm/icons/message-square-plus.mjs';
import ClaimIcon from 'lucide/dist/esm/icons/user-check.mjs';
import AskIcon from 'lucide/dist/esm/icons/user-plus.mjs';
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
