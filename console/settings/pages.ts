import ConnectionsIcon from 'lucide/dist/esm/icons/cable.mjs';
import RulesIcon from 'lucide/dist/esm/icons/ear.mjs';
import MonitoringIcon from 'lucide/dist/esm/icons/eye.mjs';
import HandIcon from 'lucide/dist/esm/icons/hand.mjs';
import EscalationIcon from 'lucide/dist/esm/icons/megaphone.mjs';
import ChannelsIcon from 'lucide/dist/esm/icons/messages-square.mjs';
import PauseIcon from 'lucide/dist/esm/icons/octagon-pause.mjs';
import PeopleIcon from 'lucide/dist/esm/icons/user.mjs';
import TeamsIcon from 'lucide/dist/esm/icons/users.mjs';
import type { Component } from 'svelte';
import type { Permission } from '../../shared/contract/permission.ts';
import type { Live } from '../../shared/live/apply.ts';
import type { Icon } from '../../shared/ui/kind.ts';
import type { SettingsFloor } from './change.ts';
import { channelsText } from './channels-text.ts';
import { connectionsText } from './connections-text.ts';
import { escalationText } from './escalation-text.ts';
import { fallbackPageText } from './fallback-text.ts';
import { flagsText } from './help-flags-text.ts';
import { monitoringText } from './monitoring-text.ts';
import { rulesText } from './rules-text.ts';
import { settingsText as text } from './text.ts';

/** What every page of the settings is given. */
export interface PageProps {
  floor: SettingsFloor;
  live: Live;
}

/** One page of the settings: shown to whoever holds its permission, loaded when it is opened. */
export interface SettingsPage {
  /** Its place in the address: `#/settings/<name>`. */
  readonly name: string;
  readonly title: () => string;
  readonly icon: Icon;
  readonly permission: Permission;
  load(): Promise<{ readonly default: Component<PageProps> }>;
}

/** In the order of the rail. Adding a page is a file and an entry here; it touches no other. */
export const pages: readonly SettingsPage[] = [
  {
    name: 'people',
    title: () => text('nav.people'),
    icon: PeopleIcon,
    permission: 'person.manage',
    load: () => import('./People.svelte'),
  },
  {
    name: 'teams',
    title: () => text('nav.teams'),
    icon: TeamsIcon,
    permission: 'team.manage',
    load: () => import('./Teams.svelte'),
  },
  {
    name: 'channels',
    title: () => channelsText('nav'),
    icon: ChannelsIcon,
    permission: 'channel.manage',
    load: () => import('./Channels.svelte'),
  },
  {
    name: 'connections',
    title: () => connectionsText('nav'),
    icon: ConnectionsIcon,
    permission: 'channel.manage',
    load: () => import('./Connections.svelte'),
  },
  {
    name: 'help-flags',
    title: () => flagsText('title'),
    icon: HandIcon,
    permission: 'flag.manage',
    load: () => import('./HelpFlags.svelte'),
  },
  {
    name: 'rules',
    title: () => rulesText('title'),
    icon: RulesIcon,
    permission: 'flag.manage',
    load: () => import('./Rules.svelte'),
  },
  {
    name: 'escalation',
    title: () => escalationText('nav'),
    icon: EscalationIcon,
    permission: 'flag.manage',
    load: () => import('./Escalation.svelte'),
  },
  {
    name: 'monitoring',
    title: () => monitoringText('title'),
    icon: MonitoringIcon,
    permission: 'supervision.manage',
    load: () => import('./Monitoring.svelte'),
  },
  {
    name: 'fallback',
    title: () => fallbackPageText('title'),
    icon: PauseIcon,
    permission: 'flag.manage',
    load: () => import('./Fallback.svelte'),
  },
];
