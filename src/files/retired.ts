/** Folders that somebody put away: nothing there is deployed any more. */

/** Names that say so of all that lies below, programs included. */
const putAway =
  /^(?:[_.](?:archived?|old|legacy|deprecated|disabled|backups?)|old|bak|archived|deprecated|obsolete|retired|attic|graveyard|backups)$/;

/** Names that are hardly ever those of a service; `legacy-` alone may be one. */
const retiredName =
  /^(?:_?(?:deprecated|obsolete|retired|attic|graveyard|old|legacy|archived?|archives)|(?:old|legacy|deprecated|archived|obsolete)[-_](?:manifests?|k8s|kubernetes|kube|yamls?|helm|charts?|kustomize|overlays?|deploy(?:ments?)?|infra(?:structure)?|terraform|tf|compose|swarm|stacks?|config|configs|releases?|versions?)|[\w-]*(?:manifests?|k8s|kubernetes|yamls?|charts?|kustomize|terraform|compose)[-_](?:old|bak|backup|deprecated|archived?|obsolete))$/;

/** What a program is made of: a folder that holds one is a part of it, whatever it is called. */
const programFile =
  /(?:^|\/)(?:Dockerfile[^/]*|Containerfile|package\.json|pom\.xml|build\.gradle(?:\.kts)?|go\.mod|Cargo\.toml|requirements[^/]*\.txt|pyproject\.toml|[^/]+\.(?:[cm]?[jt]sx?|java|kt|go|py|cs|csproj|rb|php|rs))$/;

export function makeIsRetired(paths: Iterable<string>): (folder: string) => boolean {
  let programs: ReadonlySet<string> | undefined;
  return (folder) => {
    const name = folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();
    if (putAway.test(name)) return true;
    if (!retiredName.test(name)) return false;
    programs ??= foldersOfPrograms(paths);
    return !programs.has(folder);
  };
}

/** Every folder at or above a program's file. */
function foldersOfPrograms(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    if (!programFile.test(path)) continue;
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
