import { placeOf, type Recogniser } from '../recogniser.ts';
import { joinPaths, pathOfTemplate } from './route-paths.ts';
import { library } from './servers.ts';

const maxPages = 2000;
const directive = /^\uFEFF?\s{0,20}@page(?:[ \t]+"([^"]{0,300})")?/m;

/** Razor pages answer by where they lie, Blazor components by what they say. */
export const pages: Recogniser = {
  text: ['MapRazorPages', 'MapRazorComponents', 'MapBlazorHub'],
  recognise(view, emit) {
    const [first] = view.callsNamed('MapRazorPages', 'MapRazorComponents', 'MapBlazorHub');
    if (!first) return;
    const add = (path: string) =>
      emit('route', placeOf(first), { methods: ['GET', 'POST'], path, complete: true, handlers: [], fallback: false, library });
    const prefix = view.project.root === '' ? '' : `${view.project.root}/`;
    for (const path of view
      .under(view.project.root)
      .filter((one) => /\.(?:cshtml|razor)$/.test(one))
      .slice(0, maxPages)) {
      const own = path.slice(prefix.length);
      const match = directive.exec(view.text(path)?.slice(0, 4000) ?? '');
      if (!match) continue;
      const template = match[1];
      if (template?.startsWith('/') || path.endsWith('.razor')) add(pathOfTemplate(template ?? ''));
      else {
        const page = /(?:^|\/)Pages\/(.*)\.cshtml$/.exec(own)?.[1] ?? '';
        for (const one of [page, ...(/(?:^|\/)Index$/.test(page) ? [page.replace(/\/?Index$/, '')] : [])])
          add(joinPaths(`/${one}`, pathOfTemplate(template ?? '')));
      }
    }
  },
};
