/** Functions of SAM → the files that they are made of, and the names of their variables (AWS::Serverless::Function). */
import { purposeOf } from '../../../text/purpose.ts';
import { entriesOf, nodeAt, textOf } from '../../../text/yaml-access.ts';
import type { YamlNode } from '../../../text/yaml-document.ts';
import type { AnyFact } from '../../../types.ts';
import { folderOf, joinPath } from '../paths.ts';

const maxFunctions = 500;

interface Usual {
  readonly code?: string;
  readonly runtime: string;
}

/** Where its code lies, from the repository's root; archives in a bucket are not here. */
function codeOf(properties: YamlNode | undefined, usual: Usual, file: string): string | undefined {
  const written = textOf(nodeAt(properties, 'CodeUri')) ?? usual.code ?? '.';
  return /^[a-z][a-z0-9+.-]*:|[$!]/i.test(written) ? undefined : joinPath(folderOf(file), written);
}

function readFunction(properties: YamlNode | undefined, usual: Usual, file: string): readonly AnyFact[] {
  const handler = nodeAt(properties, 'Handler');
  const path = /^([\w./-]{1,300})\.\w{1,100}$/.exec(textOf(handler) ?? '')?.[1];
  const folder = codeOf(properties, usual, file);
  const runtime = textOf(nodeAt(properties, 'Runtime')) ?? usual.runtime;
  const source = path === undefined || folder === undefined ? undefined : joinPath(folder, path);
  if (!handler || source === undefined || folder === undefined || !/^nodejs/.test(runtime)) return [];
  const { place } = handler;
  return [
    { kind: 'function-handler', place, confidence: 'certain', value: { platform: 'AWS Lambda', path: source } },
    { kind: 'function-host', place, confidence: 'certain', value: { platform: 'AWS SAM', root: folder, exact: true } },
  ];
}

export function readFunctions(root: YamlNode, file: string): readonly AnyFact[] {
  const globals = nodeAt(root, 'Globals', 'Function');
  const code = textOf(nodeAt(globals, 'CodeUri'));
  const usual: Usual = { ...(code === undefined ? {} : { code }), runtime: textOf(nodeAt(globals, 'Runtime')) ?? '' };
  const all = entriesOf(nodeAt(root, 'Resources'))
    .filter(({ value }) => textOf(nodeAt(value, 'Type')) === 'AWS::Serverless::Function')
    .slice(0, maxFunctions)
    .map(({ value }) => nodeAt(value, 'Properties'));
  const facts = all.flatMap((properties) => readFunction(properties, usual, file));
  if (facts.length === 0) return [];
  const names = [globals, ...all]
    .flatMap((holder) => entriesOf(nodeAt(holder, 'Environment', 'Variables')))
    .map(({ key, keyPlace }) => ({ name: key, place: keyPlace }));
  // The names alone: values are judged where they stand.
  const value = { sample: false, purpose: purposeOf(file), entries: names.slice(0, maxFunctions) };
  return [
    ...facts,
    { kind: 'env-file', place: { ...facts[0]!.place, line: 1, column: 1, endLine: 1, endColumn: 1 }, confidence: 'certain', value },
  ];
}
