/** Kubernetes objects in Jsonnet: a program, which is not run. */
import type { Adapter } from '../../../types.ts';

const isJsonnet = (path: string): boolean => /\.(?:jsonnet|libsonnet)$/.test(path);

export const jsonnetAdapter: Adapter = {
  id: 'jsonnet',
  needsText: isJsonnet,
  classify: (path, head) => head !== undefined && isJsonnet(path) && /apiVersion["']?\s{0,4}:/.test(head) && /kind["']?\s{0,4}:/.test(head),
  extract: ({ path }) => ({
    facts: [],
    notAssessed: [
      {
        reason: 'infrastructure',
        message: 'Jsonnet is a program: the Kubernetes objects that it makes are not analysed.',
        place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 },
        failed: false,
      },
    ],
  }),
};
