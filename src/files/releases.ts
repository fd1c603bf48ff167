/** Releases of others that were unpacked into the repository: `istio/istio-1.20.0/`, or `mesh-1.4.2/` beside `mesh-1.5.0/`. */

const versioned = /^(.+?)-v?(\d+\.\d+\.\d+)$/;
const above = (folder: string): string => folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1).toLowerCase();

export function makeIsRelease(paths: Iterable<string>): (folder: string) => boolean {
  let counts: ReadonlyMap<string, number> | undefined;
  return (folder) => {
    const stem = versioned.exec(nameOf(folder))?.[1];
    if (stem === undefined) return false;
    if (nameOf(above(folder)) === stem) return true;
    counts ??= countVersions(paths);
    return (counts.get(`${above(folder)}/${stem}`) ?? 0) > 1;
  };
}

/** How many versions lie beside each other, by folder and stem. */
function countVersions(paths: Iterable<string>): ReadonlyMap<string, number> {
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  for (const path of paths) {
    for (let folder = above(path); folder !== '' && !seen.has(folder); folder = above(folder)) {
      seen.add(folder);
      const stem = versioned.exec(nameOf(folder))?.[1];
      const key = `${above(folder)}/${stem}`;
      if (stem !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}
