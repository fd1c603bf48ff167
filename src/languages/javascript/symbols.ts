/**
 * Which functions a method call may run, where only types tell: interfaces, abstract classes, what a container injects.
 * The TypeScript language service answers, over files in memory; it is loaded (300 ms) only when somebody asks.
 */
import { createRequire } from 'node:module';
import type { CallExpression, Node, Project, SourceFile } from 'ts-morph';
import type { ProgramView } from './recogniser.ts';
import { scanImports } from './scan-imports.ts';

type Morph = typeof import('ts-morph');
/** A bundle without installed packages says where it keeps its own. */
const morphModule = typeof __TS_MORPH__ === 'undefined' ? 'ts-morph' : __TS_MORPH__;
/** Types are asked around a handler: the files nearest to it, not the whole program. */
const maximumFiles = 100;
const maximumText = 1_500_000;
const maximumCalls = 60;
/** A class that may stand behind a type is often imported by nobody who uses the type. */
const implementing = /\bclass\s+\w+[^{\n]{0,200}\b(?:implements|extends)\b/;
const typed = /\.[cm]?tsx?$/;

export class SymbolReader {
  readonly #program: ProgramView;
  #project: Project | undefined;
  #morph: Morph | undefined;
  readonly #added = new Set<string>();

  constructor(program: ProgramView) {
    this.#program = program;
  }

  /** The functions of the repository that the method calls written inside a function may run. What the compiler chokes on tells nothing. */
  implementations(functionId: string): readonly string[] {
    try {
      return this.#implementations(functionId);
    } catch {
      return [];
    }
  }

  #implementations(functionId: string): readonly string[] {
    const cut = functionId.lastIndexOf('#');
    const path = functionId.slice(0, cut);
    const fn = this.#program.functionOf(functionId);
    if (!fn || !typed.test(path)) return [];
    const source = this.#sourceOf(path);
    if (!source || !this.#morph) return [];
    const [line, column, endLine, endColumn] = fn.at;
    const start = offsetOf(source, line, column);
    const end = offsetOf(source, endLine, endColumn);
    const calls = source
      .getDescendantsOfKind(this.#morph.SyntaxKind.CallExpression)
      .filter((call) => call.getStart() >= start && call.getEnd() <= end);
    return [...new Set(calls.slice(0, maximumCalls).flatMap((call) => this.#targetsOf(call)))];
  }

  #targetsOf(call: CallExpression): readonly string[] {
    const callee = call.getExpression();
    const { Node: is } = this.#morph!;
    if (!is.isPropertyAccessExpression(callee)) return [];
    const name = callee.getNameNode();
    if (!is.isIdentifier(name)) return [];
    return name.getImplementations().flatMap((found) => {
      const id = this.#functionAt(found.getNode());
      return id === undefined ? [] : [id];
    });
  }

  /** The id of the function that a declared name stands for: a method, or a property that holds a function. */
  #functionAt(name: Node): string | undefined {
    const { Node: is } = this.#morph!;
    const declared = name.getParent() ?? name;
    const holder = is.isInitializerExpressionGetable(declared) ? declared.getInitializer() : declared;
    const body = is.isBodyable(holder) || is.isBodied(holder) ? holder.getBody() : undefined;
    if (!body) return undefined;
    const source = body.getSourceFile();
    const { line, column } = source.getLineAndColumnAtPos(body.getStart());
    return innermostFunction(source.getFilePath().slice(1), line, column, this.#program);
  }

  #sourceOf(path: string): SourceFile | undefined {
    const isFirst = !this.#project;
    if (isFirst) this.#open();
    this.#add([path]);
    if (isFirst) this.#add(this.#program.files.filter((file) => typed.test(file) && implementing.test(this.#program.text(file) ?? '')));
    return this.#project?.getSourceFile(`/${path}`);
  }

  #open(): void {
    this.#morph = createRequire(import.meta.url)(morphModule) as Morph;
    const { resolver } = this.#program.evaluator.graph;
    this.#project = new this.#morph.Project({
      useInMemoryFileSystem: true,
      skipLoadingLibFiles: true,
      compilerOptions: { allowJs: true, noLib: true, experimentalDecorators: true, target: 99 },
      resolutionHost: () => ({
        resolveModuleNames: (names, from) =>
          names.map((name) => {
            const resolution = resolver.resolve(name, from.slice(1));
            return resolution && 'path' in resolution && typed.test(resolution.path)
              ? { resolvedFileName: `/${resolution.path}` }
              : undefined;
          }),
      }),
    });
  }

  /** Adds files and what they import, types included: a type-only import loads nothing at run time. */
  #add(paths: readonly string[]): void {
    const { resolver } = this.#program.evaluator.graph;
    const queue = [...paths];
    let size = 0;
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      if (this.#added.has(path) || this.#added.size >= maximumFiles || size > maximumText) continue;
      this.#added.add(path);
      const text = this.#program.text(path);
      if (text === undefined) continue;
      size += text.length;
      this.#project!.createSourceFile(`/${path}`, text, { overwrite: true });
      for (const specifier of [...scanImports(text), ...typeImports(text)]) {
        const resolution = resolver.resolve(specifier, path);
        if (resolution && 'path' in resolution && typed.test(resolution.path)) queue.push(resolution.path);
      }
    }
  }
}

const typeImport = /\b(?:import|export)\s+type\b[^'"\n;]{0,400}\bfrom\s*['"]([^'"\n]{1,300})['"]/g;
const typeImports = (text: string): readonly string[] => [...text.matchAll(typeImport)].map(([, specifier]) => specifier!);

const offsetOf = (source: SourceFile, line: number, column: number): number =>
  source.compilerNode.getPositionOfLineAndCharacter(line - 1, column - 1);

/** The smallest function of a module around a place. */
function innermostFunction(path: string, line: number, column: number, program: ProgramView): string | undefined {
  const functions = program.evaluator.graph.summary(path)?.functions ?? [];
  let best = -1;
  functions.forEach(({ at: [fromLine, fromColumn, toLine, toColumn] }, index) => {
    const starts = fromLine < line || (fromLine === line && fromColumn <= column);
    const ends = toLine > line || (toLine === line && toColumn >= column);
    // A nested function always has a higher number than the one around it.
    if (starts && ends) best = Math.max(best, index);
  });
  return best < 0 ? undefined : `${path}#${best}`;
}
