import type { Node } from '@babel/types';
import { type Context, guarded, type Read } from './context.ts';
import { keyName, requiredModule } from './expressions.ts';
import { ListedFolders } from './listed-folders.ts';
import { loadedFolder } from './loaded-folders.ts';
import { patternIdentifiers } from './node-shapes.ts';
import { atOf, type OpenBinding } from './scopes.ts';
import type { At, Call, Expression, Guard, ImportSummary } from './summary.ts';

/** Binds a name to a value where the walk stands. */
type Assign = (id: Node, value: Expression, context: Context) => void;

/** SvelteKit hands out the environment as modules: `env` of `$env/dynamic/private`, variables by name of `$env/static/private`. */
function environmentOf(specifier: string, name: string, at: At): Expression | undefined {
  const how = /^\$env\/(dynamic|static)\/(?:private|public)$/.exec(specifier)?.[1];
  if (how === undefined || name === '*' || (how === 'dynamic' && name !== 'env')) return undefined;
  const env: Expression = { k: 'member', of: { k: 'global', name: 'process', at }, name: 'env', at };
  return how === 'dynamic' ? env : { k: 'member', of: env, name, at };
}

/** Imports and exports of a module, ECMAScript and CommonJS alike. */
export class ModuleSyntax {
  readonly imports: ImportSummary[] = [];
  readonly exports: { name: string; value: Expression; when?: readonly Guard[] }[] = [];
  readonly reExports: { specifier: string; name: string; as: string }[] = [];

  readonly #listed: ListedFolders;

  constructor(
    readonly read: Read,
    readonly assign: Assign,
    readonly classId: (node: Node) => number | undefined,
  ) {
    this.#listed = new ListedFolders(read);
  }

  /** Adds what only the whole module tells. */
  finish(bindings: readonly OpenBinding[], calls: readonly Call[]): void {
    this.imports.push(...this.#listed.finish(bindings, calls));
  }

  /** `module.exports = …`, `exports.name = …`. */
  assignExport(root: string, path: readonly string[], value: Expression, context: Context): void {
    const exported = root === 'module' && path[0] === 'exports' ? path.slice(1) : root === 'exports' ? path : undefined;
    if (exported && exported.length <= 1) this.exports.push({ name: exported[0] ?? '=', value, ...guarded(context) });
  }

  see(node: Node, context: Context): void {
    switch (node.type) {
      case 'ImportDeclaration':
        if (node.importKind === 'type') return;
        if (
          node.specifiers.length > 0 &&
          node.specifiers.every((specifier) => specifier.type === 'ImportSpecifier' && specifier.importKind === 'type')
        )
          return;
        this.imports.push({ specifier: node.source.value, how: 'import', at: atOf(node.source) });
        for (const specifier of node.specifiers) {
          const name =
            specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : specifier.type === 'ImportNamespaceSpecifier'
                ? '*'
                : keyName(specifier.imported as Node, false)!;
          const at = atOf(specifier);
          const given = environmentOf(node.source.value, name, at);
          this.assign(specifier.local, given ?? { k: 'import', specifier: node.source.value, name, at }, context);
        }
        return;
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          const specifier = node.moduleReference.expression.value;
          this.imports.push({ specifier, how: 'require', at: atOf(node) });
          this.assign(node.id, { k: 'import', specifier, name: '=', at: atOf(node) }, context);
        }
        return;
      case 'TSExportAssignment':
        this.exports.push({ name: '=', value: this.read(node.expression as Node, context) });
        return;
      case 'ExportDefaultDeclaration':
        this.exports.push({ name: 'default', value: this.#readDeclaration(node.declaration as Node, context) });
        return;
      case 'ExportAllDeclaration':
        if (node.exportKind === 'type') return;
        this.imports.push({ specifier: node.source.value, how: 'export', at: atOf(node.source) });
        this.reExports.push({ specifier: node.source.value, name: '*', as: '*' });
        return;
      case 'ExportNamedDeclaration':
        return this.#namedExport(node, context);
      case 'NewExpression':
        return this.#listed.seeStart(node, context);
      case 'CallExpression':
        this.#listed.seeStart(node, context);
        return this.#dynamicImport(node, context);
      case 'ImportExpression':
        return this.#dynamicImport(node, context);
    }
  }

  #readDeclaration(node: Node, context: Context): Expression {
    const cls = node.type === 'ClassDeclaration' ? this.classId(node) : undefined;
    if (cls !== undefined) return { k: 'class', id: cls, at: atOf(node) };
    return this.read(node, context);
  }

  #namedExport(node: Node & { type: 'ExportNamedDeclaration' }, context: Context): void {
    if (node.exportKind === 'type') return;
    if (node.source) this.imports.push({ specifier: node.source.value, how: 'export', at: atOf(node.source) });
    for (const specifier of node.specifiers) {
      const as = keyName(specifier.exported as Node, false) ?? 'default';
      if (node.source) {
        const name =
          specifier.type === 'ExportNamespaceSpecifier'
            ? '*'
            : specifier.type === 'ExportSpecifier'
              ? (keyName(specifier.local as Node, false) ?? 'default')
              : 'default';
        this.reExports.push({ specifier: node.source.value, name, as });
      } else if (specifier.type === 'ExportSpecifier') this.exports.push({ name: as, value: this.read(specifier.local as Node, context) });
    }
    const declaration = node.declaration as (Node & { id?: Node; declarations?: { id: Node }[] }) | null | undefined;
    if (!declaration || (declaration.type.startsWith('TS') && declaration.type !== 'TSEnumDeclaration')) return;
    const ids =
      declaration.type === 'VariableDeclaration'
        ? declaration.declarations!.flatMap((declarator) => patternIdentifiers(declarator.id as Node))
        : declaration.id
          ? [declaration.id]
          : [];
    for (const id of ids) if (id.type === 'Identifier') this.exports.push({ name: id.name, value: this.read(id, context) });
  }

  #dynamicImport(node: Node & { type: 'CallExpression' | 'ImportExpression' }, context: Context): void {
    const specifier = requiredModule(node, context.scope);
    if (specifier !== undefined) {
      const how = node.type === 'CallExpression' && (node.callee as Node).type !== 'Import' ? 'require' : 'dynamic';
      this.imports.push({ specifier, how, at: atOf(node), ...guarded(context) });
      return;
    }
    const folder = loadedFolder(node, context.scope);
    if (folder) this.imports.push({ specifier: folder, how: 'folder', at: atOf(node), ...guarded(context) });
    else this.#listed.see(node, context);
  }
}
