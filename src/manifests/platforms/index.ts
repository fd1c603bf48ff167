/** Files in which platforms are told how to build and run an app. */
import type { Adapter } from '../../types.ts';
import { appEngineAdapter } from './app-engine.ts';
import { azdAdapter } from './azd.ts';
import { beanstalkAdapter } from './beanstalk.ts';
import { flyAdapter } from './fly.ts';
import { functionHostAdapter } from './function-hosts.ts';
import { herokuAppAdapter, herokuYamlAdapter } from './heroku.ts';
import { imageBuilderAdapter } from './image-builders.ts';
import { nomadAdapter } from './nomad.ts';
import { pushedImageAdapter } from './pushed-images.ts';
import { railwayAdapter } from './railway.ts';
import { renderAdapter } from './render.ts';
import { serverlessAdapter } from './serverless.ts';

export const platformAdapters: readonly Adapter[] = [
  azdAdapter,
  beanstalkAdapter,
  imageBuilderAdapter,
  flyAdapter,
  functionHostAdapter,
  railwayAdapter,
  herokuYamlAdapter,
  herokuAppAdapter,
  serverlessAdapter,
  nomadAdapter,
  renderAdapter,
  appEngineAdapter,
  pushedImageAdapter,
];
