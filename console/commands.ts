import { statuses } from '../shared/contract/status.ts';
import type { Command } from '../shared/ui/command/register.svelte.ts';
import { whyWords } from '../shared/ui/state/fallback.ts';
import { kitText } from '../shared/ui/text/kit.ts';
import type { ToastList } from '../shared/ui/toast/toast.svelte.ts';
import type { Console } from './context.ts';
import { hereText } from './ledger/here-text.ts';
import { rightsIn } from './rights.ts';
import { type View, views } from './route.ts';
import { consoleText as text } from './text.ts';

/** What the commands need of the page beside the console's own state. */
export interface Hands {
  readonly toasts: ToastList;
  readonly search: () => void;
  readonly move: (by: number) => void;
  readonly focusList: () => void;
  readonly reply: () => void;
  readonly side: () => void;
}

/** What the commands act upon. */
export type Told = Pick<Console, 'desk' | 'actions' | 'openPalette' | 'openSheet' | 'signOut'> & {
  readonly sound: Pick<Console['sound'], 'muted'>;
  readonly theme: Pick<Console['theme'], 'choose'>;
};

const viewKeys: Readonly<Record<View, string>> = { inbox: 'g i', unassigned: 'g u', all: 'g a', closed: 'g c' };

/**
 * Everything the console can be told to do. Raise has a chord beside its key, because an agent's hands are in the composer
 * when it is needed; Accept, Decline and the side chat have one for the same reason.
 */
