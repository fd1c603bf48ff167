import type { Adapter, Expander, TreeAdapter } from '../types.ts';
import { ansibleAdapter } from './ansible/index.ts';
import { chartValuesAdapter } from './chart-values/index.ts';
import { cloudFoundryAdapter } from './cloud-foundry/index.ts';
import { multitargetAdapter } from './cloud-foundry/mta.ts';
import { cloudFoundryVariablesAdapter } from './cloud-foundry/variables.ts';
import { composeAdapter } from './compose/index.ts';
import { dockerfileAdapter } from './dockerfile/index.ts';
import { dotenvAdapter } from './dotenv/index.ts';
import { dotnetProjectAdapter } from './dotnet-project/index.ts';
import { dotnetSettingsAdapter } from './dotnet-settings/index.ts';
import { goModuleAdapter } from './go-module/index.ts';
import { gradleAdapter } from './gradle/index.ts';
import { makeHelmExpander } from './helm/index.ts';
import { ignoreFileAdapter } from './ignore-file/index.ts';
import { cloudFormationAdapter } from './infrastructure/cloudformation/index.ts';
import { bicepAdapter } from './infrastructure/resource-manager/bicep.ts';
import { containerAppFileAdapter, resourceTemplateAdapter } from './infrastructure/resource-manager/template.ts';
import { taskDefinitionAdapter } from './infrastructure/task-definition/index.ts';
import { terraformAdapter } from './infrastructure/terraform/index.ts';
import { unreadInfrastructureAdapter } from './infrastructure/unread/index.ts';
import { jsonnetAdapter } from './infrastructure/unread/jsonnet.ts';
import { javaLoggingAdapter } from './java-logging/index.ts';
import { hoconAdapter } from './java-settings/hocon.ts';
import { javaSettingsAdapter } from './java-settings/index.ts';
import { keycloakAdapter } from './java-settings/keycloak.ts';
import { javaXmlAdapter } from './java-xml/index.ts';
import { keyFileAdapter } from './key-file/index.ts';
import { kubernetesAdapter } from './kubernetes/adapter.ts';
import { kustomizeExpander } from './kustomize/index.ts';
import { lockFileAdapter } from './lock-file/index.ts';
import { mavenAdapter } from './maven/index.ts';
import { packageJsonAdapter } from './package-json/index.ts';
import { platformAdapters } from './platforms/index.ts';
import { processFileAdapter } from './process-file/index.ts';
import { proxyAdapters } from './proxy/index.ts';
import { pythonProjectAdapter } from './python-project/index.ts';
import { railsAdapter } from './rails/index.ts';
import { serverScriptAdapter } from './server-scripts/index.ts';
import { shellScriptAdapter } from './shell-script/index.ts';
import { scriptManifestExpander } from './shell-script/inline-manifests.ts';
import { deliveryConfigAdapter } from './spinnaker/delivery-config.ts';
import { spinnakerAdapter } from './spinnaker/index.ts';
import { inlineManifestExpander } from './spinnaker/inline-manifests.ts';
import { systemdAdapter } from './systemd/index.ts';

/** Every manifest adapter, most specific first: the first whose `classify` accepts a path owns it. */
export const manifestAdapters: readonly Adapter[] = [
  unreadInfrastructureAdapter,
  ansibleAdapter,
  railsAdapter,
  jsonnetAdapter,
  lockFileAdapter,
  packageJsonAdapter,
  dockerfileAdapter,
  ignoreFileAdapter,
  processFileAdapter,
  ...platformAdapters,
  systemdAdapter,
  dotenvAdapter,
  shellScriptAdapter,
  ...proxyAdapters,
  mavenAdapter,
  gradleAdapter,
  pythonProjectAdapter,
  goModuleAdapter,
  javaLoggingAdapter,
  javaSettingsAdapter,
  hoconAdapter,
  keycloakAdapter,
  serverScriptAdapter,
  javaXmlAdapter,
  dotnetProjectAdapter,
  dotnetSettingsAdapter,
  keyFileAdapter,
  cloudFoundryAdapter,
  multitargetAdapter,
  spinnakerAdapter,
  deliveryConfigAdapter,
  taskDefinitionAdapter,
  composeAdapter,
  cloudFormationAdapter,
  resourceTemplateAdapter,
  containerAppFileAdapter,
  kubernetesAdapter,
  chartValuesAdapter,
  cloudFoundryVariablesAdapter,
];

/** Everything that makes manifests of several files. What they make goes through the adapters as files do. */
export const makeExpanders = (helmSets?: Readonly<Record<string, readonly string[]>>): readonly Expander[] => [
  makeHelmExpander(helmSets),
  kustomizeExpander,
  inlineManifestExpander,
  scriptManifestExpander,
];

/** Adapters that read files together. */
export const treeAdapters: readonly TreeAdapter[] = [terraformAdapter, bicepAdapter];
