import { placeholdersOf, variableOfKey } from '../../../text/placeholders.ts';
import { placeAt, type Recogniser } from '../recogniser.ts';

/** Reads of variables: `System.getenv`, `@Value("${x}")`, placeholders of settings; with `*`, since Spring lets any variable replace any setting. */
export const environment: Recogniser = {
  text: ['System.getenv', '@Value', '@ConfigProperty', 'ConfigurationProperties'],
  recognise(view, emit) {
    for (const call of view.callsNamed('getenv')) {
      const name = view.names.text(call.call.args[0], call);
      emit('env-read', placeAt(call.path, call.call.at), { name: name ?? '*', hasDefault: false, optional: true }, { within: call.id });
    }
    for (const { text, place, when } of view.settings.all) {
      for (const { key, fallback } of placeholdersOf(text)) {
        if (view.settings.of(key).length === 0 && /^[A-Z][A-Z0-9_]*$/.test(key))
          emit('env-read', place, { name: variableOfKey(key), hasDefault: fallback !== undefined, optional: false }, { when });
      }
    }
    if (view.boot) emit('env-read', view.place, { name: '*', hasDefault: true, optional: true });
  },
};
