import { defineConfig } from 'vitest/config';
import { vitePage } from './build/page-plugin.mjs';
import { viteRules } from './build/rules-plugin.mjs';

export default defineConfig({
  plugins: [viteRules(), vitePage()],
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/prepare-languages.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Processes, because tests set environment variables; modules are loaded once for each of them, because they keep no state.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
  },
});
