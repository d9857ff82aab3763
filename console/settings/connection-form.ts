import type { Floor } from '../../shared/client/floor.svelte.ts';
import type { AdapterKind, Connection } from '../../shared/contract/connection.ts';
import type { QueueId } from '../../shared/contract/id.ts';
import type { Answer, Refusal } from '../../shared/contract/refusal.ts';

type Send = Floor['send'];

/** What the form of a connection holds, as typed. */
export interface ConnectionForm {
  readonly adapter: AdapterKind;
  readonly name: string;
  readonly queueId: string;
  readonly target: string;
  /** Of WhatsApp alone. */
  readonly sender: string;
  readonly app: string;
  readonly token: string;
  readonly verify: string;
}

/** The base of Meta's API; its version is the admin's to raise. */
export const graph = 'https://graph.facebook.com/v26.0';
const leastSecret = 16;

const encode = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** A signing secret after Standard Webhooks, which nobody but this screen has seen yet. */
export const makeSecret = (): string => `whsec_${encode(crypto.getRandomValues(new Uint8Array(32)))}`;

/** A word for the handshake of WhatsApp. */
export const makeWord = (): string => encode(crypto.getRandomValues(new Uint8Array(18))).replace(/[+/]/g, 'x');

/** What is wrong before it is sent: the keys of the sentences, by field. @param fresh a new connection, with its secrets */
export function connectionFaults(form: ConnectionForm, fresh: boolean) {
  const meta = form.adapter === 'whatsapp';
  const short = (text: string) =>
    fresh && meta && text.trim().length < leastSecret ? ('secret.short' as const) : null;
  return {
    name: form.name.trim() === '' ? ('name.missing' as const) : null,
    queueId: form.queueId === '' ? ('queue.none' as const) : null,
    target: isAddress(form.target.trim()) ? null : ('target.wrong' as const),
    sender: meta && !/^\d{1,32}$/.test(form.sender.trim()) ? ('sender.wrong' as const) : null,
    app: short(form.app),
    token: short(form.token),
    verify: short(form.verify),
  };
}

export const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

export type ConnectionField = keyof ReturnType<typeof connectionFaults>;

/** The form's field that a refusal is about; null: the whole form. */
export function connectionFieldOf(refusal: Refusal): ConnectionField | null {
  const names: Readonly<Record<string, ConnectionField>> = {
    name: 'name',
    queueId: 'queueId',
    target: 'target',
    sender: 'sender',
    inbound: 'app',
    outbound: 'token',
    verify: 'verify',
  };
  const { field } = refusal.detail ?? {};
  return (typeof field === 'string' && Object.hasOwn(names, field) ? names[field] : null) ?? null;
}

/** Runs the commands that turn a connection into what the form says; what comes after a refusal is not tried. */
export async function saveConnection(before: Connection, form: ConnectionForm, send: Send): Promise<Answer | null> {
  const connectionId = before.id;
  const name = form.name.trim();
  const target = form.target.trim();
  const sender = form.adapter === 'whatsapp' ? form.sender.trim() : null;
  const steps: (() => Promise<Answer>)[] = [];
  if (name !== before.name) steps.push(() => send('connection:rename', { connectionId, name }));
  if (form.queueId !== before.queueId)
    steps.push(() => send('connection:set-queue', { connectionId, queueId: form.queueId as QueueId }));
  if (target !== before.target || sender !== before.sender)
    steps.push(() => send('connection:set-target', { connectionId, target, sender }));
  for (const step of steps) {
    const answer = await step();
    if (!answer.ok) return answer;
  }
  return null;
}
