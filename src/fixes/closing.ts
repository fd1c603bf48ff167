/**
 * Pools and clients that a service closes when it stops, by the names under which the file of the server reaches them. TypeScript
 * follows the names over files, in memory; it takes a third of a second to load, so nobody asks before such a fix is applied.
 */
import { createRequire } from 'node:module';
import type { Expression, Symbol as Named, Node, Project, SourceFile } from 'ts-morph';
import type { Service } from '../types.ts';
import type { FixContext } from './fix-maker.ts';

type Morph = typeof import('ts-morph');
/** A bundle without installed packages says where it keeps its own. */
const morphModule = typeof __TS_MORPH__ === 'undefined' ? 'ts-morph' : __TS_MORPH__;
const maximumFiles = 80;
const maximumText = 1_000_000;
const maximumSteps = 10;
const maximumProperties = 40;

interface Closer {
  /** What of the package makes it: a class, a function, or the package itself (`''`). */
  readonly made: RegExp;
  readonly close: string;
  /** From this major version on another method. */
  readonly newer?: { readonly from: number; readonly close: string };
}
/** How each library gives its connections back. */
const closers: Readonly<Record<string, Closer>> = {
  mongoose: { made: /^$/, close: 'disconnect' },
  mongodb: { made: /^MongoClient$/, close: 'close' },
  pg: { made: /^(?:Pool|Client)$/, close: 'end' },
  mysql2: { made: /^create(?:Pool|Connection)$/, close: 'end' },
  'mysql2/promise': { made: /^createPool$/, close: 'end' },
  ioredis: { made: /^(?:Redis|Cluster)?$/, close: 'quit' },
  redis: { made: /^createClient$/, close: 'quit', newer: { from: 5, close: 'close' } },
  '@prisma/client': { made: /^PrismaClient$/, close: '$disconnect' },
  sequelize: { made: /^(?:Sequelize)?$/, close: 'close' },
  typeorm: { made: /^DataSource$/, close: 'destroy' },
  knex: { made: /^(?:knex|Knex)?$/, close: 'destroy' },
  bullmq: { made: /^(?:Worker|Queue|QueueEvents)$/, close: 'close' },
  bull: { made: /^$/, close: 'close' },
};

/** Told by package.json alone: whether it is worth asking. */
export const mayClose = ({ package: manifest }: Service): boolean =>
  Object.keys(manifest?.value.dependencies ?? {}).some((name) => name in closers);

/** Calls that close what is in reach at an offset of a file: `pool.end()`. */
export function closingCalls(path: string, offset: number, service: Service, context: FixContext): readonly string[] {
  const morph = createRequire(import.meta.url)(morphModule) as Morph;
  const source = openProject(morph, path, service, context).getSourceFile(`/${path}`);
  return source ? new Reader(morph, source, service).callsAt(offset) : [];
}

function openProject(morph: Morph, path: string, service: Service, context: FixContext): Project {
  const { ModuleKind, ModuleResolutionKind, ScriptTarget } = morph;
  const project = new morph.Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: {
      allowJs: true,
      noLib: true,
      esModuleInterop: true,
      target: ScriptTarget.ESNext,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
    },
  });
  let size = 0;
  const paths = new Set([path, ...service.code.all('module').map(({ value }) => value.path)]);
  for (const each of [...paths].slice(0, maximumFiles)) {
    const text = /\.[cm]?[jt]sx?$/.test(each) ? context.source(each)?.text : undefined;
    size += text?.length ?? 0;
    if (text !== undefined && size < maximumText) project.createSourceFile(`/${each}`, text);
  }
  return project;
}

interface Origin {
  readonly package: string;
  /** `''`: the package as a whole. */
  readonly name: string;
}

class Reader {
  readonly #morph: Morph;
  readonly #source: SourceFile;
  readonly #service: Service;

  constructor(morph: Morph, source: SourceFile, service: Service) {
    this.#morph = morph;
    this.#source = source;
    this.#service = service;
  }

