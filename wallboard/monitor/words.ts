import { catalogue } from '../../shared/ui/text/catalogue.ts';

/** What the Monitor drawer says: loaded with it. */
export const monitorText = catalogue({
  'monitor.heading': '{agent} with {customer}',
  'monitor.watching': 'You monitor silently.',
  'monitor.watching.who': '{agent} sees that you watch, {customer} does not.',
  'monitor.joined': 'You are in the conversation.',
  'monitor.joined.who': '{customer} sees your name and your lines.',
  'monitor.chat': 'Side chat only.',
  'monitor.chat.who': 'You do not watch. What you write reaches {agent} alone.',
  'monitor.ended': 'This session has ended.',
  'monitor.ended.who': 'Its transcript and side chat stay readable here.',
  'monitor.mine': 'You serve {customer} now.',
  'monitor.mine.who': 'The conversation is in your inbox.',
  'monitor.mine.open': 'Open in the console',
  'monitor.join': 'Join conversation',
  'monitor.over': 'Take over',
  'monitor.over.going': 'Taking over',
  'monitor.leave': 'Leave',
  'monitor.start': 'Monitor',
  'monitor.cannot': 'Join to write to {customer}. Until then you write to {agent} only.',
  'monitor.see.title': 'You do not watch this conversation',
  'monitor.see': 'Monitor to read what {customer} and {agent} write. {agent} will see that you watch.',
  'monitor.tab.talk': 'Conversation',
  'monitor.tab.side': 'Side chat',
  'monitor.panes': 'Parts of the drawer',
  'monitor.gone': 'This conversation is not to be seen any more',
  'monitor.asks': 'Asks you to join.',
  'monitor.over.title': 'Take over from {agent}?',
  'monitor.over.why':
    '{agent}’s session ends, the flag goes down as taken over, and {customer} is told that you help from now on. It cannot be undone; you can transfer the conversation back.',
  'monitor.also': 'Also here: {list}.',
});
