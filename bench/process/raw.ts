import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { answerTo } from '../support/child.ts';

/** The floor of everything on a socket: a `ws` server with nothing behind it. */
export interface RawAsks {
  start: [null, { readonly url: string }];
  memory: [null, { readonly rss: number; readonly heap: number; readonly sockets: number }];
}

/** Receives a message and has it painted; the instant is given back with it. */
const page = `<!doctype html><meta charset="utf-8"><title>floor</title><div id="board"></div><script>
const board = document.getElementById('board');
const socket = new WebSocket('ws://' + location.host + '/paint');
socket.onmessage = ({ data }) => {
  const row = document.createElement('p');
  row.textContent = data;
  board.prepend(row);
  if (board.childElementCount > 20) board.lastElementChild.remove();
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => socket.send(data + ' ' + (performance.timeOrigin + performance.now()));
    port2.postMessage(0);
  });
};
</script>`;

/** A shop's page of ordinary size, with the chat's one line where a script's address is given. */
function hostPage(script: string | null, organisation: string | null): string {
  const paragraph = '<p>Free delivery on orders above 40 dollars. Returns are accepted within 30 days of purchase.</p>';
  const line = script === null ? '' : `<script src="${script}" data-organisation="${organisation}" async></script>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>shop</title>${line}<h1>Shop</h1>${paragraph.repeat(200)}</html>`;
}

answerTo<RawAsks>({
  start: () =>
    new Promise((listening) => {
      const server = createServer((request, response) => {
        // The floor of a request that brings something: it is given back.
        if (request.method === 'POST') {
          request.pipe(response);
          return;
        }
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
        response.setHeader('content-type', 'text/html');
        response.end(
          pathname === '/host' ? hostPage(searchParams.get('script'), searchParams.get('organisation')) : page,
        );
      });
      sockets = new WebSocketServer({ server, perMessageDeflate: false });
      const painters = new Set<import('ws').WebSocket>();
      sockets.on('connection', (socket, request) => {
        // A page is told what another socket sends, and its answer goes back there.
        const isPage = request.url === '/paint';
        const isSource = request.url === '/source';
        if (isPage || isSource) painters.add(socket);
        socket.on('close', () => painters.delete(socket));
        socket.on('message', (data, isBinary) => {
          if (!isPage && !isSource) socket.send(data, { binary: isBinary });
          else for (const other of painters) if (other !== socket) other.send(data, { binary: isBinary });
        });
      });
      server.listen(0, '127.0.0.1', () =>
        listening({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
      );
    }),
  memory: async () => {
    for (let times = 0; times < 4; times += 1) {
      globalThis.gc?.();
      await new Promise((resume) => setTimeout(resume, 100));
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed, sockets: sockets?.clients.size ?? 0 };
  },
});
let sockets: WebSocketServer | null = null;
