import { catalogue } from '../../shared/ui/text/catalogue.ts';

/** What the Decline dialog says: loaded with it. */
export const declineText = catalogue({
  'decline.title': 'Decline to join',
  'decline.why': '{name} reads your word beside the flag. The customer does not.',
  'decline.word': 'A word to {name}',
  'decline.presets': 'Quick words',
  'decline.soon': 'I am with another agent, in a few minutes.',
  'decline.can': 'You can solve this one. I watch the side chat.',
  'decline.chat': 'Let us settle it in the side chat first.',
  'decline.send': 'Decline',
  'decline.needed': 'Write a word, or choose one above',
});
