import { WebSocket } from 'socket.io-client';

/**
 * Stands for Socket.IO's list of transports in the built pages (`scripts/lean-build.ts`). Read late: the library imports it while
 * it is itself being imported.
 */
export const transports = {
  get websocket(): typeof WebSocket {
    return WebSocket;
  },
};
