import type { Recogniser } from '../recogniser.ts';

/** Spring writes a log file beside the console when a name or folder is set. */
export const logging: Recogniser = {
  text: [],
  recognise(view, emit) {
    for (const setting of view.settings.matching(
      /^(?:logging\.(?:file(?:\.(?:name|path))?|path)|quarkus\.log\.file\.path|server\.tomcat\.accesslog\.directory)$/,
    )) {
      if (setting.text !== '')
        emit(
          'log-sink',
          setting.place,
          { library: 'Spring Boot logging', sink: 'file', target: view.settings.value(setting) },
          { when: setting.when },
        );
    }
  },
};
