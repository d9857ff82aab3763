/**
 * What staff reads of a message that is no text. The kinds are those of the Cloud API's `messages` webhook; the words are ours.
 */
const media: Readonly<Record<string, string>> = {
  image: 'a photo',
  video: 'a video',
  audio: 'a voice message',
  document: 'a document',
  sticker: 'a sticker',
  location: 'a location',
  contacts: 'a contact',
  order: 'an order',
};

const unseen = (what: string): string => `Sent ${what}, which cannot be shown here.`;

/** Parts of a message by type, each as the provider sent it. */
export type Content = Readonly<Record<string, unknown>>;

const part = (content: Content, name: string): Content => {
  const value = content[name];
  return typeof value === 'object' && value !== null ? (value as Content) : {};
};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);

/** The words of a message, or null for one that says nothing (a reaction that was taken back, the provider's own notes). */
export function wordsOf(type: string, message: Content): string | null {
  switch (type) {
    case 'text':
      return textOf(part(message, 'text').body);
    case 'button':
      return textOf(part(message, 'button').text);
    case 'interactive': {
      const { button_reply: button, list_reply: list } = part(message, 'interactive');
      const chosen = [button, list].find((one) => typeof one === 'object' && one !== null) as Content | undefined;
      return textOf(chosen?.title) ?? unseen('an answer to a form');
    }
    case 'reaction': {
      const emoji = textOf(part(message, 'reaction').emoji);
      return emoji === null ? null : `Reacted with ${emoji}`;
    }
    case 'system':
    case 'request_welcome':
      return null;
    default: {
      const what = Object.hasOwn(media, type) ? media[type] : undefined;
      if (what === undefined) return 'Sent a message that cannot be shown here.';
      // The words under a picture are the customer's, and are worth more than the picture's absence.
      const caption = textOf(part(message, type).caption);
      return caption === null ? unseen(what) : `${unseen(what)}\n${caption}`;
    }
  }
}
