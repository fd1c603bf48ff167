import type { Value } from '../../facts.ts';
import type { FileAccess } from '../language.ts';
import { AutoImports } from './auto-imports.ts';
import { Evaluator } from './evaluate.ts';
import { parseJsonModule } from './json-module.ts';
import { LeafValues } from './leaf-values.ts';
import { ParameterReads } from './parameter-reads.ts';
import { type Interest, interestOf } from './recognisers/interests.ts';
import type { RecordedCalls } from './recorded-calls.ts';
import type { ModuleResolver } from './resolve-modules.ts';
import { type ScannedExports, scanExports } from './scan-exports.ts';
import { scanGlobs, scanImports } from './scan-imports.ts';
import { Asking, SharedValues } from './shared-values.ts';
import { summarise } from './summarise.ts';
import type { Expression, ModuleSummary } from './summary.ts';
import { isPlain } from './values.ts';
import { parseYamlModule } from './yaml-module.ts';

/** Part of the cache key: change it whenever a summary's content changes for the same text. */
const summaryVersion = 'javascript-module-44';

/** What a look at the text tells, without a parser. */
export interface Outline {
  readonly specifiers: readonly string[];
  /** Something in it can matter to a recogniser: worth a parse. */
  readonly matters: boolean;
  /** It says something only of what others run: worth a parse when they ask. */
  readonly asked: boolean;
  /** It hands on what other modules export. */
  readonly forwards: boolean;
  /** Globs of scripts that the file names. */
  readonly globs: readonly string[];
  /** Runs in browsers, although a server knows it: what it imports is not the server's. */
  readonly browser: boolean;
}

