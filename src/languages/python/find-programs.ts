import type { PackageManifest } from '../../facts.ts';
import type { Entry, FileAccess, PackagesByRoot } from '../language.ts';
import { folderOf, join } from './modules.ts';

/** Files at which programs usually begin. */
const usual = [
  'app.py',
  'main.py',
  'run.py',
  'server.py',
  'wsgi.py',
  'asgi.py',
  'application.py',
  'src/main.py',
  'src/app.py',
  'app/main.py',
  'app/app.py',
  'src/server.py',
];
/** Starts to serve, or to work, when the file runs. */
const starts = /\.run\(|\bserve\(|run_app\(|\.listen\(|execute_from_command_line|serve_forever|\.start\(\)/;
const serves = /\b(?:Flask|FastAPI|Starlette|Sanic|Quart|Litestar|Bottle)\s{0,5}\(|get_[wa]sgi_application|web\.Application\(|create_app\(/;

/** Brings an application from another module, by its name or as a text: `uvicorn.run('shop.web:app')`. */
const takesApplication =
  /\bimport\s{1,9}(?:\(\s{0,9})?(?:\w{1,40},\s{0,9}){0,9}(?:app|application|\w{0,20}(?:create|make|build|get)_\w{0,30}app\w{0,20})\b|uvicorn\.run\(\s{0,20}["'][\w.]{1,80}:/;

/** `shop/wsgi.py`, which servers load; `shop/__main__.py`, which `python -m shop` starts. */
function findDeeper(root: string, files: FileAccess): { readonly path: string } | undefined {
  const inside = (path: string): string => (root === '' ? path : path.slice(root.length + 1));
  const below = files.under(root).filter((path) => /^[^/]+\/[aw]sgi\.py$/.test(inside(path)));
  if (below.length === 1) return { path: below[0]! };
  const mains = files.under(root).filter((path) => /^(?:src\/)?[^/]+\/__main__\.py$/.test(inside(path)) && !aside.test(inside(path)));
  const starting = mains.filter((path) => {
    const text = files.text(path) ?? '';
    return starts.test(text) && (serves.test(text) || takesApplication.test(text));
  });
  return below.length === 0 && starting.length === 1 ? { path: starting[0]! } : undefined;
}

/** Folders that hold no program of the package, or packages of others. */
const aside =
  /(?:^|\/)(?:tests?|docs?|examples?|samples?|scripts?|tools?|utils?|migrations|notebooks?|benchmarks?|tutorials?|site-packages|node_modules|[.]?v?env|[.][^/]*)\//i;
const deepest = 3;
/** The one program in a folder below: `manage.py` of Django, else a file of a usual name. Where several could be meant, none is. */
function findNested(root: string, packages: PackagesByRoot, files: FileAccess): { readonly path: string } | undefined {
  const below = (path: string): string => (root === '' ? path : path.slice(root.length + 1));
  const others = [...packages].flatMap(([folder, { ecosystem }]) =>
    ecosystem === 'python' && folder !== root && (root === '' || folder.startsWith(`${root}/`)) ? [folder] : [],
  );
  const nested = files
    .under(root)
    .filter(
      (path) =>
        /\/(?:manage|app|main|run|server|wsgi|asgi|application)\.py$/.test(path) &&
        below(path).split('/').length <= deepest + 1 &&
        !aside.test(below(path)) &&
        !others.some((folder) => path.startsWith(`${folder}/`)),
    )
    .slice(0, mostFiles);
  const django = nested.filter((path) => path.endsWith('/manage.py') && /django/.test(files.text(path) ?? ''));
  if (django.length > 0) return django.length === 1 ? { path: django[0]! } : undefined;
  const all = nested.map((path) => ({ path, text: files.text(path) ?? '' }));
  const texts = all.filter(({ text }) => serves.test(text));
  if (new Set(texts.map(({ path }) => folderOf(path))).size !== 1) return undefined;
  // Run by hand, it starts what a module beside it makes.
  const starter = all.find(
    ({ path, text }) =>
      folderOf(path) === folderOf(texts[0]!.path) && text.includes('__main__') && starts.test(text) && takesApplication.test(text),
  );
  return texts.find(({ text }) => starts.test(text)) ?? starter ?? texts[0];
}

const mostFiles = 40;
/** Works on without serving: its file waits for what is due, or for messages. */
const loops = /\bschedule\.run_pending\(|\bBlockingScheduler\(|\.run_polling\(|\.start_polling\(|\.infinity_polling\(|\.start_consuming\(/;
/** A file of another name beside the package's manifest that starts a server when it is run. */
function findUnusual(root: string, files: FileAccess): { readonly path: string } | undefined {
  const beside = files
    .under(root)
    .filter(
      (path) =>
        path.endsWith('.py') &&
        folderOf(path) === root &&
        !/(?:^|\/)(?:test_|setup\.py|conftest\.py|dev|(?:run)?_?dev|runserver)/.test(path),
    );
  const texts = beside.slice(0, mostFiles).map((path) => ({ path, text: files.text(path) ?? '' }));
  const serving = texts.find(
    ({ text }) => text.includes('__main__') && starts.test(text) && (serves.test(text) || takesApplication.test(text)),
  );
  return serving ?? texts.find(({ text }) => loops.test(text));
}

/** A program that a folder of Python source holds, where no command names one: what starts by itself before what a server loads. */
export function findPrograms(
  { ecosystem, root, bin }: PackageManifest,
  packages: PackagesByRoot,
  files: FileAccess,
): readonly Entry[] | undefined {
  if (ecosystem !== 'python') return undefined;
  const manage = join(root, 'manage.py');
  if (/django/.test(files.text(manage) ?? '')) return [{ path: manage, because: 'it is where programs of Django begin' }];
  const texts = usual.flatMap((file) => {
    const path = join(root, file);
    const text = files.has(path) ? files.text(path) : undefined;
    return text === undefined ? [] : [{ path, text }];
  });
  const started = texts.find(
    ({ text }) =>
      starts.test(text) &&
      /\b(?:import|from)\b/.test(text) &&
      (serves.test(text) || /import\s+(?:\w+,\s*)*(?:app|application|create_app)\b|uvicorn/.test(text)),
  );
  const found =
    started ??
    texts.find(({ text }) => serves.test(text)) ??
    findDeeper(root, files) ??
    findNested(root, packages, files) ??
    findUnusual(root, files);
  if (!found || Object.keys(bin).length > 0) return undefined;
  return [{ path: found.path, because: 'it starts what it serves, and stands at a usual place' }];
}
