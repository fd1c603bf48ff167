import type { FactValues } from '../../../facts.ts';
import { isMachineFolder } from '../../../text/machine-folders.ts';
import { isDescriptivePath } from '../../../text/secret-literals.ts';
import type { Place } from '../../../types.ts';
import type { Recogniser } from '../recogniser.ts';
import { configLiterals, type LiteralSighting } from './config-literals.ts';
import { isDevelopmentOnly, leavesOf } from './config-values.ts';
import { placeAt } from './secrets.ts';

/** Absolute paths of one machine, where files are opened or programs started, and drive letters anywhere in code. */
export const osPaths: Recogniser = {
  id: 'os-paths',
  packages: ['fs', 'fs/promises', 'fs-extra', 'child_process', 'execa'],
  recognise(program, emit) {
    const seen = new Set<string>();
    const write = (
      at: { place: Place; within?: string; when?: Parameters<typeof isDevelopmentOnly>[0] },
      value: FactValues['host-path'],
    ): void => {
      const key = `${at.place.path}:${at.place.line}`;
      if (seen.has(key) || isDevelopmentOnly(at.when ?? []) || isDescriptivePath(at.place.path, program.root)) return;
      seen.add(key);
      emit('host-path', at, value);
    };
    for (const { path, item } of program.pass<LiteralSighting>(configLiterals.id)) {
      if (item.topic !== 'path') continue;
      const when = item.when ? program.evaluator.conditions(item.when, path) : [];
      const within = item.within === undefined ? {} : { within: `${path}#${item.within}` };
      write({ place: placeAt(path, item.at), when, ...within }, { path: item.path, os: item.os });
    }
    for (const call of program.callsOf('fs', 'fs/promises', 'fs-extra', 'child_process', 'execa')) {
      for (const leaf of leavesOf(call.args[0])) {
        if (leaf.env !== undefined || leaf.replaceable || call.tried || !isMachineFolder(leaf.text)) continue;
        const within = call.within === undefined ? {} : { within: call.within };
        write(
          { place: leaf.place, when: [...call.when, ...leaf.when], ...within },
          { path: leaf.text.split(/\s/)[0]!.slice(0, 120), os: 'unix' },
        );
      }
    }
  },
};
