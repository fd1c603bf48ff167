import { defineConfig } from 'vitest/config';
import { viteRules } from './build/rules-plugin.mjs';

export default defineConfig({
  plugins: [viteRules()],
  define: { __VERSION__: JSON.stringify('0.0.0-test') },
  test: { include: ['test/**/*.test.ts'], testTimeout: 20_000 },
});
