import { catalogue } from '../../shared/ui/text/catalogue.ts';

/** What the console says of the ledger outside of its page: loaded with the console. */
export const hereText = catalogue({
  title: 'Who has been here',
  go: 'Go to Who has been here',
  'told.strong': '{who} watched',
  'told.text': 'your conversation with {customer} for {long}, until {until}.',
  'told.text.nobody': 'your conversation for {long}, until {until}.',
  'told.said': '{who} watched your conversation for {long}, until {until}',
});
