import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isNeverManifest } from '../../src/extract/never-manifests.ts';
import { manifestAdapters } from '../../src/manifests/index.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(fixtures.length + 1)
      .replaceAll('\\', '/'),
  );

describe('names that no adapter is asked about', () => {
  it('are owned by none, over all fixtures', () => {
    const skipped = files.filter(isNeverManifest);
    const owned = skipped.filter((path) => manifestAdapters.some((adapter) => adapter.needsText?.(path) || adapter.classify(path)));
    expect(skipped.length).toBeGreaterThan(300);
    expect(owned).toEqual([]);
  });
  it.each(['Dockerfile.go', 'docker/dockerfile.java', 'Procfile.rb', 'ecosystem.config.ts', 'web/Caddyfile.md'])(
    'leave %s to the adapters',
    (path) => expect(isNeverManifest(path)).toBe(false),
  );
  it.each(['src/main.ts', 'a/b/App.java', 'logo.svg'])('hold %s', (path) => expect(isNeverManifest(path)).toBe(true));
});
