/** Task definitions of ECS that are kept as a file and handed to a deployment. */

import { LineMap } from '../../../text/positions.ts';
import { purposeOf } from '../../../text/purpose.ts';
import type { Adapter, Extraction, SourceFile } from '../../../types.ts';
import { readTask } from '../aws/ecs.ts';
import { decodeJson, type TextPart } from '../node.ts';

const isCandidate = (path: string): boolean => /(?:^|\/)(?:[^/]*task[-_.]?def[^/]*|td[-_][^/]*|[^/]*[-_]td)\.json$/i.test(path);

function extract(file: SourceFile): Extraction {
  const lines = new LineMap(file.path, file.text);
  const part: TextPart = { text: file.text, at: (start, end) => lines.place(start, end) };
  const place = lines.place(0, 0);
  const body = decodeJson({ is: 'text', parts: [part], place });
  if (body?.is !== 'map')
    return {
      facts: [],
      notAssessed: [{ reason: 'syntax-error', message: 'The JSON of the task definition cannot be read.', place, failed: true }],
    };
  return { facts: readTask(body, purposeOf(file.path)), notAssessed: [] };
}

export const taskDefinitionAdapter: Adapter = {
  id: 'ecs-task-definition',
  needsText: isCandidate,
  classify: (path, head) => head !== undefined && isCandidate(path) && /"containerDefinitions"\s{0,4}:/.test(head),
  extract,
};
