/** What simulated people say beside the dialogues, and what they are called. */

export const customerNames: readonly string[] = [
  'Daniel Okoye',
  'Elif Kaya',
  'Jonas Weber',
  'Amara Nwosu',
  'Lucía Herrera',
  'Tom Whitfield',
  'Ananya Iyer',
  'Pieter de Vries',
  'Chloé Martin',
  'Hiroshi Tanaka',
  'Fatima Zahra',
  'Oliver Grant',
  'Mina Park',
  'Rosa Iglesias',
  'Samuel Adeyemi',
  'Ingrid Holm',
  'Mateo Silva',
  'Yara Haddad',
  'Nina Petrova',
  'Arjun Mehta',
  'Emma Lindgren',
  'Carlos Duarte',
  'Wei Zhang',
  'Sade Bello',
  'Julia Nowak',
  'Ahmed Farouk',
  'Kerstin Vogel',
  'Luca Moretti',
  'Thandiwe Dube',
  'George Papas',
  'Lina Haugen',
  'Ruben Costa',
  'Maya Cohen',
  'Viktor Horvat',
  'Zoe Bennett',
  'Ibrahim Sesay',
  'Clara Jensen',
  'Dmitri Volkov',
  'Naomi Clarke',
  'Paulo Mendes',
];

/** A flag's message, by what the conversation is about and by the name of the reason preset. */
export const flagMessages: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Banking: {
    'Approval needed': [
      'Customer asks for a fee waiver of $45, over my limit. Can you approve?',
      'Transfer is above my limit and the customer is in a hurry. Please approve or say no.',
      'Wants the overdraft fee back, third request this year. May I?',
    ],
    'Policy question': [
      'Two accounts under different addresses. Which one do we verify against?',
      'May I read out a balance when the customer writes from a new number?',
      'The account is in both their names. Is one of them enough to send money abroad?',
    ],
    Escalation: [
      'Customer is upset about a blocked card and asks for a manager. Could you join?',
      'Says they were promised a refund last week, nothing on file. They want somebody senior.',
    ],
    'Something broke': [
      'Balance does not load for this account. Is it just me?',
      'The transfer shows as sent twice on my side, the customer sees it once.',
    ],
  },
  Travel: {
    'Approval needed': [
      'Wants the cancellation fee of $60 back after a sick note. May I?',
      'Room was downgraded, customer asks for 20 % off. I can give 10. Approve?',
      'Rebooking after a missed bus, the fare difference is over my limit.',
    ],
    'Policy question': [
      'Is a change of name on the booking allowed after check-in has opened?',
      'Do we pay for the difference when the hotel downgrades the room?',
      'Can a second driver be added once the car has been picked up?',
    ],
    Escalation: [
      'Second complaint in two days, the tone is getting rough. I would like a second voice.',
      'Stranded at the airport and asks for a manager. Could you join?',
    ],
    'Something broke': [
      'The booking page shows an error after payment, the customer was charged twice.',
      'Seat map is empty for this flight, I cannot assign seats.',
    ],
  },
};

/** A supervisor's first private line to the agent. */
export const advice: readonly string[] = [
  'Reading along. Go ahead, I approve it this once; please leave a note on the account.',
  'You can say yes to that. Confirm the details with the customer first, then book it.',
  'Policy says no, but offer the alternative for free. That usually settles it.',
  'Good catch. Ask for the confirmation number, then do it as they wish.',
  'That is a known issue, fixed within the hour. Apologise and offer to write to them.',
];

/** What a supervisor writes when a person at the agent's place asks further. */
export const followUps: readonly string[] = [
  'Yes, that is fine.',
  'Do it, and put my name in the note.',
  'Let them know it takes a day, and we will follow up.',
  'I am here if it gets difficult.',
];

/** A supervisor's word when they do not join. */
export const declineWords: readonly string[] = [
  'You are doing fine, I will help you from here.',
  'In another call for a few minutes, chat with me here.',
];

/** What an agent answers in the side chat. */
export const thanks: readonly string[] = [
  'Thank you, that helps.',
  'Great, doing that now.',
  'Understood, thanks.',
  'Thanks, the customer is happy with that.',
];

/** The supervisor's first words to a customer. */
export const joining = (supervisor: string, agent: string): string =>
  `Hello, this is ${first(supervisor)}. I am helping ${first(agent)} with this.`;

/** To a real visitor of the demo: first a greeting, then what this is, then polite lines. */
export const greeting = (agent: string): string =>
  `Hello, this is ${first(agent)}. Thank you for writing, how can I help?`;

export const explanation = (agent: string): string =>
  `Thank you. This is a demo floor and I am simulated: open the console and sign in as ${agent} to answer in my place.`;

export const politeLines: readonly string[] = [
  'Thank you for telling me. Let me look into that for you.',
  'I understand. I have made a note of it.',
  'Thank you for your patience. Is there anything else I should know?',
  'That makes sense. I will take care of it.',
];

export const first = (name: string): string => name.split(' ')[0] ?? name;

/** One of a list, always the same for the same key. */
export function pick<T>(list: readonly T[], key: string): T {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  const found = list[sum % list.length];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}
