/** Log lines on standard output instead of in files. */
import type { Node } from '@babel/types';
import { lineStart, nextLine, replaceRange } from '../text/text-edits.ts';
import type { Edit, Finding, Fix } from '../types.ts';
import { type FixContext, type FixMaker, makeFix } from './fix-maker.ts';
import { editAppender, removeItems } from './log-appenders.ts';
import { printToConsole } from './logback.ts';
import { callAt, isCall, nodesAround, propertyOf, replaceNode, scriptOf, textOf, walk } from './script-edit.ts';
import type { Script } from './scripts.ts';

const transportOf = (script: Script, node: Node): 'File' | 'Console' | undefined => {
  const name = node.type === 'NewExpression' ? /(?:^|\.)(File|Console|DailyRotateFile)$/.exec(textOf(script, node.callee))?.[1] : undefined;
  return name === 'DailyRotateFile' ? 'File' : (name as 'File' | 'Console' | undefined);
};

/** The name of winston's console beside that of its file: `winston.transports.Console`. */
function consoleCall(script: Script, file: Node): string | undefined {
  if (file.type !== 'NewExpression') return undefined;
  const callee = textOf(script, file.callee);
  if (!/\btransports\.File$/.test(callee)) return undefined;
  const [options] = file.arguments;
  const level = propertyOf(options, 'level');
  const format = propertyOf(options, 'format');
  const kept = [level && `level: ${textOf(script, level)}`, format && `format: ${textOf(script, format)}`].filter(
    (text) => text !== undefined,
  );
  return `new ${callee.replace(/File$/, 'Console')}(${kept.length > 0 ? `{ ${kept.join(', ')} }` : ''})`;
}

/** The widest transport stays, as the console; the others would print lines twice. */
function editTransports(script: Script, list: Node): readonly (Edit | undefined)[] {
  if (list.type !== 'ArrayExpression') return [undefined];
  const items = list.elements.filter((item) => item !== null);
  const files = items.filter((item) => transportOf(script, item) === 'File');
  const hasConsole = items.some((item) => transportOf(script, item) === 'Console');
  const widest = files.find((file) => isCall(file) && !propertyOf(file.arguments[0], 'level')) ?? files.at(-1);
  const text = widest && consoleCall(script, widest);
  if (!widest || (!hasConsole && text === undefined)) return [undefined];
  const others = items.filter((item) => !files.includes(item)).map((item) => textOf(script, item));
  if (others.length === 0) return [replaceNode(script, list, `[${text}]`)];
  const kept = hasConsole ? others : [...others, text!];
  if (files.length === items.length - others.length && hasConsole) return removeItems(script, items, files);
  return [replaceNode(script, list, `[${kept.join(', ')}]`)];
}

/** `morgan('combined', { stream })` → `morgan('combined')`. */
function editMorgan(script: Script): readonly (Edit | undefined)[] {
  const calls = [...walk(script.file)].filter(
    (node) =>
      node.type === 'CallExpression' &&
      node.callee.type === 'Identifier' &&
      /^(?:morgan|logger)$/.test(node.callee.name) &&
      propertyOf(node.arguments[1], 'stream'),
  );
  const [call, more] = calls;
  if (call?.type !== 'CallExpression' || more) return [undefined];
  const options = call.arguments[1];
  if (options?.type !== 'ObjectExpression' || options.properties.length !== 1) return [undefined];
  const stream = propertyOf(options, 'stream');
  const unused = stream?.type === 'Identifier' ? removeDeclarations(script, stream.name) : [undefined];
  return [replaceRange(script.lines, call.arguments[0]!.end!, options.end!, ''), ...unused];
}

/** The declaration of a name that is used once more, and that of the package which only it needs. */
function removeDeclarations(script: Script, name: string): readonly (Edit | undefined)[] {
  const uses = (wanted: string) => [...walk(script.file)].filter((node) => node.type === 'Identifier' && node.name === wanted).length;
  const statement = script.file.program.body.find((node) => declares(node, name));
  // Shorthand `{ stream }` counts twice: as key and as value.
  if (statement?.type !== 'VariableDeclaration' || uses(name) > 3) return [undefined];
  const made = statement.declarations[0]?.init;
  const callee = made && isCall(made) && made.callee.type === 'MemberExpression' ? made.callee.object : undefined;
  const library =
    callee?.type === 'Identifier' && uses(callee.name) === 2
      ? script.file.program.body.find((node) => declares(node, callee.name))
      : undefined;
  return [statement, library].filter((node) => node !== undefined).map((node) => removeLines(script, node));
}
const declares = (node: Node, name: string): boolean =>
  (node.type === 'VariableDeclaration' &&
    node.declarations.length === 1 &&
    node.declarations[0]!.id.type === 'Identifier' &&
    node.declarations[0]!.id.name === name) ||
  (node.type === 'ImportDeclaration' && node.specifiers.length === 1 && node.specifiers[0]!.local.name === name);
const removeLines = ({ lines, text }: Script, node: Node): Edit =>
  replaceRange(lines, lineStart(text, node.start!), nextLine(text, node.end!), '');

const appenders = new Set(['log4js', 'bunyan', 'pino']);

function makeFixes(finding: Finding, context: FixContext): readonly Fix[] {
  const title = 'Log to standard output';
  const library = String(finding.data['library']);
  const isAlone = finding.related.every(({ message }) => message !== 'a file here as well');
  if (library === 'logback') {
    const file = context.source(finding.place.path);
    const isConsole = finding.messageId === 'only' && isAlone;
    return isConsole && file ? makeFix(title, false, [printToConsole(file, finding.place)]) : [];
  }
  const script = scriptOf(context, finding.place.path);
  if (!script) return [];
  if (appenders.has(library))
    return isAlone ? makeFix(title, false, editAppender(script, finding.place, library, finding.messageId === 'both')) : [];
  if (finding.related.some(({ place }) => place.path !== script.path)) return [];
  if (library === 'winston') {
    const list = nodesAround(script, finding.place).findLast((node) => node.type === 'ArrayExpression');
    return list && callAt(script, finding.place) ? makeFix(title, false, editTransports(script, list)) : [];
  }
  return /\bmorgan\b/.test(script.text) ? makeFix(title, false, editMorgan(script)) : [];
}

export const logToFile: FixMaker = {
  rule: 'log-to-file',
  offers: [
    { what: 'print log lines of winston, log4js, pino, bunyan, morgan and Logback to standard output instead of files', safe: false },
  ],
  make: makeFixes,
};
