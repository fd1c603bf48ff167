/** `cloudworthy init`: a configuration that says what was found, with every other setting as a comment. */
import { join } from 'node:path';
import { configPaths } from '../config/load-config.ts';
import { findTarget, pathExists } from '../files/host/find-root.ts';
import { writeNewFile } from '../files/host/write.ts';
import { analyseFolder, UsageError } from '../session.ts';
import type { Result } from '../types.ts';
import { printError, printOut, usageExit } from './streams.ts';

const schema = 'https://unpkg.com/cloudworthy/schemas/config.schema.json';

/** Names come from the repository: a line break must not leave the comment. */
const comment = (text: string): string => `# ${text.replace(/[\r\n\u0085\u2028\u2029]+/g, ' ')}`;

function describeServices({ services }: Result): readonly string[] {
  if (!services.length) return ['# No service was found yet.'];
  return [
    '# Services found:',
    ...services.map(({ name, kind, root, answer }) => comment(`  ${name} (${kind}${root ? `, ${root}` : ''}): ${answer}`)),
  ];
}

export function renderConfig(result: Result): string {
  const platforms = [...new Set(result.services.flatMap((service) => service.platforms))].sort();
  return `# yaml-language-server: $schema=${schema}
$schema: ${schema}

${describeServices(result).join('\n')}

# Findings of this level or worse make the exit code 1: error, warning, note, never.
failOn: error

# Platforms that count as production; all when left out.${platforms.length ? ` Found: ${platforms.join(', ')}.` : ''}
# targets: [${platforms.join(', ') || 'kubernetes'}]

# Values files that belong together when a chart is installed, relative to it; by name where this is left out.
# helm:
#   sets:
#     prod: [values.yaml, values-prod.yaml]

# Rules by id: off, on, or a level of your own. "cloudworthy rules" lists them.
# rules:
#   metrics-missing: off
#   image-tag-mutable: error

# Findings that are known and accepted.
# ignore:
#   - rules: [local-cache]
#     paths: [legacy/**]
#     reason: replaced by the shared cache in spring
#     until: 2027-03-31

# Paths that are not read at all, as in .gitignore.
# exclude:
#   - playground/
`;
}

export async function init(folder: string): Promise<number> {
  if (!pathExists(folder)) throw new UsageError(`There is no folder "${folder}".`);
  const { root } = findTarget([folder]);
  const existing = configPaths.find((path) => pathExists(join(root, path)));
  if (existing) {
    printError(`${existing} exists already; it was left as it is.`);
    return usageExit;
  }
  const text = renderConfig(await analyseFolder({ root, config: false }));
  if (!writeNewFile(join(root, 'cloudworthy.yml'), text)) return usageExit;
  printOut('Wrote cloudworthy.yml');
  return 0;
}
