/**
 * The words of the widget, in English. A language is one more object of this shape; what it leaves out is said in English.
 * `{name}` stands for a parameter; an entry with `other` is chosen by the parameter `count` (`Intl.PluralRules`).
 */
export const english = {
  'chat.title': 'Chat',
  'chat.with': 'Chat with {organisation}',
  'chat.waiting': 'Finding someone for you',
  'chat.helping': 'Here to help',
  'chat.joined': '{name}, supervisor, has joined',
  'chat.ended': 'This chat has ended',
  'chat.options': 'Chat options',
  'chat.minimise': 'Minimise',
  'chat.messages': 'Messages',
  'chat.loading': 'Loading your chat',
  'chat.demo': 'Demo',

  'start.title': 'How can we help?',
  'start.words': 'Write what it is about. A person answers here, usually within a few minutes.',
  'start.name': 'Your name',
  'start.message': 'Your message',
  'start.submit': 'Start the chat',
  'start.name.missing': 'Write a name that we may call you by.',
  'start.message.missing': 'Write what it is about.',
  'start.leaving': 'This chat ends when you close the page.',
  'start.consent':
    'We keep your name and what is written here, so that we can help you now and look it up later. This chat is not recorded in any other way.',

  'queue.title': 'You are in the queue',
  'queue.words': 'Someone will answer here. You may close this window and come back: the chat stays.',
  'queue.leaving': 'Someone will answer here. This chat ends when you close the page.',
  'queue.since': 'Waiting {time}',

  'notice.serving': '{name} is helping you',
  'notice.joined': '{name} joined',
  'notice.joined.words': 'Supervisor of {helps}. Both can read and write here.',
  'notice.joined.alone': 'Supervisor. Can read and write here.',
  'notice.left': '{name} left',
  'notice.left.words': '{helps} is still here for you.',
  'notice.queued': 'Placed in the queue',
  'notice.closed': 'This chat has ended',

  'line.you': 'You',
  'line.supervisor': 'Supervisor',
  'line.sending': 'Sending',
  'line.offline': 'Will be sent when the connection is back',
  'line.failed': 'Not sent.',
  'line.again': 'Try again',
  'line.again-new': 'Start a new chat with this',
  'line.remove': 'Remove',
  'line.new': { one: '{count} new message', other: '{count} new messages' },
  'typing.one': '{name} is writing',

  'write.label': 'Message',
  'write.placeholder': 'Write a message',
  'write.form': 'Write a message',
  'write.send': 'Send',
  'write.left': { one: '{count} character left', other: '{count} characters left' },
  'write.over': { one: '{count} character too long', other: '{count} characters too long' },

  'foot.recording': 'Recording: no',
  'foot.download': 'Download transcript',

  'link.lost': 'Reconnecting',
  'link.lost.words': 'What you write is kept and sent afterwards.',
  'link.slow': 'Connecting takes longer than usual. What you write is kept and sent afterwards.',
  'link.again': 'Try now',
  'link.refused': 'The chat is not available here',

  'menu.sound': 'Sound for new messages',
  'menu.download': 'Download transcript',
  'menu.end': 'End chat',

  'end.title': 'End this chat?',
  'end.words':
    'Nobody will answer here any more. You can still read and download what was written, and start a new chat.',
  'end.cancel': 'Keep chatting',
  'end.confirm': 'End chat',
  'end.ending': 'Ending the chat',
  'ended.words': 'Thank you for writing to us.',
  'ended.leaving': 'A chat here ends when you close the page.',
  'ended.new': 'Start a new chat',

  'transcript.title': 'Chat with {organisation}',
  'transcript.file': 'chat-{date}.txt',
  'transcript.at': 'Written out on {time}',
} as const;

export type Word =
  | string
  | {
      readonly one?: string;
      readonly two?: string;
      readonly few?: string;
      readonly many?: string;
      readonly zero?: string;
      readonly other: string;
    };
export type WordKey = keyof typeof english;
export type Language = { readonly [Key in WordKey]?: Word };
