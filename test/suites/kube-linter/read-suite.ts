import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One test of KubeLinter's own suite: a check, the manifests that it reads, and how often it fires. */
export interface SuiteTest {
  readonly check: string;
  readonly manifest: string;
  /** Absent: the suite compares messages only; then their number. */
  readonly count: number;
}

/** Tests with a single check, from `e2etests/bats-tests.sh` of a checkout. */
export function readSuite(folder: string): readonly SuiteTest[] {
  const script = readFileSync(join(folder, 'e2etests/bats-tests.sh'), 'utf8');
  return script
    .split(/^@test /m)
    .slice(1)
    .flatMap((body): SuiteTest[] => {
      const check = /lint --include ([a-z0-9-]+) --do-not/.exec(body)?.[1];
      const manifest = /^ *tmp="([^"]+)"/m.exec(body)?.[1];
      if (!check || !manifest || !existsSync(join(folder, manifest))) return [];
      const count = /"\$\{count\}" == "?(\d+)"?/.exec(body)?.[1];
      const messages = body.match(/\[\[ "\$\{message\d+\}"/g)?.length ?? 0;
      return [{ check, manifest: join(folder, manifest), count: count === undefined ? messages : Number(count) }];
    });
}
