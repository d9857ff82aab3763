/** What the build leaves out because no page of it can use it. */
import type { Plugin } from 'vite';

/** What stands for which module of a library, named as the library's own modules import it. */
export interface Lean {
  /** Socket.IO's list of transports: ours connect by WebSocket, and who falls back to polling brings it along (`widget/chat/polling.ts`). */
  readonly transports: string;
  /** Bytes in packets: all our frames are JSON. */
  readonly binary: string;
}

/**
 * Socket.IO's client without the parts that no page of ours can use: 4 KB of the first load.
 * @param lean absolute paths of the modules to take instead
 */
export function leanSocket({ transports, binary }: Lean): Plugin {
  return {
    name: 'halyard:lean-socket',
    enforce: 'pre',
    resolveId(source, importer = '') {
      if (importer.includes('/engine.io-client/') && source === './transports/index.js') return transports;
      if (importer.includes('/socket.io-parser/') && /^\.\/(is-)?binary\.js$/.test(source)) return binary;
      return null;
    },
  };
}

const declaration = /(--[\w-]+):[^;{}]*(;|(?=\}))/g;

/** A sheet without the custom properties that nothing asks for, directly or through another one. @param asking other text that may ask */
export function withoutUnused(sheet: string, asking: readonly string[]): string {
  const uses = (text: string, name: string): boolean => new RegExp(`(var\\(\\s*|["'\`])${name}(?![\\w-])`).test(text);
  for (let before = sheet; ; before = sheet) {
    const values = [...sheet.matchAll(declaration)].map(([whole]) => whole.slice(whole.indexOf(':')));
    const rules = sheet.replace(declaration, '');
    const asked = [...asking, rules, ...values].join('\n');
    sheet = sheet.replace(declaration, (whole, name: string) => (uses(asked, name) ? whole : ''));
    if (sheet === before) return sheet;
  }
}

/** Takes out of each sheet the tokens that no sheet, script or page of this build asks for. */
export function usedTokensOnly(): Plugin {
  return {
    name: 'halyard:used-tokens-only',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle);
      const text = (source: string | Uint8Array): string =>
        typeof source === 'string' ? source : new TextDecoder().decode(source);
      for (const file of files) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        const others = files
          .filter((other) => other !== file && /\.(js|css|html)$/.test(other.fileName))
          .map((other) => (other.type === 'asset' ? text(other.source) : other.code));
        file.source = withoutUnused(text(file.source), others);
      }
    },
  };
}
