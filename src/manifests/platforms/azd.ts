/**
 * azure.yaml of azd → the folder of each service and the kind of host that it is deployed to
 * (learn.microsoft.com/azure/developer/azure-developer-cli/azd-schema). How it runs there says the infrastructure code, which names it
 * by a tag.
 */
import type { Container, Workload } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { entriesOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlEntry } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, SourceFile } from '../../types.ts';
import { baseName, emptyContainer, folderOf, given, joinBelow, unknown, workload } from './facts.ts';

/** Hosts that run a program until it is stopped. */
const hosts = new Set(['appservice', 'containerapp']);

function readService({ key, keyPlace, value }: YamlEntry, file: string): readonly AnyFact[] {
  const host = textOf(nodeAt(value, 'host')) ?? '';
  const project = textOf(nodeAt(value, 'project'));
  const folder = project === undefined ? undefined : joinBelow(folderOf(file), project);
  // Only files go up from there.
  const isSite = nodeAt(value, 'dist') !== undefined;
  if (!hosts.has(host) || folder === undefined || isSite) return [];
  const docker = textOf(nodeAt(value, 'docker', 'path'));
  const context = joinBelow(folder, textOf(nodeAt(value, 'docker', 'context')) ?? '.') ?? folder;
  const build = given<NonNullable<Workload['build']>>({
    context: docker === undefined ? folder : context,
    dockerfile: docker === undefined ? undefined : joinBelow(folder, docker),
    native: host === 'appservice' ? true : undefined,
    args: {},
    place: nodeAt(value, 'project')!.place,
  });
  const container: Container = emptyContainer(key, value.place, keyPlace);
  const parts = { kind: 'azd service', name: key, purpose: purposeOf(file), containers: [container], namePlace: keyPlace, build };
  return [workload({ ...parts, replicas: unknown('the infrastructure code decides', keyPlace) }, keyPlace)];
}

function extract(file: SourceFile) {
  const { documents, notAssessed } = readYaml(file);
  const services = documents.slice(0, 1).flatMap((root) => entriesOf(nodeAt(root, 'services')));
  return { facts: services.slice(0, 200).flatMap((entry) => readService(entry, file.path)), notAssessed };
}

export const azdAdapter: Adapter = {
  id: 'azd',
  needsText: (path) => /^azure\.ya?ml$/.test(baseName(path)),
  classify: (path, head) =>
    head !== undefined &&
    /^azure\.ya?ml$/.test(baseName(path)) &&
    /^services[ \t]*:/m.test(head) &&
    /^[ \t]+host[ \t]*:/m.test(head) &&
    !/^(?:apiVersion|kind)[ \t]*:/m.test(head),
  extract,
};
