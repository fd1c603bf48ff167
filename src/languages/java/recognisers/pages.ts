import { readJdbcUrl } from '../../../text/jdbc-urls.ts';
import type { Recogniser } from '../recogniser.ts';
import { isMachine } from './databases.ts';

/** What JSP pages do besides keeping sessions: names of the server, connections, files. */
export const pages: Recogniser = {
  text: [],
  recognise({ pages: uses, needsServer }, emit) {
    for (const { what, text, place } of uses) {
      if (what === 'lookup' && needsServer) emit('server-use', place, { server: 'any', how: 'naming', what: `\`${text}\`` });
      else if (what === 'secret') emit('secret', place, { what: text ?? 'password', origin: 'literal' });
      else if (what === 'file')
        emit(
          'file-write',
          place,
          { library: 'java.io', api: 'a file stream in a JSP', content: 'unknown', temporary: false, duringRequest: true },
          { confidence: 'likely' },
        );
      else if (what === 'upload')
        emit('file-write', place, {
          library: 'com.oreilly.servlet',
          api: 'new MultipartRequest in a JSP',
          content: 'upload',
          temporary: false,
          duringRequest: true,
        });
      else if (what === 'database') {
        const jdbc = readJdbcUrl(text!);
        if (jdbc?.host && !jdbc.embedded && isMachine(jdbc.host))
          emit('endpoint', place, {
            host: jdbc.host,
            ...(jdbc.port === undefined ? {} : { port: jdbc.port }),
            scheme: jdbc.technology,
            overridable: false,
            role: 'database',
          });
        if (jdbc)
          emit('backing-service', place, {
            technology: jdbc.technology,
            library: 'JDBC',
            embedded: jdbc.embedded,
            ...(jdbc.embedded ? {} : { address: { is: 'literal', value: jdbc.address, place } }),
          });
      }
    }
  },
};
