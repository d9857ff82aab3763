/**
 * Stands for the halves of Socket.IO's parser that take bytes out of a packet and put them back (`scripts/lean-build.ts`). Nothing that
 * our pages send or are sent has bytes in it: every frame is JSON.
 */
export const hasBinary = (): boolean => false;
export const isBinary = hasBinary;

/** Never called: no frame has bytes to take out or to put back. @throws always */
export function deconstructPacket(): never {
  throw new TypeError('binary');
}

export const reconstructPacket = deconstructPacket;
