/** Files that name the processes to start: Procfile, pm2 ecosystem files, nodemon.json, package-scripts.js of nps, task files of gulp and Grunt, settings of uWSGI and Supervisor. */
import type { Adapter } from '../../types.ts';
import { extractNodemon, extractNps, extractPm2 } from './process-manager.ts';
import { extractProcfile } from './procfile.ts';
import { extractSupervisor, isSupervisor } from './supervisor.ts';
import { extractTaskFile, isTaskFile } from './task-runner.ts';
import { extractUwsgi, isUwsgi } from './uwsgi.ts';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const settings = /\.(?:ini|conf)$/;
const pm2 = /^(?:ecosystem(?:\.[\w-]+)*\.(?:c?js|mjs|ts|json)|pm2(?:\.config)?\.(?:c?js|json)|process(?:es)?\.json)$/;

export const processFileAdapter: Adapter = {
  id: 'process-file',
  needsText: (path) => settings.test(path),
  classify(path, head) {
    const name = baseName(path);
    if (settings.test(name)) return head !== undefined && (isUwsgi(head) || isSupervisor(head));
    const isNamed = name === 'nodemon.json' || name === 'package-scripts.js' || isTaskFile(name);
    return isNamed || /^procfile(?:\.\w+)?$/i.test(name) || pm2.test(name);
  },
  extract(file) {
    const name = baseName(file.path);
    if (/^procfile/i.test(name)) return extractProcfile(file);
    if (settings.test(name)) return isSupervisor(file.text) ? extractSupervisor(file) : extractUwsgi(file);
    if (name === 'package-scripts.js') return extractNps(file);
    if (isTaskFile(name)) return extractTaskFile(file);
    return name === 'nodemon.json' ? extractNodemon(file) : extractPm2(file);
  },
};
