import type { Floor } from '../../shared/client/floor.svelte.ts';
import type { Announcer } from '../../shared/ui/alert/announcer.svelte.ts';
import { personName } from '../../shared/ui/conversation/people.ts';
import { duration, spokenDuration, timeOfDay } from '../../shared/ui/text/format.ts';
import type { ToastList } from '../../shared/ui/toast/toast.svelte.ts';
import { hereText as text } from './here-text.ts';

/** Tells an agent who has watched, once it has ended, where the policy says so. @returns stops it */
export function tellWhoWatched(
  floor: Pick<Floor, 'onEvents'>,
  means: {
    readonly toasts: Pick<ToastList, 'show'>;
    readonly announcer: Pick<Announcer, 'polite'>;
    readonly openLedger: () => void;
  },
): () => void {
  return floor.onEvents((events, live) => {
    for (const event of events) {
      if (event.type !== 'supervision:left' || event.was !== 'monitoring') continue;
      if (event.policy !== 'announced_after' || event.agentId !== live.me.personId) continue;
      const who = personName(live, event.personId);
      const times = { long: duration(event.at - event.since), until: timeOfDay(event.at) };
      const spoken = { ...times, long: spokenDuration(event.at - event.since) };
      // It may have ended with the conversation, which is no longer live then.
      const customer = live.conversations.get(event.conversationId)?.customerName;
      means.toasts.show({
        strong: text('told.strong', { who }),
        text: customer === undefined ? text('told.text.nobody', times) : text('told.text', { ...times, customer }),
        actions: [{ label: text('title'), run: means.openLedger }],
      });
      means.announcer.polite(text('told.said', { who, ...spoken }));
    }
  });
}
