import { catalogue } from '../text/catalogue.ts';

/** How far a line has come on its way to a customer of a messaging channel, and why it has not. */
export const deliveryText = catalogue({
  waiting: 'Waiting to be sent',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  delayed: 'Not sent yet: {why}. Next try {when}',
  'delayed.now': 'Not sent yet: {why}. Trying again',
  failed: 'Not delivered: {why}',
  again: 'Try again',

  'fault.unreachable': 'the other side cannot be reached',
  'fault.timeout': 'the other side did not answer in time',
  'fault.refused_address': 'the connection points to a private address',
  'fault.answered_3xx': 'the other side sent us elsewhere',
  'fault.answered_4xx': 'the other side refused it',
  'fault.answered_5xx': 'the other side had a fault',
  'fault.gone': 'the other side is gone',
  'fault.not_reached': 'it did not reach the customer',
  'fault.rejected': 'the other side will not take it',
});
