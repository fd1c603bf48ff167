import type { ProgramView } from '../recogniser.ts';
import type { Setting } from '../settings.ts';

/** Folders that an archive packs. */
const isPacked = /(?:^|\/)(?:src|WEB-INF|WebRoot|WebContent)\//;

/** A web project of Eclipse or Ant names its own folders of sources. */
const isSourceFolder = /(?:^|\/)(?:resources?|conf|config)\/[^/]+$/;

/** `System.getenv(name)`: a reader of settings of the program's own lets variables replace them. */
const asksByName = (view: ProgramView): boolean =>
  view.callsNamed('getenv').some((call) => call.call.args.length === 1 && view.names.text(call.call.args[0], call) === undefined);

/** An archive that a server runs has one file of settings for all places, and nothing that replaces it as Spring Boot does. */
export const isForAll = ({ place, profile }: Setting, view: ProgramView): boolean =>
  view.needsServer &&
  view.boot === undefined &&
  profile === undefined &&
  (isPacked.test(place.path) || (view.module.build.tool === 'ant' && isSourceFolder.test(place.path))) &&
  !asksByName(view);
