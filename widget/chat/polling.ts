import { WebSocket, XHR } from 'socket.io-client';

/** For where a proxy lets no WebSocket through: tried in this order. */
export const withPolling = [WebSocket, XHR];
