#!/usr/bin/env node
import module from 'node:module';
import { join } from 'node:path';
import { runProgram } from './commands/program.ts';
import { cacheFolder } from './files/host/cache-folder.ts';

// From Node 22.1 on, compiled code is kept, too: a fifth of a short run. The default, a folder that all users share, is no place for code.
const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
const folder = cacheFolder();
if (folder) enableCompileCache?.(join(folder, 'code'));

process.exitCode = await runProgram(process.argv.slice(2));
