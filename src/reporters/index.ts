import type { Reporter } from '../types.ts';
import { concise } from './concise.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

/** Every output format; the id is its name on the command line. */
export const reporters: readonly Reporter[] = [pretty, concise, json, sarif, github, markdown];
