/**
 * What the page's launcher and the chat in its frame tell each other by `postMessage`. Nothing of what is said in the chat
 * is among it: the page learns a count, and whether a chat is open.
 */
export type ToFrame =
  | { readonly halyard: 'show' /** Take the keyboard focus. */; readonly focus: boolean }
  | { readonly halyard: 'hide' }
  | { readonly halyard: 'theme'; readonly theme: string };

export type ToPage =
  /** The chat can be shown now. */
  | { readonly halyard: 'ready' }
  /** The customer has put it away; the focus goes back to the launcher. */
  | { readonly halyard: 'hide' }
  /** `live`: a chat is open, so the launcher keeps the frame for its news. */
  | { readonly halyard: 'news'; readonly unread: number; readonly live: boolean };
