import { anchor, type Recogniser } from '../recogniser.ts';

/** Libraries that answer health requests. */
const helpers = [
  'github.com/heptiolabs/healthcheck',
  'github.com/alexliesenfeld/health',
  'github.com/etherlabsio/healthcheck',
  'github.com/hellofresh/health-go',
  'github.com/InVisionApp/go-health',
  'github.com/AppsFlyer/go-sundheit',
  'github.com/dimiro1/health',
  'github.com/tavsec/gin-healthcheck',
  'github.com/gofiber/fiber/middleware/healthcheck',
  'github.com/ory/x/healthx',
  'k8s.io/apiserver/pkg/server/healthz',
  'sigs.k8s.io/controller-runtime/pkg/healthz',
  'github.com/apex/gateway',
];
const pings: Readonly<Record<string, string>> = {
  'database/sql.DB.Ping': 'database',
  'database/sql.DB.PingContext': 'database',
  'sqlx.DB.Ping': 'database',
  'sqlx.DB.PingContext': 'database',
  'redis.Client.Ping': 'redis',
  'mongo.Client.Ping': 'mongodb',
  'github.com/jackc/pgx/pgxpool.Pool.Ping': 'database',
};

/** Health requests that a library answers, and questions to what the program depends on. */
export const health: Recogniser = {
  id: 'health',
  recognise(program, emit) {
    const place = program.imported(...helpers);
    if (place) emit('health-helper', { place }, { library: 'health check', paths: [] });
    for (const call of program.calls) {
      const { target = '' } = call;
      if (target === 'grpc/health/v1.RegisterHealthServer') emit('health-helper', anchor(call), { library: 'grpc/health', paths: [] });
      if (Object.hasOwn(pings, target) && program.servesRequest(call.within))
        emit('dependency-check', anchor(call), { library: target.slice(0, target.indexOf('.')), on: pings[target]! });
    }
  },
};
