/** Reads the literal data that a JavaScript config file exports, without running it: pm2's ecosystem files. */
import { parse } from '@babel/parser';
import type { Node } from '@babel/types';
import { LineMap } from '../../text/positions.ts';
import type { NotAssessed, Place, SourceFile } from '../../types.ts';

/** Plain data with places; `unknown` is what an expression would have to be run for. */
export type ConfigNode =
  | { readonly is: 'value'; readonly value: string | number | boolean | null; readonly place: Place }
  | { readonly is: 'object'; readonly members: ReadonlyMap<string, ConfigNode>; readonly place: Place }
  | { readonly is: 'list'; readonly items: readonly ConfigNode[]; readonly place: Place }
  | { readonly is: 'unknown'; readonly place: Place };

const maxDepth = 50;
const maxLength = 256 * 1024;
/** Constants that name each other could otherwise multiply without bound. */
const maxNodes = 20_000;

interface Context {
  readonly lines: LineMap;
  readonly constants: ReadonlyMap<string, Node>;
  left: number;
}

/** The value that the file exports: `module.exports = …`, `export default …`, or the constant that they name. */
export function readExportedData(file: SourceFile): ConfigNode | NotAssessed {
  const lines = new LineMap(file.path, file.text);
  const fail = (reason: string, message: string): NotAssessed => ({ reason, message, place: lines.place(0, 0), failed: true });
  if (file.text.length > maxLength) return fail('too-large', 'The process file is too long to be read.');
  let body: readonly Node[];
  try {
    body = parse(file.text, { sourceType: 'unambiguous', errorRecovery: false, plugins: ['typescript'] }).program.body;
  } catch (error) {
    return error instanceof RangeError
      ? fail('too-deep', 'The process file is nested too deeply to be read.')
      : fail('syntax-error', 'The process file has a syntax error.');
  }
  const constants = readConstants(body);
  const exported = body.map(exportedBy).find((node) => node !== undefined);
  return exported ? toData(exported, { lines, constants, left: maxNodes }, 0) : { is: 'unknown', place: lines.place(0, 0) };
}

function readConstants(body: readonly Node[]): ReadonlyMap<string, Node> {
  const constants = new Map<string, Node>();
  for (const statement of body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement.declarations) if (id.type === 'Identifier' && init) constants.set(id.name, init);
  }
  return constants;
}

function exportedBy(statement: Node): Node | undefined {
  if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') return undefined;
  const { left, right } = statement.expression;
  const isExports =
    left.type === 'MemberExpression' &&
    left.object.type === 'Identifier' &&
    left.object.name === 'module' &&
    left.property.type === 'Identifier' &&
    left.property.name === 'exports';
  return isExports ? right : undefined;
}

function toData(node: Node, context: Context, depth: number): ConfigNode {
  const place = context.lines.place(node.start ?? 0, node.end ?? 0);
  const below = (child: Node): ConfigNode => toData(child, context, depth + 1);
  if (depth > maxDepth || context.left-- <= 0) return { is: 'unknown', place };
  switch (node.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return { is: 'value', value: node.value, place };
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? { is: 'value', value: node.quasis[0]?.value.cooked ?? '', place } : { is: 'unknown', place };
    case 'UnaryExpression':
      return node.operator === '-' && node.argument.type === 'NumericLiteral'
        ? { is: 'value', value: -node.argument.value, place }
        : { is: 'unknown', place };
    case 'ArrayExpression':
      return { is: 'list', items: node.elements.flatMap((item) => (item ? [below(item)] : [])), place };
    case 'ObjectExpression':
      return { is: 'object', members: new Map(node.properties.flatMap((property) => member(property, below))), place };
    case 'Identifier': {
      const constant = context.constants.get(node.name);
      return constant ? below(constant) : { is: 'unknown', place };
    }
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return below(node.expression);
    default:
      return { is: 'unknown', place };
  }
}

function member(property: Node, read: (node: Node) => ConfigNode): [string, ConfigNode][] {
  if (property.type !== 'ObjectProperty' || property.computed) return [];
  const { key, value } = property;
  if (key.type === 'Identifier') return [[key.name, read(value)]];
  return key.type === 'StringLiteral' ? [[key.value, read(value)]] : [];
}
