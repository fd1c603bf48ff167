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

/** `shop/wsgi.py`, which servers load. */
function findDeeper(root: string, files: FileAccess): { readonly path: string } | undefined {
  const below = files.under(root).filter((path) => /^[^/]+\/[aw]sgi\.py$/.test(root === '' ? path : path.slice(root.length + 1)));
  return below.length === 1 ? { path: below[0]! } : undefined;
}

const mostFiles = 40;
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
  return beside.slice(0, mostFiles).flatMap((path) => {
    const text = files.text(path) ?? '';
    const runs =
      text.includes('__main__') &&
      starts.test(text) &&
      (serves.test(text) || /import\s+(?:\w+,\s*)*(?:app|application|create_app)\b/.test(text));
    return runs ? [{ path }] : [];
  })[0];
}

/** A program that a folder of Python source holds, where no command names one: what starts by itself before what a server loads. */
export function findPrograms(
  { ecosystem, root, bin }: PackageManifest,
  _packages: PackagesByRoot,
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
  const found = started ?? texts.find(({ text }) => serves.test(text)) ?? findDeeper(root, files) ?? findUnusual(root, files);
  if (!found || Object.keys(bin).length > 0) return undefined;
  return [{ path: found.path, because: 'it starts a server and stands at a usual place' }];
}
