/**
 * serverless.yml: secrets among the variables of its functions (serverless.com/framework/docs/providers/aws/guide/serverless.yml). Functions
 * scale by themselves and live for one request: of the rest only the files that they are made of count.
 */
import { jsonAsTree } from '../../text/json-tree.ts';
import { purposeOf } from '../../text/purpose.ts';
import { secretOf } from '../../text/secret-shapes.ts';
import { entriesOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, NotAssessed, SourceFile } from '../../types.ts';
import { baseName, folderOf, joinBelow } from './facts.ts';

function readSecrets(environment: YamlNode | undefined, file: string): readonly AnyFact[] {
  return entriesOf(environment).flatMap(({ key, value }): readonly AnyFact[] => {
    const secret = secretOf(key, textOf(value) ?? '');
    if (!secret) return [];
    const found = { ...secret, origin: 'literal' as const, holder: 'manifest' as const, purpose: purposeOf(file) };
    return [{ kind: 'secret', place: value.place, confidence: 'certain', value: found }];
  });
}

const languages = /^(?:nodejs|provided|$)/;
/** `handler: src/feed.list` is the export `list` of `src/feed`; programs of other languages are not read. */
function readHandlers(root: YamlNode, file: string): readonly AnyFact[] {
  const usual = textOf(nodeAt(root, 'provider', 'runtime')) ?? '';
  return entriesOf(nodeAt(root, 'functions'))
    .slice(0, 500)
    .flatMap(({ value }): readonly AnyFact[] => {
      const handler = nodeAt(value, 'handler');
      const written = textOf(handler) ?? '';
      const path = /^([\w./-]{1,300})\.\w{1,100}$/.exec(written)?.[1];
      const below = path === undefined ? undefined : joinBelow(folderOf(file), path);
      if (!handler || below === undefined || !languages.test(textOf(nodeAt(value, 'runtime')) ?? usual)) return [];
      return [{ kind: 'function-handler', place: handler.place, confidence: 'certain', value: { platform: 'AWS Lambda', path: below } }];
    });
}

function rootsOf(file: SourceFile): { readonly roots: readonly YamlNode[]; readonly notAssessed: readonly NotAssessed[] } {
  if (!file.path.endsWith('.json')) {
    const { documents, notAssessed } = readYaml(file);
    return { roots: documents.slice(0, 1), notAssessed };
  }
  const root = jsonAsTree(file);
  return 'reason' in root ? { roots: [], notAssessed: [root] } : { roots: [root], notAssessed: [] };
}

function extract(file: SourceFile): Extraction {
  const { roots, notAssessed } = rootsOf(file);
  const environments = roots.flatMap((root) => [
    nodeAt(root, 'provider', 'environment'),
    ...entriesOf(nodeAt(root, 'functions')).map(({ value }) => nodeAt(value, 'environment')),
  ]);
  const note = {
    reason: 'infrastructure',
    message: 'The Serverless Framework deploys functions, which scale by themselves: only their variables are looked at for secrets.',
    place: { path: file.path, line: 1, column: 1, endLine: 1, endColumn: 1 },
    failed: false,
  };
  const host: AnyFact = {
    kind: 'function-host',
    place: note.place,
    confidence: 'certain',
    value: { platform: 'Serverless Framework', root: folderOf(file.path), exact: true },
  };
  const handlers = roots.flatMap((root) => readHandlers(root, file.path));
  const secrets = environments.flatMap((environment) => readSecrets(environment, file.path));
  const names = environments.flatMap((environment) => entriesOf(environment)).map(({ key, keyPlace }) => ({ name: key, place: keyPlace }));
  // The names alone: values are judged where they stand.
  const declared: AnyFact = {
    kind: 'env-file',
    place: note.place,
    confidence: 'certain',
    value: { sample: false, purpose: purposeOf(file.path), entries: names.slice(0, 500) },
  };
  const hasFunctions = roots.some((root) => entriesOf(nodeAt(root, 'functions')).length > 0);
  return { facts: hasFunctions ? [host, declared, ...handlers, ...secrets] : secrets, notAssessed: [...notAssessed, note] };
}

export const serverlessAdapter: Adapter = {
  id: 'serverless',
  classify: (path) => /^serverless\.(?:ya?ml|json)$/.test(baseName(path)),
  extract,
};