export function consoleCommands(shared: Told, hands: Hands): readonly Command[] {
  const { desk, actions } = shared;
  const rights = () => (desk.open === null || desk.live === null ? null : rightsIn(desk.open, desk.session, desk.live));
  const ownFlag = () => (desk.flag !== null && desk.flag.agentId === desk.live?.me.personId ? desk.flag : null);
  const serves = () => desk.live?.me.permissions.has('conversation.serve') ?? false;
  /** What a key has opened is written in next. */
  const follow = async (opened: Promise<boolean>): Promise<void> => {
    if (await opened) hands.reply();
  };
  const group = {
    flag: text('group.flag'),
    talk: text('group.conversation'),
    go: text('group.go'),
    list: text('group.list'),
    you: text('group.you'),
    general: text('group.general'),
  };

  return [
    {
      id: 'flag.raise',
      title: text('cmd.raise'),
      group: group.flag,
      keys: 'Shift+F',
      chord: 'Mod+Shift+F',
      words: ['help', 'supervisor', 'escalate'],
      when: () => rights()?.flag === true && desk.flag === null && desk.noFlags === null,
      run: () => desk.ask('raise'),
    },
    {
      // Whoever looks for it in the palette finds out why it is gone.
      id: 'flag.off',
      get title() {
        return text('cmd.raise.off', { why: desk.noFlags === null ? '' : whyWords(desk.noFlags) });
      },
      group: group.flag,
      words: ['help', 'supervisor', 'escalate'],
      when: () => rights()?.flag === true && desk.flag === null && desk.noFlags !== null,
      run: () => actions.sayNoFlags(),
    },
    {
      id: 'flag.amend',
      title: text('cmd.amend'),
      group: group.flag,
      keys: 'e',
      when: () => ownFlag() !== null && desk.noFlags === null,
      run: () => desk.ask('amend'),
    },
    {
      id: 'flag.ask',
      title: text('cmd.ask'),
      group: group.flag,
      keys: 'Shift+J',
      when: () => {
        const flag = ownFlag();
        return (
          desk.noFlags === null &&
          flag !== null &&
          flag.joinedBy.length === 0 &&
          (flag.join === null || flag.join.state === 'declined')
        );
      },
      run: () => {
        const flag = ownFlag();
        if (flag !== null) void actions.askToJoin(flag);
      },
    },
    {
      id: 'flag.lower',
      title: text('cmd.lower'),
      group: group.flag,
      keys: 'l',
      when: () => ownFlag() !== null,
      run: () => desk.ask('lower'),
    },
    {
      id: 'offer.accept',
      title: text('cmd.accept'),
      group: group.talk,
      keys: 'a',
      chord: 'Alt+A',
      when: () => desk.offers.length > 0,
      run: () => {
        const [first] = desk.offers;
        if (first !== undefined) void follow(actions.accept(first));
      },
    },
    {
      id: 'offer.decline',
      title: text('cmd.decline'),
      group: group.talk,
      keys: 'Shift+D',
      chord: 'Alt+Shift+D',
      when: () => desk.offers.length > 0,
      run: () => {
        const [first] = desk.offers;
        if (first !== undefined) void actions.decline(first);
      },
    },
    {
      id: 'reply',
      title: text('cmd.reply'),
      group: group.talk,
      keys: 'r',
      when: () => rights()?.writesAs != null,
      run: hands.reply,
    },
    {
      id: 'side',
      title: text('cmd.side'),
      group: group.talk,
      keys: 'Alt+S',
      when: () => desk.openId !== null,
      run: hands.side,
    },
    {
      id: 'take',
      title: text('cmd.take'),
      group: group.talk,
      keys: 't',
      when: () => serves() && (rights()?.take === true || desk.counts.oldestUnassigned !== null),
      run: () => follow(actions.takeNext()),
    },
    {
      id: 'transfer',
      title: text('cmd.transfer'),
      group: group.talk,
      keys: 'Shift+T',
      when: () => rights()?.transfer === true,
      run: () => desk.ask('transfer'),
    },
    {
      id: 'close',
      title: text('cmd.close'),
      group: group.talk,
      keys: 'Shift+C',
      when: () => rights()?.close === true,
      run: () => {
        if (desk.open !== null) actions.closeAsking(desk.open);
      },
    },
    { id: 'list.next', title: text('cmd.next'), group: group.list, keys: 'j', silent: true, run: () => hands.move(1) },
    {
      id: 'list.previous',
      title: text('cmd.previous'),
      group: group.list,
      keys: 'k',
      silent: true,
      run: () => hands.move(-1),
    },
    {
      id: 'list.search',
      title: text('cmd.search'),
      group: group.list,
      keys: '/',
      when: () => desk.view !== 'closed',
      run: hands.search,
    },
    { id: 'list.focus', title: text('cmd.list'), group: group.list, keys: 'g l', run: hands.focusList },
    ...views
      .filter((view) => view !== 'inbox' || serves())
      .map((view) => ({
        id: `go.${view}`,
        title: text('cmd.go', { view: text(`view.${view}`) }),
        group: group.go,
        keys: viewKeys[view],
        run: () => desk.goTo(view),
      })),
    {
      id: 'go.ledger',
      title: hereText('go'),
      group: group.go,
      keys: 'g w',
      words: ['monitoring', 'ledger', 'watched'],
      run: () => desk.openLedger(),
    },
    ...statuses.map((status) => ({
      id: `status.${status}`,
      title: text('cmd.status', { status: kitText(`presence.${status}`) }),
      group: group.you,
      when: serves,
      run: () => actions.setStatus(status),
    })),
    ...(['system', 'light', 'dark'] as const).map((choice) => ({
      id: `theme.${choice}`,
      title: text('cmd.theme', { theme: text(`me.theme.${choice}`) }),
      group: group.you,
      run: () => shared.theme.choose(choice),
    })),
    {
      id: 'sound',
      title: text('cmd.mute'),
      group: group.you,
      keys: 'm',
      run: () => {
        shared.sound.muted = !shared.sound.muted;
      },
    },
    { id: 'sign-out', title: text('cmd.signOut'), group: group.you, run: shared.signOut },
    {
      id: 'undo',
      title: text('cmd.undo'),
      group: group.general,
      keys: 'z',
      when: () => hands.toasts.canUndo,
      run: () => void hands.toasts.undoLast(),
    },
    {
      id: 'palette',
      title: text('cmd.palette'),
      group: group.general,
      keys: 'Mod+K',
      silent: true,
      run: shared.openPalette,
    },
    { id: 'sheet', title: text('cmd.sheet'), group: group.general, keys: '?', run: shared.openSheet },
  ];
}
