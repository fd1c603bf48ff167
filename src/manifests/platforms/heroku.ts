/**
 * heroku.yml → a workload for each process of an image that Heroku builds (devcenter.heroku.com/articles/heroku-yml-build-manifest), and
 * app.json → what it says about processes of the Procfile and their variables (devcenter.heroku.com/articles/app-json-schema).
 * app.json makes review apps and apps of the button: that it starts one process there says nothing about production, more than one does.
 */
import type { Container, EnvEntry, Workload } from '../../facts.ts';
import { addonVariable, herokuVariables } from '../../text/heroku-variables.ts';
import { jsonAsTree } from '../../text/json-tree.ts';
import { purposeOf } from '../../text/purpose.ts';
import { maskCommand, secretOf } from '../../text/secret-shapes.ts';
import { entriesOf, itemsOf, nodeAt, numberOf, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { baseName, emptyContainer, entryPlace, envEntry, folderOf, given, joinBelow, known, shellCommand, workload } from './facts.ts';

/** `web: Dockerfile`, or `web: {dockerfile, target}`. */
function readBuild(entry: YamlEntry | undefined, folder: string): Workload['build'] {
  if (!entry) return undefined;
  const written = textOf(entry.value) ?? textOf(nodeAt(entry.value, 'dockerfile')) ?? 'Dockerfile';
  const dockerfile = joinBelow(folder, written);
  if (dockerfile === undefined) return undefined;
  return given<NonNullable<Workload['build']>>({
    // The context is the folder of the Dockerfile (build manifest, "Defining build context").
    context: folderOf(dockerfile),
    dockerfile,
    target: textOf(nodeAt(entry.value, 'target')),
    args: {},
    place: entry.value.place,
  });
}

/** A text or a list of lines, which a shell runs. */
function readCommand(node: YamlNode | undefined): Container['command'] {
  const given = nodeAt(node, 'command') ?? (node?.kind === 'map' ? undefined : node);
  const lines = itemsOf(given).flatMap((item) => textOf(item) ?? []);
  return given?.kind === 'list' && lines.length > 0 ? known([maskCommand(lines.join(' && '))], given.place) : shellCommand(given);
}

function readProcesses(root: YamlNode, file: string): readonly AnyFact[] {
  const builds = new Map(entriesOf(nodeAt(root, 'build', 'docker')).map((entry) => [entry.key, entry] as const));
  const runs = new Map(entriesOf(nodeAt(root, 'run')).map((entry) => [entry.key, entry] as const));
  const env: readonly EnvEntry[] = entriesOf(nodeAt(root, 'setup', 'config')).map((entry) =>
    envEntry(entry.key, entry.value, entryPlace(entry)),
  );
  const make = (name: string, entry: YamlEntry, process: YamlNode | undefined, longRunning: boolean): AnyFact => {
    const image = textOf(nodeAt(process, 'image')) ?? name;
    const command = readCommand(process);
    const container = given<Container>({
      ...emptyContainer(name, entry.value.place, entry.keyPlace),
      command,
      shell: command && true,
      env,
    });
    const build = readBuild(builds.get(image) ?? builds.get('web'), folderOf(file));
    const parts = { platform: 'heroku' as const, kind: 'process', name, purpose: purposeOf(file), longRunning, containers: [container] };
    return workload(given<Parameters<typeof workload>[0]>({ ...parts, namePlace: entry.keyPlace, build }), entry.keyPlace);
  };
  const names = [...new Set([...builds.keys(), ...runs.keys()])].slice(0, 100);
  const release = entriesOf(root).find(({ key }) => key === 'release');
  return [
    ...names.map((name) => make(name, (runs.get(name) ?? builds.get(name))!, runs.get(name)?.value, true)),
    ...(release ? [make('release', release, release.value, false)] : []),
  ];
}

export const herokuYamlAdapter: Adapter = {
  id: 'heroku-yml',
  classify: (path) => /^heroku\.ya?ml$/i.test(baseName(path)),
  extract(file) {
    const { documents, notAssessed } = readYaml(file);
    return { facts: documents.slice(0, 1).flatMap((root) => readProcesses(root, file.path)), notAssessed };
  },
};

/** `"env": {"NAME": "value"}` or `{"NAME": {"value": …, "generator": "secret"}}`. */
function readSecrets(root: YamlNode, file: string): readonly AnyFact[] {
  return entriesOf(nodeAt(root, 'env')).flatMap(({ key, value }): readonly AnyFact[] => {
    const node = value.kind === 'map' ? nodeAt(value, 'value') : value;
    const secret = secretOf(key, textOf(node) ?? '');
    if (!node || !secret) return [];
    return [
      {
        kind: 'secret',
        place: node.place,
        confidence: 'certain',
        value: { ...secret, origin: 'literal', holder: 'manifest', purpose: purposeOf(file) },
      },
    ];
  });
}

/** What is written, what the app asks for when it is made, and what its add-ons set: all of it is there when it runs. */
function readVariables(root: YamlNode, file: string): readonly AnyFact[] {
  const written = entriesOf(nodeAt(root, 'env')).flatMap((entry): readonly EnvEntry[] => {
    const { key, value } = entry;
    const node = value.kind === 'map' ? nodeAt(value, 'value') : value;
    const isGiven = nodeAt(value, 'generator') !== undefined || (node !== undefined && textOf(node) !== '');
    const isAsked = value.kind === 'map' && node === undefined && textOf(nodeAt(value, 'required')) !== 'false';
    if (!isGiven && !isAsked) return [];
    const isSecret = secretOf(key, textOf(node) ?? '') !== undefined;
    // What is secret is judged where it stands.
    return [isSecret ? { name: key, place: root.place } : envEntry(key, node, entryPlace(entry))];
  });
  const addons = itemsOf(nodeAt(root, 'addons')).flatMap((addon): readonly EnvEntry[] => {
    const plan = textOf(addon) ?? textOf(nodeAt(addon, 'plan'));
    const name = plan === undefined ? undefined : addonVariable(plan, textOf(nodeAt(addon, 'as')));
    return name === undefined ? [] : [{ name, from: { kind: 'secret' }, place: addon.place }];
  });
  const entries = [...addons, ...written].slice(0, 500);
  if (entries.length === 0) return [];
  const value = {
    kind: 'config-map' as const,
    name: herokuVariables(file),
    entries,
    purpose: purposeOf(file),
    namePlace: entries[0]!.place,
  };
  return [{ kind: 'config-source', place: entries[0]!.place, confidence: 'certain', value }];
}

function readFormation(root: YamlNode): readonly AnyFact[] {
  return entriesOf(nodeAt(root, 'formation')).flatMap(({ key, keyPlace, value }): readonly AnyFact[] => {
    const quantity = nodeAt(value, 'quantity');
    const count = numberOf(quantity);
    if (!quantity || count === undefined || count < 2) return [];
    const patch = { kind: 'process', name: key, replicas: known(count, quantity.place), sets: ['replicas'] };
    return [{ kind: 'workload-patch', place: keyPlace, confidence: 'certain', value: patch }];
  });
}

function extractAppJson(file: SourceFile): Extraction {
  const root = jsonAsTree(file);
  if ('reason' in root) return { facts: [], notAssessed: [root] };
  return { facts: [...readFormation(root), ...readVariables(root, file.path), ...readSecrets(root, file.path)], notAssessed: [] };
}

/** Expo and others have a file of this name, too. */
export const herokuAppAdapter: Adapter = {
  id: 'heroku-app-json',
  needsText: (path) => baseName(path) === 'app.json',
  classify: (path, head) =>
    baseName(path) === 'app.json' &&
    head !== undefined &&
    !/"expo"\s{0,20}:/.test(head) &&
    /"(?:formation|buildpacks|addons|postdeploy|success_url)"\s{0,20}:/.test(head),
  extract: extractAppJson,
};
