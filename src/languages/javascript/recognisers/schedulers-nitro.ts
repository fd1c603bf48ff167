import type { Value } from '../../../facts.ts';
import type { Place } from '../../../types.ts';
import type { ProgramView } from '../recogniser.ts';
import { functionsIn } from './request-code.ts';

/** A task that Nitro starts by itself in every copy (nitro.build, "Tasks", scheduled tasks). */
export interface NitroTask {
  readonly place: Place;
  readonly schedule: string;
  readonly functions: readonly string[];
}

const settings = /^(?:nuxt|nitro)\.config\.[cm]?[jt]s$/;
const property = (value: Value | undefined, name: string): Value | undefined =>
  value?.is === 'object' ? value.properties[name] : undefined;
const startOf = (path: string): Place => ({ path, line: 1, column: 1, endLine: 1, endColumn: 1 });
/** `defineTask({ … })`, `defineNuxtConfig({ … })`, or the object itself. */
const given = (value: Value): Value | undefined => (value.is === 'made' ? value.args[0] : value);

export function nitroTasks(program: ProgramView): readonly NitroTask[] {
  if (!['nuxt', 'nuxt3', 'nitropack', 'nitro'].some((name) => program.dependencies.has(name))) return [];
  const { files } = program.evaluator.graph;
  const inRoot = (path: string): string => (program.root === '' ? path : path.slice(program.root.length + 1));
  return files.under(program.root).flatMap((path) => {
    if (!settings.test(inRoot(path)) || !/\bscheduledTasks\b/.test(files.text(path) ?? '')) return [];
    const config = given(program.evaluator.exported(path, 'default', startOf(path)));
    const tasks = property(property(config, 'nitro'), 'scheduledTasks') ?? property(config, 'scheduledTasks');
    return tasks?.is !== 'object' ? [] : Object.entries(tasks.properties).map(([schedule, names]) => taskOf(schedule, names, program));
  });
}

function taskOf(schedule: string, names: Value, program: ProgramView): NitroTask {
  const items = names.is === 'list' ? names.items : [names];
  const files = items.flatMap((item) => (item.is === 'literal' ? [`tasks/${String(item.value).replaceAll(':', '/')}.`] : []));
  const modules = program.files.filter((path) => files.some((file) => path.includes(`/${file}`) || path.startsWith(file)));
  const functions = modules.flatMap((path) => {
    const run = property(given(program.evaluator.exported(path, 'default', startOf(path))), 'run');
    return run ? functionsIn(run) : [];
  });
  return { place: names.place, schedule, functions };
}
