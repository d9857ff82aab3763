import { catalogue } from '../../shared/ui/text/catalogue.ts';

/** The words of the settings page about channels. */
export const channelsText = catalogue({
  nav: 'Channels',
  title: 'Channels',
  lead: 'How customers come in, what each channel can do, and where help flags have to be switched on first.',
  'table.title': 'What each channel can do',
  'table.caption': 'What each channel can do, one column for each channel',
  'table.corner': 'Capability',
  'legacy.title': 'Legacy Chat: chat agent configuration',
  'legacy.lead':
    'On Legacy Chat an agent may raise a help flag only where it is switched on for one of their teams. It takes effect at once, on screens that are open too.',
  'legacy.table': 'Help flags on Legacy Chat by team',
  'legacy.team': 'Team',
  'legacy.agents': 'Agents',
  'legacy.flag': 'Help flag on Legacy Chat',
  'legacy.switch': 'Help flag on Legacy Chat, {team}',
  'legacy.count': { one: '{count} agent', other: '{count} agents' },
  'legacy.on': 'On',
  'legacy.off': 'Off',
  'legacy.failed': 'Not changed for {team}.',
  'none.title': 'There are no teams yet',
  'none.next': 'Make a team first; its agents can then have help flags on Legacy Chat.',
  'none.link': 'Go to Teams',
});
