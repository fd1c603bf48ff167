import type { ProgramView, Recogniser } from '../recogniser.ts';
import { answersHttp } from './servers.ts';

/** Libraries that serve a description of the routes: pages by their usual paths, with the settings that move them. Data only. */
interface Documents {
  readonly artifact: RegExp;
  readonly pages: readonly (readonly [path: string, key?: string])[];
}
const libraries: readonly Documents[] = [
  // Springfox reference, "Configuring springfox".
  {
    artifact: /^io\.springfox:springfox-(?:swagger2|swagger-ui|oas|boot-starter)$/,
    pages: [
      ['/v2/api-docs', 'springfox.documentation.swagger.v2.path'],
      ['/v3/api-docs', 'springfox.documentation.open-api.v3.path'],
      ['/swagger-ui.html'],
      ['/swagger-ui/*'],
      ['/swagger-resources/*'],
    ],
  },
  // springdoc.org, "springdoc-openapi core properties".
  {
    artifact: /^org\.springdoc:springdoc-openapi/,
    pages: [['/v3/api-docs/*', 'springdoc.api-docs.path'], ['/swagger-ui.html', 'springdoc.swagger-ui.path'], ['/swagger-ui/*']],
  },
];

const keys = ['server.servlet.context-path', 'server.context-path', 'spring.webflux.base-path'];
const basePath = ({ settings }: ProgramView): string => keys.map((key) => settings.text(key)).find((text) => text !== undefined) ?? '';

/** Routes of a program that describe its routes: probes ask for them, too. */
export const apiDocuments: Recogniser = {
  text: ['EnableSwagger2', 'OpenAPIDefinition'],
  recognise(view, emit) {
    for (const { artifact, pages } of libraries) {
      const place = view.dependency(artifact)?.place;
      if (!place || !answersHttp(view)) continue;
      for (const [usual, key] of pages) {
        const path = `${basePath(view)}/${(key && view.settings.text(key)) ?? usual}`.replace(/\/{2,}/g, '/');
        const complete = !path.includes('$');
        emit('route', place, {
          methods: ['GET'],
          path: complete ? path : '/',
          complete,
          handlers: [],
          // No route of the program's own: asking for a page does not make it one for health.
          fallback: true,
          library: 'Spring MVC',
        });
      }
    }
  },
};
