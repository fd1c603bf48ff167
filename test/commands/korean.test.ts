/** Command lines in Korean: help of every command, and every message that the source holds. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../src/commands/program.ts';
import { findLanguage, said, speak } from '../../src/commands/say.ts';

beforeAll(() => speak('ko'));
afterAll(() => speak('en'));

const isKorean = (text: string): boolean => /[가-힣]/.test(text) && !/(?<![\w.@"'<[-])[a-z][a-z']+ [a-z][a-z']+(?![\w.\]>-])/.test(text);

const walk = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(walk)];

describe('help', () => {
  it('of every command is in Korean', () => {
    const help = makeProgram().createHelp();
    const commands = walk(makeProgram());
    const texts = commands.flatMap((command) => [
      help.commandDescription(command),
      ...help.visibleArguments(command).map((argument) => help.argumentDescription(argument)),
      ...help.visibleOptions(command).map((option) => help.optionDescription(option)),
    ]);
    expect(texts.length).toBeGreaterThan(60);
    expect([...new Set(texts)].filter((text) => text !== '' && !isKorean(text))).toEqual([]);
    expect(commands[0]!.helpInformation()).toContain('사용법: cloudworthy');
  });
});

/** Templates of a source file that end up at a user, with a value in each place. */
function listMessages(path: string): readonly string[] {
  const source = ts.createSourceFile(path, readFileSync(join(import.meta.dirname, '../..', path), 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const read = (node: ts.Expression | undefined): void => {
    if (node === undefined) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(read);
    if (ts.isTemplateExpression(node)) found.push(node.head.text + node.templateSpans.map(({ literal }) => `2${literal.text}`).join(''));
  };
  const visit = (node: ts.Node): void => {
    const isSaid =
      (ts.isNewExpression(node) && /^(?:UsageError|InvalidArgumentError)$/.test(node.expression.getText())) ||
      (ts.isCallExpression(node) && /^(?:printError|said|(?:options\.)?onProgress\??\.?|onProgress)$/.test(node.expression.getText()));
    if (isSaid) read((node as ts.NewExpression | ts.CallExpression).arguments?.[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Made of values alone, or of so many that the tests below say them whole. */
const isMadeOfValues = (text: string): boolean =>
  !/[A-Za-z]{3}/.test(text) || /internal error|exists already|^There is no 2 |^2 2 in|^2 can be/.test(text);

describe('messages', () => {
  const files = ['check', 'fix', 'outputs', 'portfolio', 'program', 'report', 'streams', 'explain'].map(
    (name) => `src/commands/${name}.ts`,
  );
  it.each([...files, 'src/session.ts'])('of %s are in Korean', (path) => {
    const left = listMessages(path)
      .map((text) =>
        text.replace(/^\n/, '').replace(/".2/, '".').replace('2 2 could not', '2 parts could not').replace('2 2 found', '2 warnings found'),
      )
      .filter((text) => !isMadeOfValues(text) && !/[가-힣]/.test(said(text)));
    expect(left).toEqual([]);
  });

  it.each([
    'There is no rule "a". Did you mean "b"?',
    'There is no form "htm" of a report. Did you mean "html"? Forms: html, json.',
    'Fixed 2 findings in 1 file.',
    'Would fix 1 finding in 1 file.',
    '3 more findings can be fixed with --fix-unsafe; look at the changes then.',
    "error: unknown option '--langs'\n(Did you mean --lang?)",
    "error: option '--color <when>' argument 'x' is invalid. Allowed choices are auto, always, never.",
    'There is no service "a". Found: none.',
    '4 of 45: shop',
  ])('%s', (text) => {
    for (const line of said(text).split('\n')) expect(line).toMatch(/[가-힣]/);
  });

  it.each([
    [['report', '--lang', 'ko'], 'ko'],
    [['--lang=ko'], 'ko'],
    [['check', '--lang', 'en', 'ko'], 'en'],
    [['check', 'ko'], 'en'],
  ])('%j', (words, language) => expect(findLanguage(words)).toBe(language));
});
