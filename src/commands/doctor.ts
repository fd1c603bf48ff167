/** `cloudworthy doctor`: what a bug report needs, and why the repository was read the way it was. */
import { join } from 'node:path';
import { ConfigError, configPaths } from '../config/load-config.ts';
import { cacheFolder } from '../files/host/cache-folder.ts';
import { findTarget, pathExists, type Target } from '../files/host/find-root.ts';
import { gitVersion } from '../files/host/git-list.ts';
import { makeVisible } from '../reporters/visible-text.ts';
import { analyseFolder, readConfig, UsageError } from '../session.ts';
import type { Result } from '../types.ts';
import { printOut, usageExit } from './streams.ts';

interface Check {
  readonly good: boolean;
  readonly text: string;
}
const good = (text: string): Check => ({ good: true, text });
const bad = (text: string): Check => ({ good: false, text });

/** As `engines` in package.json says. */
function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits ? good(`Node.js ${version}`) : bad(`Node.js ${version}: 20.19, 22.12 or newer is needed`);
}

function checkGit({ root }: Target): Check {
  const version = gitVersion();
  if (!version) return bad('git was not found: files are listed without it');
  return good(
    pathExists(join(root, '.git'))
      ? `${version}, work tree ${root}`
      : `${version}; ${root} is no work tree, .gitignore is honoured all the same`,
  );
}

function checkConfig({ root }: Target): Check {
  try {
    const { path } = readConfig(root);
    return good(path ? `configuration ${path}` : `no configuration (looked for ${configPaths.join(', ')})`);
  } catch (error) {
    if (error instanceof ConfigError) return bad(`configuration: ${error.message}`);
    throw error;
  }
}

function describeResult({ services, counts, notAssessed }: Result): readonly string[] {
  const lines = [`${counts.files} files, ${counts.read} of them read, ${counts.parsed} manifests`];
  for (const service of services) {
    lines.push(
      `service ${service.name}: ${service.kind}${service.root ? ` in ${service.root}` : ''}, stands on ${service.place.path}:${service.place.line}`,
    );
    for (const link of service.links) lines.push(`  ${link.from} → ${link.to}: ${link.because} (${link.confidence})`);
  }
  const reasons = new Map<string, number>();
  for (const { reason } of notAssessed) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of [...reasons].sort()) lines.push(`not assessed, ${reason}: ${count}`);
  return lines;
}

/** Exit 2 when something is wrong with the machine or the configuration. */
export async function doctor(folder: string): Promise<number> {
  if (!pathExists(folder)) throw new UsageError(`There is no folder "${folder}".`);
  const target = findTarget([folder]);
  const checks = [
    good(`cloudworthy ${__VERSION__}`),
    checkNode(process.versions.node),
    checkGit(target),
    good(`cache ${cacheFolder() ?? 'off: no home folder'}`),
    checkConfig(target),
  ];
  const found = describeResult(await analyseFolder({ ...target, config: false, cache: false }));
  printOut(
    [
      ...checks.map(({ good: fine, text }) => `${fine ? 'ok ' : 'BAD'}  ${makeVisible(text)}`),
      ...found.map((line) => `     ${makeVisible(line)}`),
    ].join('\n'),
  );
  return checks.every((check) => check.good) ? 0 : usageExit;
}
