import { createServer } from 'node:net';

/** Start of the system's own range for outgoing connections on Linux; a port in it may be taken at any moment. */
const ephemeral = 32_768;
const lowest = 20_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A free TCP port on 127.0.0.1, below the range of outgoing connections. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (ephemeral - lowest));
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port');
}
