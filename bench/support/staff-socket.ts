import { WebSocket } from 'ws';
import type { Event } from '../../shared/contract/event.ts';
import type { OrganisationId } from '../../shared/contract/id.ts';
import type { Answer } from '../../shared/contract/refusal.ts';
import { newId } from '../../shared/contract/uuid.ts';
import { protocolVersion } from '../../shared/contract/version.ts';

const space = '/staff,';

export interface StaffSocketOptions {
  readonly url: string;
  readonly token: string;
  readonly organisationId: OrganisationId;
  readonly screen: 'console' | 'wallboard';
  /** Every event, as soon as its frame is here. */
  readonly heard?: (event: Event) => void;
}

/**
 * A staff screen's connection on a bare WebSocket that speaks just enough of Socket.IO, so that the load generator adds to
 * neither side of a ratio what a browser would not.
 */
export class StaffSocket {
  readonly #socket: WebSocket;
  readonly #options: StaffSocketOptions;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  readonly #ready: Promise<void>;
  #next = 1;
  /** Frames with an event that came; where nobody listens they are only counted. */
  events = 0;

  private constructor(options: StaffSocketOptions) {
    this.#options = options;
    const { url, token } = options;
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    this.#ready = new Promise((ready, failed) => {
      this.#socket.on('error', failed);
      this.#socket.on('close', () => failed(new Error('a staff socket was closed')));
      this.#socket.on('message', (data: Buffer) => this.#take(data.toString('utf8'), token, ready, failed));
    });
  }

  /** Connects, signs in, takes the snapshot; resolves when live. */
  static async connect(options: StaffSocketOptions): Promise<StaffSocket> {
    const one = new StaffSocket(options);
    await one.#ready;
    return one;
  }

  /** Sends a command and gives the answer. */
  send(name: string, input: object): Promise<Answer> {
    return this.#ask('command', {
      id: newId<'command'>(Date.now()),
      organisationId: this.#options.organisationId,
      name,
      input,
    });
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.terminate();
  }

  #ask(event: string, frame: object): Promise<Answer> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((answer) => {
      this.#asked.set(id, answer);
      this.#socket.send(`42${space}${id}${JSON.stringify([event, frame])}`);
    });
  }

  #take(text: string, token: string, ready: () => void, failed: (why: Error) => void): void {
    if (text === '2') this.#socket.send('3');
    else if (text.startsWith('0')) this.#socket.send(`40${space}${JSON.stringify({ token })}`);
    else if (text.startsWith(`40${space}`)) {
      const hello = { version: protocolVersion, screen: this.#options.screen, resume: {} };
      void this.#ask('hello', hello).then((refusal) => {
        if (refusal !== null) failed(new Error(JSON.stringify(refusal)));
      });
    } else if (text.startsWith(`44${space}`)) failed(new Error(`the hub refused a staff socket: ${text}`));
    else if (text.startsWith(`43${space}`)) {
      const at = text.indexOf('[');
      const id = Number(text.slice(2 + space.length, at));
      const [answer] = JSON.parse(text.slice(at)) as [Answer];
      this.#asked.get(id)?.(answer);
      this.#asked.delete(id);
    } else if (text.startsWith(`42${space}["event"`)) {
      this.events += 1;
      const { heard } = this.#options;
      if (heard !== undefined) heard((JSON.parse(text.slice(2 + space.length)) as ['event', Event])[1]);
    } else if (text.startsWith(`42${space}["ready"`)) ready();
  }
}
