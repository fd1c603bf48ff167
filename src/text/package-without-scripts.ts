/** What packages of other ecosystems than npm leave out of a manifest. */
export const withoutScripts = {
  private: true,
  type: 'commonjs',
  bin: {},
  scripts: {},
  dependencies: {},
  devDependencies: {},
  workspaces: [],
} as const;
