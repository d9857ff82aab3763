import { catalogue } from '../text/catalogue.ts';

/** What a channel can do, in a few words each: as one line beside a conversation, and as cells of a table of all channels. */
export const channelText = catalogue({
  'line.label': 'What {channel} can do',
  'line.flag': 'Help flag',
  'line.flag.off': 'No help flag: not switched on for the agent’s team',
  'line.flag.team': 'Help flag where the team has it switched on',
  'line.side.two-way': 'Side chat both ways',
  'line.side.one-way': 'Side chat from the agent only',
  'line.join': 'A supervisor can join',
  'line.join.not': 'No supervisor can join',
  'line.ends': 'Ends when the customer leaves',
  'line.stays': 'Stays when the customer leaves',
  'line.delivery': 'Delivery marks',

  'cell.helpFlag': 'Help flag',
  'cell.helpFlag.always': 'Always',
  'cell.helpFlag.by-team': 'Per team',
  'cell.flagPlace': 'Flag button',
  'cell.flagPlace.interaction-pane': 'Interaction pane',
  'cell.flagPlace.conversation': 'Conversation',
  'cell.sideChat': 'Side chat',
  'cell.sideChat.two-way': 'Both ways',
  'cell.sideChat.one-way': 'Agent only',
  'cell.join': 'Supervisor can join',
  'cell.endsWithCustomer': 'When the customer leaves',
  'cell.endsWithCustomer.true': 'Ends',
  'cell.endsWithCustomer.false': 'Stays',
  'cell.delivery': 'Delivery marks',
  'cell.typing': 'Typing marks',
  'cell.true': 'Yes',
  'cell.false': 'No',
});
