/** The launcher's few words, by primary language tag; a language that is missing here gets English. */
interface LoaderWords {
  readonly landmark: string;
  readonly title: string;
  readonly open: string;
  readonly close: string;
  /** @param count of lines that the customer has not seen */
  unread(count: number): string;
}

const languages: Readonly<Record<string, LoaderWords>> = {
  en: {
    landmark: 'Chat launcher',
    title: 'Chat',
    open: 'Open the chat',
    close: 'Close the chat',
    unread: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
  },
};

export function loaderWords(tag: string): LoaderWords {
  return languages[tag.split('-')[0] ?? ''] ?? (languages.en as LoaderWords);
}
