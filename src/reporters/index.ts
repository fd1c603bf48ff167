import type { Reporter } from '../types.ts';
import { agent } from './agent.ts';
import { checkstyle } from './checkstyle.ts';
import { concise } from './concise.ts';
import { csv } from './csv.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { pretty } from './pretty.ts';
import { rdjson } from './rdjson.ts';
import { sarif } from './sarif.ts';

/** Every output format; the id is its name on the command line. */
export const reporters: readonly Reporter[] = [
  pretty,
  concise,
  json,
  sarif,
  github,
  gitlab,
  junit,
  checkstyle,
  rdjson,
  markdown,
  csv,
  agent,
];
