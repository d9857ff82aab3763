import type { Environment } from 'vitest/runtime';

/**
 * Plain Node, but modules are transformed as for a browser: Svelte's runes are then the live ones, not the inert ones that
 * the compiler emits for rendering on a server. There is no DOM; what needs one is tested in Chromium.
 */
const environment: Environment = {
  name: 'client',
  viteEnvironment: 'client',
  setup() {
    return { teardown() {} };
  },
};

export default environment;
