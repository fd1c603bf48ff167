/** Resources of every cloud → facts. */
import type { AnyFact } from '../../types.ts';
import { readDeploymentGroup } from './aws/code-deploy.ts';
import { readLoneTask, readService } from './aws/ecs.ts';
import { readAutoScalingGroup, readBeanstalk } from './aws/groups.ts';
import { readClassicBalancer, readCookiePolicy, readTargetGroup } from './aws/load-balancers.ts';
import { readDatabase, readInstance } from './aws/machines.ts';
import { azureReaders, azureSurroundings } from './azure/index.ts';
import { googleReaders, googleSurroundings } from './google/index.ts';
import { kubernetesReaders } from './kubernetes/index.ts';
import type { Reader, Stack } from './resource.ts';

const readers: Readonly<Record<string, Reader>> = {
  aws_ecs_service: readService,
  aws_ecs_task_definition: readLoneTask,
  aws_lb_target_group: readTargetGroup,
  aws_alb_target_group: readTargetGroup,
  aws_lb_cookie_stickiness_policy: readCookiePolicy,
  aws_app_cookie_stickiness_policy: readCookiePolicy,
  aws_elb: readClassicBalancer,
  aws_autoscaling_group: readAutoScalingGroup,
  aws_elastic_beanstalk_environment: readBeanstalk,
  aws_codedeploy_deployment_group: readDeploymentGroup,
  aws_instance: readInstance,
  aws_db_instance: readDatabase,
  ...googleReaders,
  ...azureReaders,
  ...kubernetesReaders,
};

/** Resources that readers look at beside their own. */
const surroundings = [
  'aws_ecs_capacity_provider',
  'aws_appautoscaling_target',
  'aws_appautoscaling_policy',
  'aws_appautoscaling_scheduled_action',
  'aws_autoscaling_policy',
  'aws_autoscaling_schedule',
  'aws_autoscaling_attachment',
  'aws_launch_configuration',
  'aws_launch_template',
  'aws_lb',
  'aws_alb',
  'aws_lb_target_group_attachment',
  'aws_alb_target_group_attachment',
  'aws_elb_attachment',
  'aws_security_group',
  'aws_security_group_rule',
  'aws_vpc_security_group_ingress_rule',
  'aws_subnet',
  ...googleSurroundings,
  ...azureSurroundings,
];

/** Types that are worth working out. */
export const wantedTypes: ReadonlySet<string> = new Set([...Object.keys(readers), ...surroundings]);

export const readStack = (stack: Stack): readonly AnyFact[] =>
  stack.resources.flatMap((resource) => (Object.hasOwn(readers, resource.type) ? readers[resource.type]!(resource, stack) : []));
