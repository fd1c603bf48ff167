/** Procfile → one Heroku `workload` for each process type (devcenter.heroku.com/articles/procfile). */
import type { Workload } from '../../facts.ts';
import { herokuVariables } from '../../text/heroku-variables.ts';
import { LineMap } from '../../text/positions.ts';
import { purposeOf } from '../../text/purpose.ts';
import { maskCommand } from '../../text/secret-shapes.ts';
import type { AnyFact, Extraction, Place, SourceFile } from '../../types.ts';

const line = /^([A-Za-z0-9_-]{1,100}):[ \t]*(\S.*)$/;
/** They run once, before a release or by hand, and are no processes that stay. */
const once = /^(?:release|setup|init|seed|console|shell|tests?|createsuperuser|(?:db[_-]?)?migrat(?:e|ions?)|(?:db[_-]?)?upgrade)$/;

/** No dyno has a Docker daemon: such a file starts everything on a developer's machine (goreman, foreman, overmind). */
const startsContainers = /(?:^|[\s"'&;|(])(?:docker|podman)(?:[- ]compose|\s+run|\s+start)\s/;

function toWorkload(
  name: string,
  command: string,
  namePlace: Place,
  place: Place,
  file: Pick<Workload, 'purpose'> & { readonly path: string },
): Workload {
  return {
    platform: 'heroku',
    kind: 'process',
    name,
    purpose: file.purpose,
    longRunning: !once.test(name),
    labels: {},
    containers: [
      {
        name,
        command: { known: true, value: [maskCommand(command)], place },
        shell: true,
        ports: [],
        env: [],
        envFrom: [{ kind: 'config-map', name: herokuVariables(file.path), optional: true, place: namePlace }],
        resources: {},
        mounts: [],
        security: {},
        place,
        namePlace,
      },
    ],
    initContainers: [],
    volumes: [],
    claimTemplates: [],
    dependsOn: [],
    annotations: {},
    profiles: [],
    namePlace,
  };
}

export function extractProcfile(file: SourceFile): Extraction {
  const lines = new LineMap(file.path, file.text);
  const facts: AnyFact[] = [];
  const isLocal = file.text.split('\n').some((row) => row.length < 10_000 && !/^\s*#/.test(row) && startsContainers.test(row));
  const purpose = isLocal ? 'development' : purposeOf(file.path);
  /** What honcho and foreman start side by side. */
  const byName = new Map<string, string>();
  let offset = 0;
  for (const row of file.text.split('\n')) {
    const match = row.length < 10_000 && line.exec(row.trimEnd());
    if (match && facts.length < 200) {
      const [whole, name, command] = match;
      const place = lines.place(offset, offset + whole.length);
      const value = toWorkload(name!, command!, lines.place(offset, offset + name!.length), place, { path: file.path, purpose });
      facts.push({ kind: 'workload', place, confidence: 'certain', value });
      byName.set(name!, maskCommand(command!));
    }
    offset += row.length + 1;
  }
  if (byName.size > 0) {
    const value = { manager: 'procfile', scripts: [], named: Object.fromEntries(byName) };
    facts.push({ kind: 'process-file', place: lines.place(0, 0), confidence: 'certain', value });
  }
  return { facts, notAssessed: [] };
}
