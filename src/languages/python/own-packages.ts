/** Packages of the repository that a program installs and imports by name: `packages/shared/shared`, `libs/billing/src/billing`. */
import type { PackagesByRoot } from '../language.ts';
import { join } from './modules.ts';

/** Names that every package uses for its own parts. */
const common =
  /^(?:apps?|src|lib|libs|utils?|tests?|core|common|config|settings|api|models?|schemas?|services?|routes?|routers?|main|server|database|db|handlers?|helpers?|scripts?|tools?|worker|tasks?)$/;
const moduleName = (name: string): string => name.toLowerCase().replace(/[-.]+/g, '_');

/** Folders in which a name that nothing beside the program provides is looked for. */
export function ownPackageFolders(
  packages: PackagesByRoot | undefined,
  own: string,
  has: (path: string) => boolean,
): (top: string) => readonly string[] {
  const others = [...(packages ?? [])].filter(([root, { ecosystem }]) => ecosystem === 'python' && root !== own);
  return (top) => {
    const holding = others.flatMap(([root, { name }]) =>
      [root, join(root, 'src')]
        .filter((folder) => has(join(folder, `${top}/__init__.py`)))
        .map((folder) => ({ folder, isNamed: name !== undefined && moduleName(name) === top })),
    );
    const named = holding.filter(({ isNamed }) => isNamed);
    const found = named.length > 0 ? named : common.test(top) ? [] : holding;
    return found.length === 1 ? [found[0]!.folder] : [];
  };
}
