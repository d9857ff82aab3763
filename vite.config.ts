import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { screenChunks } from './scripts/chunks.ts';
import { leanSocket, usedTokensOnly } from './scripts/lean-build.ts';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Address that people type, and the page that answers it. The hub serves the built pages under the same addresses. */
const pages = {
  '/console': 'console/index.html',
  '/wallboard': 'wallboard/index.html',
  '/customer': 'widget/customer.html',
  '/widget': 'widget/index.html',
};

/** Answers the short addresses in the development server as the hub does. */
function shortAddresses(): Plugin {
  return {
    name: 'halyard:short-addresses',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '').split(/[?#]/, 1)[0] ?? '';
        for (const [address, page] of Object.entries(pages)) {
          if (path === address || path === `${address}/`)
            request.url = `/${page}${(request.url ?? '').slice(path.length)}`;
        }
        next();
      });
    },
  };
}

/** As many letters as tell some dozens of components apart: each name stands in the script and in the sheet. */
const shortClass = ({
  hash,
  filename,
  css,
}: {
  hash: (text: string) => string;
  filename: string;
  css: string;
}): string => `s-${hash(filename + css).slice(0, 4)}`;

/** Our own components are written in runes only; a library may still be in the older syntax. */
function runesEverywhere({ filename }: { filename: string }): { runes: true } | undefined {
  return filename.includes('node_modules') ? undefined : { runes: true };
}

function inputs(names: string[]): string[] {
  return names.map((name) => root + name).filter((path) => existsSync(path));
}

/**
 * One build in three passes, chosen by `--mode`, so that the widget shares no chunk with the staff's screens and its size
 * can be held on its own:
 * - `production` (and `development`): console and wallboard;
 * - `widget`: the customer's iframe and the demo page around it;
 * - `loader`: `widget.js`, the script that a site puts on its pages.
 */
export default defineConfig(({ mode, command }): UserConfig => {
  const hub = `http://127.0.0.1:${process.env.PORT ?? '4242'}`;
  const common: UserConfig = {
    root,
    appType: 'mpa',
    publicDir: false,
    plugins: [
      svelte({
        configFile: false,
        dynamicCompileOptions: runesEverywhere,
        compilerOptions: { cssHash: shortClass },
      }),
      leanSocket({
        transports: `${root}shared/client/transports.ts`,
        binary: `${root}shared/client/no-binary.ts`,
      }),
      ...(mode === 'widget' ? [usedTokensOnly()] : []),
      ...(command === 'serve' ? [shortAddresses()] : []),
    ],
    server: {
      port: 5173,
      proxy: {
        '/socket.io': { target: hub, ws: true },
        '/api': hub,
        '/auth': hub,
        '/widget.js': hub,
        '/readyz': hub,
        '/livez': hub,
      },
    },
  };
  if (mode === 'loader') {
    return {
      ...common,
      build: {
        outDir: 'dist/web',
        emptyOutDir: false,
        sourcemap: true,
        lib: { entry: `${root}widget/loader.ts`, formats: ['iife'], name: 'Halyard', fileName: () => 'widget.js' },
      },
    };
  }
  const widget = mode === 'widget';
  return {
    ...common,
    build: {
      outDir: 'dist/web',
      emptyOutDir: false,
      sourcemap: true,
      assetsDir: widget ? 'assets/widget' : 'assets',
      // Every browser that can run the pages preloads modules by itself.
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // A slow machine is no fault of a plugin.
        checks: { pluginTimings: false },
        input: inputs(
          widget ? ['widget/index.html', 'widget/customer.html'] : ['console/index.html', 'wallboard/index.html'],
        ),
        // What of the library is only for long polling is fetched with it, and by nobody else.
        treeshake: { moduleSideEffects: [{ test: /\/(engine|socket)\.io-client\//, sideEffects: false }] },
        output: {
          codeSplitting: widget
            ? {
                includeDependenciesRecursively: false,
                groups: [{ name: 'polling', test: /\/transports\/polling/ }],
              }
            : { groups: screenChunks({ console: `${root}console/main.ts`, wallboard: `${root}wallboard/main.ts` }) },
        },
      },
    },
  };
});