  callsAt(offset: number): readonly string[] {
    const at = this.#source.getDescendantAtPos(offset);
    if (!at) return [];
    const { SymbolFlags } = this.#morph;
    const scope = at
      .getProject()
      .getTypeChecker()
      .getSymbolsInScope(at, SymbolFlags.Value | SymbolFlags.Alias);
    const own = scope.filter((symbol) => symbol.getDeclarations()[0]?.getSourceFile() === this.#source);
    const calls = new Map<Node, string>();
    for (const symbol of own.toSorted((one, other) => startOf(one) - startOf(other))) {
      for (const [made, call] of this.#closing(symbol, at)) if (!calls.has(made)) calls.set(made, call);
    }
    return [...calls.values()];
  }

  /** What a name of the file closes: itself, or what it holds (`db.pool`). */
  #closing(symbol: Named, at: Node): readonly (readonly [Node, string])[] {
    const name = symbol.getName();
    const [declaration] = symbol.getDeclarations();
    const own = this.#madeBy(symbol);
    if (own) return [[own.node, `${name}.${own.method}()`]];
    const meant = symbol.isAlias() ? symbol.getAliasedSymbol() : symbol;
    if (!this.#isModule(declaration) || !meant) return [];
    const properties = meant.getTypeAtLocation(at).getProperties().slice(0, maximumProperties);
    return properties.flatMap((property) => {
      const made = this.#madeBy(property);
      return made ? [[made.node, `${name}.${property.getName()}.${made.method}()`] as const] : [];
    });
  }

  /** Only what other files hand out is looked into. */
  #isModule(declaration: Node | undefined): boolean {
    const { Node: is } = this.#morph;
    if (is.isNamespaceImport(declaration) || is.isImportClause(declaration)) return true;
    return is.isVariableDeclaration(declaration) && /^require\(\s*['"]\.{1,2}\//.test(declaration.getInitializer()?.getText() ?? '');
  }

  /** The expression that makes what a name stands for, over files, and the method that closes it. */
  #madeBy(symbol: Named): { readonly node: Node; readonly method: string } | undefined {
    let node: Node | undefined = meantBy(symbol).getDeclarations()[0];
    for (let step = 0; node && step < maximumSteps; step++) {
      const origin = this.#originOf(node);
      const whole = this.#importOf(node);
      if (origin || whole) {
        // Only mongoose is what it gives.
        const isMade = origin ? origin.package !== 'mongoose' : whole?.package === 'mongoose';
        const method = isMade ? this.#methodOf((origin ?? whole)!) : undefined;
        return method ? { node, method } : undefined;
      }
      node = this.#behind(node);
    }
    return undefined;
  }

  /** One step nearer to where a value is made. */
  #behind(node: Node): Node | undefined {
    const { Node: is } = this.#morph;
    if (is.isShorthandPropertyAssignment(node)) return node.getValueSymbol()?.getDeclarations()[0];
    if (is.isExportAssignment(node) || is.isAwaitExpression(node) || is.isParenthesizedExpression(node)) return node.getExpression();
    if (is.isAsExpression(node) || is.isNonNullExpression(node) || is.isSatisfiesExpression(node)) return node.getExpression();
    if (is.isVariableDeclaration(node) || is.isPropertyAssignment(node)) return node.getInitializer();
    if (is.isBinaryExpression(node)) return node.getRight();
    const parent = node.getParent();
    // `module.exports = pool`, `db.pool = pool`.
    if (is.isPropertyAccessExpression(node) && is.isBinaryExpression(parent) && parent.getLeft() === node) return parent.getRight();
    if (is.isIdentifier(node)) {
      const symbol = node.getSymbol();
      return (
        symbol &&
        meantBy(symbol)
          .getDeclarations()
          .find((each) => each !== node)
      );
    }
    // `createClient().on('error', …)`.
    const callee = is.isCallExpression(node) ? node.getExpression() : undefined;
    return is.isPropertyAccessExpression(callee) && /^(?:on|once)$/.test(callee.getName()) ? callee.getExpression() : undefined;
  }

  /** The package whose class or function a `new` or a call names. */
  #originOf(node: Node): Origin | undefined {
    const { Node: is } = this.#morph;
    if (!is.isNewExpression(node) && !is.isCallExpression(node)) return undefined;
    const callee: Expression = node.getExpression();
    const member = is.isPropertyAccessExpression(callee) ? callee.getName() : undefined;
    const root = is.isPropertyAccessExpression(callee) ? callee.getExpression() : callee;
    const declaration = is.isIdentifier(root) ? root.getSymbol()?.getDeclarations()[0] : undefined;
    const imported = declaration ? this.#importOf(declaration) : requiredBy(root.getText());
    if (!imported || (member !== undefined && imported.name !== '')) return undefined;
    return { package: imported.package, name: member ?? imported.name };
  }

  /** The package that a declaration imports from, by `import` or `require`; nothing for files of the repository. */
  #importOf(declaration: Node): Origin | undefined {
    const { Node: is } = this.#morph;
    const specifier = declaration.getFirstAncestor((each) => is.isImportDeclaration(each));
    if (is.isImportDeclaration(specifier)) {
      const name = is.isImportSpecifier(declaration) ? declaration.getName() : '';
      return external(specifier.getModuleSpecifierValue(), name);
    }
    const holder = is.isBindingElement(declaration) ? declaration.getParent().getParent() : declaration;
    const required = is.isVariableDeclaration(holder) ? requiredBy(holder.getInitializer()?.getText() ?? '') : undefined;
    if (!required || !is.isBindingElement(declaration)) return required;
    return external(required.package, declaration.getPropertyNameNode()?.getText() ?? declaration.getName());
  }

  #methodOf({ package: name, name: made }: Origin): string | undefined {
    const closer = Object.hasOwn(closers, name) ? closers[name] : undefined;
    if (!closer?.made.test(made)) return undefined;
    const major = Number(/\d+/.exec(this.#service.package?.value.dependencies[name]?.range ?? '')?.[0]);
    return closer.newer && major >= closer.newer.from ? closer.newer.close : closer.close;
  }
}

const external = (from: string, name: string): Origin | undefined =>
  /^[./]/.test(from) ? undefined : { package: from, name: name === 'default' ? '' : name };
/** `require('x')`, `require('x').y`. */
function requiredBy(text: string): Origin | undefined {
  const [, from, member = ''] = /^require\(\s*['"]([^'"]{1,200})['"]\s*\)(?:\.(\w+))?$/.exec(text) ?? [];
  return from === undefined ? undefined : external(from, member);
}
/** What a name of another file is there; of a package, whose files are not read, the import itself. */
function meantBy(symbol: Named): Named {
  const other = symbol.isAlias() ? symbol.getAliasedSymbol() : undefined;
  return other && other.getDeclarations().length > 0 ? other : symbol;
}
const startOf = (symbol: Named): number => symbol.getDeclarations()[0]?.getStart() ?? 0;
