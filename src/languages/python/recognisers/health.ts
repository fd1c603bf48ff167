import { type Recogniser, textOf } from '../recogniser.ts';

/** Libraries that answer health requests, with the settings of Django under which they are installed. */
const helpers = [
  'health_check',
  'healthcheck',
  'fastapi_health',
  'fastapi_healthcheck',
  'fastapi_healthchecks',
  'flask_healthz',
  'flask_health',
  'healthcheck_python',
  'watchman',
  'django_alive',
  'heartbeat',
  'aiohttp_healthcheck',
  'dockerflow',
  'django_healthchecks',
  'django_probes',
  'kubernetes_healthcheck',
  'py_healthcheck',
  'lightkube_health',
];

/** Health requests that a library answers; its paths are not followed. */
export const health: Recogniser = {
  id: 'health',
  recognise(program, emit) {
    const place = program.imported(...helpers);
    if (place) emit('health-helper', { place }, { library: 'health check', paths: [] });
    for (const setting of program.settings('INSTALLED_APPS')) {
      const items = setting.value.is === 'list' ? setting.value.items : [];
      const found = items.find((item) => helpers.includes((textOf(item) ?? '').split('.')[0]!));
      if (found) emit('health-helper', { ...setting, place: found.place }, { library: textOf(found)!, paths: [] });
    }
  },
};
