/** Templates of CloudFormation and SAM, in YAML or JSON. */
import { purposeOf } from '../../../text/purpose.ts';
import { isAcceptedSecret } from '../../../text/secret-literals.ts';
import { entriesOf, nodeAt, textOf as textOfYaml } from '../../../text/yaml-access.ts';
import { readYaml, type YamlEntry, type YamlNode } from '../../../text/yaml-document.ts';
import type { Adapter, AnyFact, Extraction, SourceFile } from '../../../types.ts';
import { literalSecret, secretFact } from '../literal-secrets.ts';
import type { Node } from '../node.ts';
import { readStack, wantedTypes } from '../read-stack.ts';
import { makeStack, type Resource } from '../resource.ts';
import { readFunctions } from './functions.ts';
import { Template } from './template.ts';

/** Types of CloudFormation by the names that readers know. */
const types: Readonly<Record<string, string>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': 'aws_appautoscaling_target',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'aws_appautoscaling_policy',
  'AWS::AutoScaling::AutoScalingGroup': 'aws_autoscaling_group',
  'AWS::AutoScaling::LaunchConfiguration': 'aws_launch_configuration',
  'AWS::AutoScaling::ScalingPolicy': 'aws_autoscaling_policy',
  'AWS::AutoScaling::ScheduledAction': 'aws_autoscaling_schedule',
  'AWS::CodeDeploy::DeploymentGroup': 'aws_codedeploy_deployment_group',
  'AWS::EC2::Instance': 'aws_instance',
  'AWS::EC2::LaunchTemplate': 'aws_launch_template',
  'AWS::EC2::SecurityGroup': 'aws_security_group',
  'AWS::EC2::Subnet': 'aws_subnet',
  'AWS::ECS::CapacityProvider': 'aws_ecs_capacity_provider',
  'AWS::ECS::Service': 'aws_ecs_service',
  'AWS::ECS::TaskDefinition': 'aws_ecs_task_definition',
  'AWS::ElasticBeanstalk::Environment': 'aws_elastic_beanstalk_environment',
  'AWS::ElasticLoadBalancing::LoadBalancer': 'aws_elb',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'aws_lb',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'aws_lb_target_group',
  'AWS::RDS::DBInstance': 'aws_db_instance',
};
/** A condition decides whether there is one: what it would do is left open. */
const scalers = new Set(['aws_appautoscaling_target', 'aws_autoscaling_policy', 'aws_autoscaling_schedule']);

/** Properties, with what a machine does at its start. */
function readBody(resource: YamlNode, template: Template): Node {
  const properties = nodeAt(resource, 'Properties');
  const body: Node = properties ? template.read(properties) : { is: 'map', entries: [], place: resource.place };
  const metadata = nodeAt(resource, 'Metadata');
  if (!metadata || body.is !== 'map') return body;
  return { ...body, entries: [...body.entries, { key: '(metadata)', keyPlace: metadata.place, value: template.read(metadata) }] };
}

function readResource({ key, keyPlace, value }: YamlEntry, template: Template, path: string): Resource[] {
  const typeName = textOfYaml(nodeAt(value, 'Type'));
  const type = typeName !== undefined && Object.hasOwn(types, typeName) ? types[typeName]! : undefined;
  if (type === undefined || !wantedTypes.has(type)) return [];
  const isConditional = nodeAt(value, 'Condition') !== undefined;
  return [
    {
      type,
      label: key,
      address: key,
      body: readBody(value, template),
      place: keyPlace,
      isOff: isConditional && scalers.has(type),
      isLibrary: false,
      purpose: purposeOf(path),
      ...(isConditional ? {} : { count: 1 }),
    },
  ];
}

function findSecrets(root: YamlNode): readonly AnyFact[] {
  const found: AnyFact[] = [];
  for (const { key, value } of entriesOf(nodeAt(root, 'Parameters'))) {
    const initial = nodeAt(value, 'Default');
    // Some hide the name of an account beside its password.
    const isHidden = textOfYaml(nodeAt(value, 'NoEcho'))?.toLowerCase() === 'true' && !/user(?:_?name)?$/i.test(key);
    const text = textOfYaml(initial);
    const secret = text === undefined ? undefined : literalSecret(isHidden ? `${key}_password` : key, text);
    if (secret) found.push(secretFact({ ...secret, env: key }, initial!.place));
  }
  for (const { value } of entriesOf(nodeAt(root, 'Resources'))) search(nodeAt(value, 'Properties'), 0, found);
  return found;
}
/** Texts under names that say secret; `{Name, Value}` names its value. */
function search(node: YamlNode | undefined, depth: number, found: AnyFact[]): void {
  if (node === undefined || depth > 30 || node.tag) return;
  if (node.kind === 'list') for (const item of node.items) search(item, depth + 1, found);
  const named = textOfYaml(nodeAt(node, 'Name') ?? nodeAt(node, 'Key'));
  for (const { key, value } of entriesOf(node)) {
    if (value.kind !== 'scalar') search(value, depth + 1, found);
    else if (!value.tag && typeof value.value === 'string') {
      const secret = literalSecret(key === 'Value' && named !== undefined ? named : key, value.value);
      if (secret) found.push(secretFact(secret, value.place));
    }
  }
}

function extract(file: SourceFile): Extraction {
  const { documents, notAssessed } = readYaml(file);
  const lines = file.text.split('\n');
  const facts = documents.flatMap((root) => {
    const template = new Template(root);
    const resources = entriesOf(nodeAt(root, 'Resources')).flatMap((entry) => readResource(entry, template, file.path));
    const secrets = findSecrets(root).filter(({ place }) => !isAcceptedSecret(lines, place.line));
    return [...secrets, ...readFunctions(root, file.path), ...readStack(makeStack(resources))];
  });
  return { facts, notAssessed };
}

/** JSON files are many, and templates in JSON are few: only those whose name or folder says so, and those that lie at the root. */
const isCandidate = (path: string): boolean =>
  /\.(?:ya?ml|template)$/i.test(path) || (/\.json$/i.test(path) && (namesTemplate.test(path) || atRoot.test(path)));
const namesTemplate =
  /cloud-?formation|(?:^|[/._-])(?:cfn|stack|template)s?[/._-]|(?:^|\/)(?:infra(?:structure)?|iac|aws|ecs|fargate|deploy(?:ment)?)\//i;
const atRoot = /^(?!package|npm-|tsconfig|jsconfig|composer|angular|nest-cli|lerna|turbo|nx\.|vercel|renovate|\.|[^/]*lock)[^/]*$/i;
/** Some align their colons far to the right. */
const resourcesKey = /["']?Resources["']?\s{0,60}:/;
const namesType = /["']?Type["']?\s{0,60}:\s{0,60}["']?AWS::[A-Z]/;

export const cloudFormationAdapter: Adapter = {
  id: 'cloudformation',
  needsText: isCandidate,
  classify: (path, head) => head !== undefined && isCandidate(path) && namesType.test(head) && resourcesKey.test(head),
  extract,
};
