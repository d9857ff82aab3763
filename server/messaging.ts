import { createHash } from 'node:crypto';
import type { Router } from 'express';
import { isId } from '../shared/contract/id.ts';
import type { Answer } from '../shared/contract/refusal.ts';
import { adapters } from './channel/adapters.ts';
import type { IncomingMessage, IncomingStatus } from './channel/channel.ts';
import { inbound } from './channel/inbound.ts';
import { customerAt } from './connection/connection.ts';
import type { Keyed } from './connection/queries.ts';
import { readDeliveries, readKeyed } from './connection/queries.ts';
import { receive } from './conversation/receive.ts';
import type { Database } from './db/pool.ts';
import { createOutbound } from './delivery/outbound.ts';
import { report } from './delivery/report.ts';
import { Deliveries } from './delivery/worker.ts';
import { derivedId } from './hub/derived-id.ts';
import type { Hub } from './hub/hub.ts';
import type { Buckets } from './hub/rate.ts';
import type { Log } from './log.ts';

export interface MessagingOptions {
  readonly db: Database;
  readonly hub: Hub;
  readonly clock: () => number;
  readonly log: Log;
  readonly buckets: Buckets;
  /** The installation's secret: nobody can find a customer's number by trying numbers. */
  readonly secret: Buffer;
  /** See HALYARD_OUTBOUND_HOSTS. */
  readonly outboundHosts: readonly string[];
  /** How long a target may take; the default is 10 s. */
  readonly outboundTimeoutMs?: number;
  readonly random: () => number;
}

/** The messaging channel put together: the way in and the way out. */
export function createMessaging(options: MessagingOptions): {
  readonly router: Router;
  readonly deliveries: Deliveries;
} {
  const { db, hub, clock, log, buckets, secret, outboundHosts, outboundTimeoutMs, random } = options;

  const take = (
    { organisationId, connection }: Keyed,
    message: IncomingMessage,
    from: string | null,
  ): Promise<Answer> => {
    const { ref, address, name, text } = message;
    const connectionId = connection.id;
    return hub.submit(organisationId, {
      // The provider's own id decides whether it is the same message; so it happens once (I1).
      id: derivedId(createHash('sha256').update(`${connectionId} ${ref}`).digest()),
      name: 'conversation:receive',
      row: receive,
      input: { connectionId, address, name, text },
      actor: { kind: 'customer', id: customerAt(secret, connectionId, address) },
      address: from,
    });
  };

  const note = async ({ organisationId, connection }: Keyed, statuses: readonly IncomingStatus[]): Promise<boolean> => {
    const refs = statuses.map((one) => one.ref);
    const ids = refs.filter((ref) => isId<'entry'>(ref));
    const { found, underWay } = await readDeliveries(db.system, connection.id, refs, ids, clock());
    const answers = await Promise.all(
      statuses.flatMap(({ ref, state }) => {
        const entryId = found.get(ref);
        if (entryId === undefined) return [];
        const input = { entryId, state };
        return [hub.run(organisationId, 'delivery:report', report, input, { kind: 'system' })];
      }),
    );
    // A provider may speak of a line before its answer to our request has been stored.
    const unknown = underWay && refs.some((ref) => !found.has(ref));
    return !unknown && answers.every((answer) => answer.ok);
  };

  return {
    router: inbound({
      adapters,
      clock,
      log,
      buckets,
      find: (id) => readKeyed(db.system, id),
      receive: take,
      report: note,
    }),
    deliveries: new Deliveries({
      db,
      hub,
      clock,
      log,
      adapters,
      random,
      send: createOutbound({
        hosts: outboundHosts,
        ...(outboundTimeoutMs === undefined ? {} : { timeoutMs: outboundTimeoutMs }),
      }),
    }),
  };
}
