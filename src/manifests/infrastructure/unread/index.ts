/** Infrastructure that is a program, or in a language that is not read: it is said, by the file that stands for it. */
import type { Adapter } from '../../../types.ts';

const marks: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)cdk\.json$/, 'AWS CDK is a program: what it makes is not analysed.'],
  [/(?:^|\/)cdktf\.json$/, 'CDK for Terraform is a program: what it makes is not analysed.'],
  [/(?:^|\/)Pulumi\.ya?ml$/, 'Pulumi is a program: what it makes is not analysed.'],
  [/\.tf\.json$/, 'Terraform in JSON is not analysed.'],
];
const messageOf = (path: string): string | undefined => marks.find(([pattern]) => pattern.test(path))?.[1];

export const unreadInfrastructureAdapter: Adapter = {
  id: 'unread-infrastructure',
  nameSuffices: true,
  classify: (path) => messageOf(path) !== undefined,
  extract: ({ path }) => ({
    facts: [],
    notAssessed: [
      { reason: 'infrastructure', message: messageOf(path)!, place: { path, line: 1, column: 1, endLine: 1, endColumn: 1 }, failed: false },
    ],
  }),
};
