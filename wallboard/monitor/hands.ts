/** Whether the focus is in the Monitor drawer: keys then mean the session that it shows, not the selected card. */
export function handsInMonitor(at: Element | null = document.activeElement): boolean {
  const drawer = at?.closest('[role="dialog"]');
  return drawer?.querySelector('[data-monitor]') != null;
}