/** `'use client'` at the top. */
const clientDirective = /^\s*(?:\/\*[^*]{0,2000}\*\/\s*)?['"]use client['"]/;
/** A page of the Next.js pages router; it runs on the server when it asks for data there. */
const page = /(?:^|\/)pages\/(?!api\/)[^.]*\.[jt]sx$/;
const serverFunctions = /\bget(?:ServerSideProps|StaticProps|InitialProps|StaticPaths)\b/;
/** Components with hooks of React, and hooks themselves: a server may render them, but what they do happens in browsers. */
const reactHook = /\buse(?:State|Effect|LayoutEffect|Ref|Reducer|Memo|Callback|Context)\s*[(<]/;
const importsReact = /\bfrom\s*['"]react['"]/;
const runsInBrowser = (path: string, text: string): boolean =>
  clientDirective.test(text.slice(0, 2_500)) ||
  (page.test(path) && !serverFunctions.test(text)) ||
  (reactHook.test(text) && importsReact.test(text) && !page.test(path));

/** `export * from`, `export { a } from`, `module.exports = require(…)`, `module.exports.a = require(…)`; enumerations, which hold constants. */
const forwarding =
  /\bexport (?:const )?enum\b|\bexport\s*\*[^;'"\n]{0,80}\bfrom\b|\bexport\s*\{[^}]{0,2000}\}|\bexport default \{|\bexports(?:\.\w+)?\s*=\s*(?:\{|require\b)/;

/** Names for values that conditions compare. */
const enumeration = /\bexport (?:const )?enum\b/;

/** `if (bucket) Store = require('./remote')`, `bucket ? new Remote() : …`: which module or class runs depends on a setting. */
const chosenModule =
  /(?:\?|^[ \t]*:|\belse\b|\bif[ \t]*\([^\n]{0,200}\)|\bcase[ \t][^\n:]{0,80}:)\s*(?:\{\s*)?(?:[\w.]{1,60} = |return )?(?:(?:new \(?)?(?:await )?(?:require|import)\(\s*['"]\.{1,2}\/|new (?!(?:Date|Error|Map|Set|Array|Promise|RegExp|URL|Number|Buffer|Uint8Array)\b)[A-Z])/m;

/** A minified bundle: lines so long that nobody wrote them. */
const isMinified = (text: string): boolean => text.length > 20_000 && text.length / (text.split('\n', 400).length || 1) > 500;

/** The modules of a repository, shared by its programs: each is read, parsed and resolved at most once. */
export class Modules {
  readonly #outlines = new Map<string, Outline>();
  readonly #summaries = new Map<string, ModuleSummary | undefined>();
  readonly #exported = new Map<string, ScannedExports>();
  readonly #callees = new Map<Expression, Value | null>();
  /** Who calls what, by module: the same in every program. */
  readonly recordedCalls = new Map<string, RecordedCalls>();
  readonly #parameterReads = new ParameterReads();
  readonly #leaves = new LeafValues();
  readonly autoImports: AutoImports;
  /** Finds callees and tests of the environment without asking for parameters: the answers hold in every program. */
  readonly statics: Evaluator;
  /** What the evaluators of all programs have in common: those of callees, which open few modules, and the others. */
  readonly sharedCallees: SharedValues;
  readonly shared: SharedValues;

  constructor(
    readonly files: FileAccess,
    readonly resolver: ModuleResolver,
  ) {
    this.autoImports = new AutoImports(files);
    const asking = new Asking();
    this.statics = new Evaluator(this, { opens: (path) => this.leadsOn(path), asking });
    this.sharedCallees = new SharedValues(this.statics, asking);
    const asked = new Asking();
    this.shared = new SharedValues(new Evaluator(this, { statics: this.statics, asking: asked }), asked);
  }

  /** What a callee is in every program; `undefined` where parameters may decide it. */
  plainCallee(callee: Expression, path: string): Value | undefined {
    const known = this.#callees.get(callee);
    if (known !== undefined) return known ?? undefined;
    const value = this.statics.evaluate(callee, path);
    const plain = isPlain(value) ? value : null;
    this.#callees.set(callee, plain);
    return plain ?? undefined;
  }

  /** The value of an expression that asks nothing of others: the same in every program. */
  leaf(expression: Expression, path: string): Value | undefined {
    return this.#leaves.of(expression, path);
  }

  /** Whether the arguments of a call may decide what an expression of the called function is. */
  readsParameters(expression: Expression, path: string): boolean {
    return this.#parameterReads.has(expression, this.summary(path));
  }

  /** True when the gate lets the file through to the parser. */
  matters(path: string): boolean {
    const { matters, browser } = this.outline(path);
    return matters && !browser;
  }

  /** True when calls into the file can lead to something that matters: it matters itself or hands on others. */
  leadsOn(path: string): boolean {
    const { matters, forwards } = this.outline(path);
    return matters || forwards;
  }

  /** The summary of any file of the repository, parsed on demand. */
  summary(path: string): ModuleSummary | undefined {
    const known = this.#summaries.get(path);
    if (known || this.#summaries.has(path)) {
      this.files.touch?.(path);
      return known;
    }
    const summary = path.endsWith('.json')
      ? this.files.derive(path, 'json-module-1', ({ text }) => parseJsonModule(text))
      : /\.ya?ml$/.test(path)
        ? this.files.derive(path, 'yaml-module-1', parseYamlModule)
        : this.files.derive(path, summaryVersion, ({ text }) => (isMinified(text) ? undefined : summarise(path, text)));
    this.#summaries.set(path, summary);
    return summary;
  }

  /** False where the text of a module tells that it exports no value of this name. */
  mayExport(path: string, name: string): boolean {
    const known = this.#summaries.has(path) || this.outline(path).matters || path.endsWith('.json');
    if (known) return true;
    const exported = this.#exported.get(path) ?? this.files.derive(path, 'javascript-exports-1', ({ text }) => scanExports(text));
    if (!exported) return true;
    this.#exported.set(path, exported);
    return exported.open || exported.names.includes(name);
  }

  outline(path: string): Outline {
    let outline = this.#outlines.get(path);
    if (!outline) {
      outline = this.files.derive(path, 'javascript-outline-18', ({ text }) => {
        const specifiers = scanImports(text);
        const interest: Interest = isMinified(text) ? 'none' : chosenModule.test(text) ? 'found' : interestOf(text, specifiers);
        const matters = interest === 'found';
        return {
          specifiers,
          matters,
          asked: interest === 'asked',
          globs: text.includes('*') ? scanGlobs(text) : [],
          forwards: !matters && ((specifiers.length > 0 && forwarding.test(text)) || enumeration.test(text)),
          browser: runsInBrowser(path, text),
        };
      }) ?? { specifiers: [], globs: [], matters: false, asked: false, forwards: false, browser: false };
      this.#outlines.set(path, outline);
    } else this.files.touch?.(path);
    return outline;
  }
}
