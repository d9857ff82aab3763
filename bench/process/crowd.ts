import { WebSocket } from 'ws';
import type { ConversationId, OrganisationId } from '../../shared/contract/id.ts';
import { answerTo } from '../support/child.ts';
import { openLoop, pause, until } from '../support/measure.ts';
import { StaffSocket, type StaffSocketOptions } from '../support/staff-socket.ts';

/** Many people in a process of their own, so that the one that measures is not kept from its clock. */
export interface CrowdAsks {
  /** Agents come in at the hub, some at a time, for so long; how many there are then. */
  connect: [
    { readonly url: string; readonly people: readonly Coming[]; readonly atOnce: number; readonly limitMs: number },
    { readonly connected: number },
  ];
  /** Bare sockets, for the floor. */
  raw: [{ readonly url: string; readonly count: number }, { readonly connected: number }];
  /** Agents say lines to their customers on a schedule; answered when all are acknowledged. */
  talk: [
    { readonly perSecond: number; readonly ms: number; readonly lines: readonly Line[] },
    { readonly sent: number; readonly acknowledged: number },
  ];
  /** Events that came to all of them since they connected. */
  heard: [null, { readonly events: number }];
  close: [null, null];
}

interface Coming {
  readonly token: string;
  readonly organisationId: OrganisationId;
}
interface Line {
  /** Place in the list that was given to `connect`. */
  readonly person: number;
  readonly conversationId: ConversationId;
}

const staff: StaffSocket[] = [];
const raw: WebSocket[] = [];

/** As a screen does: a hub that is too busy for a snapshot says so, and is asked again. */
async function comeIn(options: StaffSocketOptions, deadline: number): Promise<StaffSocket> {
  for (;;) {
    try {
      return await StaffSocket.connect(options);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(250);
    }
  }
}

answerTo<CrowdAsks>({
  connect: async ({ url, people, atOnce, limitMs }) => {
    const deadline = performance.now() + limitMs;
    const first = staff.length;
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < people.length && performance.now() < deadline; at = next++) {
        const one = people[at];
        if (one !== undefined) staff[first + at] = await comeIn({ url, screen: 'console', ...one }, deadline);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { connected: staff.filter((one) => one !== undefined).length };
  },
  raw: async ({ url, count }) => {
    for (let at = 0; at < count; at += 1) {
      const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
      raw.push(socket);
      if (at % 100 === 99) await until('sockets to open', () => socket.readyState === WebSocket.OPEN);
    }
    await until('all sockets to open', () => raw.every((socket) => socket.readyState === WebSocket.OPEN), 60_000);
    return { connected: raw.length };
  },
  talk: async ({ perSecond, ms, lines }) => {
    let sent = 0;
    let acknowledged = 0;
    let answered = 0;
    await openLoop(perSecond, ms, (_intended, at) => {
      const line = lines[at % lines.length];
      if (line === undefined) return;
      sent += 1;
      const text = `Let me look that up for you, one moment please. (${at})`;
      void staff[line.person]?.send('message:send', { conversationId: line.conversationId, text }).then((answer) => {
        answered += 1;
        if (answer.ok) acknowledged += 1;
      });
    });
    await until('lines to be answered', () => answered === sent);
    return { sent, acknowledged };
  },
  heard: async () => ({ events: staff.reduce((sum, one) => sum + one.events, 0) }),
  close: async () => {
    for (const one of staff.splice(0)) one.close();
    for (const one of raw.splice(0)) one.terminate();
    await pause(200);
    return null;
  },
});
