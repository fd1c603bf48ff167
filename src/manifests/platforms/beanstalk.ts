/**
 * .ebextensions/*.config of Elastic Beanstalk (docs.aws.amazon.com/elasticbeanstalk, "Configuration options") → the size of the
 * environment and the stickiness of its load balancer, as its resource in Terraform and CloudFormation would say them, and the server
 * that its platform starts.
 */
import type { FactValues } from '../../facts.ts';
import { purposeOf } from '../../text/purpose.ts';
import { booleanOf, entriesOf, itemsOf, nodeAt, textOf } from '../../text/yaml-access.ts';
import { readYaml, type YamlNode } from '../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../types.ts';
import { emptyContainer, folderOf, given, known, numberSetting, workload } from './facts.ts';

type Options = (namespace: string | RegExp, name: string) => YamlNode | undefined;

/** A map of namespaces, or a list of `{namespace, option_name, value}`. */
function optionsOf(root: YamlNode): Options {
  const settings = nodeAt(root, 'option_settings');
  const listed = itemsOf(settings).map((item) => ({
    namespace: textOf(nodeAt(item, 'namespace')) ?? '',
    name: textOf(nodeAt(item, 'option_name')) ?? textOf(nodeAt(item, 'name')),
    value: nodeAt(item, 'value'),
  }));
  const mapped = entriesOf(settings).flatMap(({ key: namespace, value }) =>
    entriesOf(value).map((entry) => ({ namespace, name: entry.key, value: entry.value })),
  );
  return (wanted, name) =>
    [...listed, ...mapped].find(
      (option) => option.name === name && (typeof wanted === 'string' ? option.namespace === wanted : wanted.test(option.namespace)),
    )?.value;
}

/** The environment has the name of the application's folder: whoever makes it gives it one. */
const nameOf = (path: string): string => folderOf(folderOf(path)).split('/').at(-1) || 'the application';

function readSize(find: Options, { path }: SourceFile): readonly AnyFact[] {
  const type = find('aws:elasticbeanstalk:environment', 'EnvironmentType');
  const [low, high] = [find('aws:autoscaling:asg', 'MinSize'), find('aws:autoscaling:asg', 'MaxSize')];
  const single = type && textOf(type) === 'SingleInstance' ? known(1, type.place) : undefined;
  const [min, max] = single ? [single, single] : [numberSetting(low), numberSetting(high)];
  if (!min || !max) return [];
  const value = given<FactValues['scaling-group']>({
    type: 'Elastic Beanstalk environment',
    name: nameOf(path),
    role: 'group',
    min,
    max,
    size: undefined,
    scaledBy: undefined,
    zones: undefined,
    balancer: undefined,
    hostsContainers: undefined,
    purpose: purposeOf(path),
    namePlace: max.known ? max.place : min.place,
  });
  return [{ kind: 'scaling-group', place: value.namePlace, confidence: 'certain', value }];
}

/** `StickinessEnabled` of a process of an application or network load balancer, and the policy of a classic one. */
function readStickiness(find: Options, { path }: SourceFile): readonly AnyFact[] {
  const node =
    find(/^aws:elasticbeanstalk:environment:process:/, 'StickinessEnabled') ?? find(/^aws:elb:policies(?::|$)/, 'Stickiness Policy');
  if (!node || booleanOf(node) !== true) return [];
  const value = { how: 'a stickiness cookie of Elastic Beanstalk', to: [nameOf(path)], purpose: purposeOf(path) };
  return [{ kind: 'sticky-routing', place: node.place, confidence: 'certain', value }];
}

/** `shop/wsgi.py`, `shop.wsgi:application`, `application`: the object that the server loads. */
function wsgiObject(path: string): string {
  const [module = '', object = 'application'] = path.replace(/\.py$/, '').split(':');
  return `${module.replace(/\//g, '.')}:${object}`;
}

/** The platform for Python starts gunicorn with `WSGIPath`, or with `application.py` ("Configuring the WSGI server with a Procfile"). */
function readServer(find: Options, root: YamlNode, { path }: SourceFile): readonly AnyFact[] {
  const written = find(python, 'WSGIPath');
  const settings = nodeAt(root, 'option_settings');
  const place = written?.place ?? entriesOf(settings).find(({ key }) => python.test(key))?.keyPlace;
  if (!place) return [];
  const name = folderOf(folderOf(path)).split('/').at(-1) || 'beanstalk';
  const target = wsgiObject(textOf(written) ?? 'application');
  const container = {
    ...emptyContainer(name, place, place),
    command: known(['gunicorn', '--bind', ':8000', target], place),
  };
  const build = { context: folderOf(folderOf(path)), native: true as const, args: {}, place };
  return [
    workload(
      { kind: 'Elastic Beanstalk environment', name, purpose: purposeOf(path), containers: [container], namePlace: place, build },
      place,
    ),
  ];
}
const python = /^aws:elasticbeanstalk:container:python(?::|$)/;

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const facts = documents.flatMap((root) => {
    const find = optionsOf(root);
    return [...readSize(find, file), ...readStickiness(find, file), ...readServer(find, root, file)];
  });
  return { facts, notAssessed };
}

export const beanstalkAdapter: Adapter = {
  id: 'beanstalk',
  classify: (path) => /(?:^|\/)\.ebextensions\/[^/]+\.config$/.test(path),
  extract,
};
