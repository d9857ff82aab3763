/** Whether a key press in a composer sends: Enter alone, or with Ctrl or Cmd; never while a word is being composed (IME). */
export function sends(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'isComposing' | 'keyCode'>): boolean {
  // Safari ends a composition before its Enter and marks that press only by the old key code 229.
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}
