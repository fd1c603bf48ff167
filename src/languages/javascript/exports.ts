import type { Value } from '../../facts.ts';
import type { Place } from '../../types.ts';
import type { Evaluator } from './evaluate.ts';
import { exportsNamed } from './exports-by-name.ts';
import type { ModuleSummary } from './summary.ts';
import { choice, maximumOptions, whenOf } from './values.ts';

/** What an import means: the export of another module, also where modules hand it on, or a package. */
export class ExportReader {
  /** Names that are looked for in what modules hand on. */
  readonly #handing = new Set<string>();

  constructor(readonly evaluator: Evaluator) {}

  imported(specifier: string, name: string, from: string, place: Place): Value {
    const resolution = this.evaluator.graph.resolver.resolve(specifier, from);
    if (!resolution) return { is: 'unknown', place };
    if ('path' in resolution) return this.of(resolution.path, name, place);
    const subpath = resolution.subpath.replaceAll('/', '.');
    const member = name === 'default' || name === '*' || name === '=' ? '' : name;
    return { is: 'package', package: resolution.package, path: [subpath, member].filter(Boolean).join('.'), place };
  }

  /** An export of a module: `=` is `module.exports`, `*` the namespace. */
  of(path: string, name: string, place: Place): Value {
    const summary = this.evaluator.opens(path) ? this.evaluator.graph.summary(path) : undefined;
    if (!summary) return { is: 'unknown', place };
    const whole = exportsNamed('=', summary);
    if (name === '*' || name === '=') {
      if (whole.length > 0) return this.#exportValue(whole, path, place);
      return { is: 'reference', specifier: path, name: '*', place };
    }
    const named = exportsNamed(name, summary);
    if (named.length > 0) return this.#exportValue(named, path, place);
    const handedOn = summary.reExports.length > 0 ? this.#handedOn(summary.reExports, path, name, place) : undefined;
    if (handedOn) return handedOn;
    if (whole.length > 0) {
      const value = this.#exportValue(whole, path, place);
      return name === 'default' ? value : this.evaluator.memberOf(value, name, place);
    }
    return name === 'default' && summary.exports.length > 0
      ? { is: 'reference', specifier: path, name: '*', place }
      : { is: 'unknown', place };
  }

  /** Modules that hand out one another, or an index that lists itself, are asked once for a name. */
  #handedOn(reExports: ModuleSummary['reExports'], path: string, name: string, place: Place): Value | undefined {
    const asked = `${path}\0${name}`;
    if (this.#handing.has(asked)) {
      if (this.evaluator.asking) this.evaluator.asking.count++;
      return undefined;
    }
    this.#handing.add(asked);
    try {
      for (const reExport of reExports) {
        if (reExport.as !== name && reExport.as !== '*') continue;
        const isStar = reExport.name === '*' && reExport.as === '*';
        if (isStar && name !== 'default' && !this.#mayExport(reExport.specifier, name, path)) continue;
        const value = this.imported(reExport.specifier, isStar ? name : reExport.name, path, place);
        if (value.is !== 'unknown') return value;
      }
      return undefined;
    } finally {
      this.#handing.delete(asked);
    }
  }

  /** An index of hundreds of modules asks each: only those are parsed that may have the name. */
  #mayExport(specifier: string, name: string, from: string): boolean {
    const { graph } = this.evaluator;
    const resolution = graph.resolver.resolve(specifier, from);
    return !resolution || !('path' in resolution) || graph.mayExport(resolution.path, name);
  }

  #exportValue(exports: ModuleSummary['exports'], path: string, place: Place): Value {
    if (exports.length === 1) return this.evaluator.evaluate(exports[0]!.value, path);
    return choice(
      exports.slice(0, maximumOptions).map(({ value, when }) => ({
        value: this.evaluator.evaluate(value, path),
        ...whenOf(when ? this.evaluator.conditions(when, path) : []),
      })),
      place,
    );
  }
}
