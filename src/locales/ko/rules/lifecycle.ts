import type { RuleTexts } from '../../locale.ts';

export const lifecycle: RuleTexts = {
  'build-at-start': {
    summary: '프로그램이 시작할 때 빌드됩니다',
    docs: {
      what: '시작 명령이 서버를 실행하기 전에 패키지를 설치하거나, 컴파일하거나, 소스 코드를 내려받습니다.',
      why: '복제본마다 따로 빌드합니다. 몇 초가 아니라 몇 분 만에 시작하고, 그 순간 레지스트리가 동작하고 있어야 하며, 두 복제본이 서로 다른 코드를 실행할 수 있습니다. 오토스케일러가 제때 도움을 주지 못합니다.',
      how: '설치와 컴파일은 이미지 빌드에서 하고, 시작 명령은 프로그램을 시작하기만 하세요.',
    },
    messages: {
      build: {
        text: '{where} 시작 때마다 `{command}` 명령을 실행합니다: {work}.',
        consequence: '새 복제본이 도움이 되기까지 몇 분과 네트워크가 필요하고, 다른 복제본과 다른 코드를 실행할 수 있습니다.',
        next: '이 단계를 이미지 빌드로 옮기세요.',
      },
    },
  },
  'dev-server-in-production': {
    summary: '개발 서버가 운영 환경에서 실행됩니다',
    docs: {
      what: '운영 이미지나 매니페스트가 nodemon, ts-node, `vite`, `next dev`, `react-scripts start`, `flask run`, `manage.py runserver`, `dotnet watch`, `mvn spring-boot:run`, `gradlew bootRun` 등 개발용 도구를 시작합니다.',
      why: '이런 도구는 시작할 때 컴파일하고 파일을 감시합니다. 복제본이 느리게 시작하고, 메모리를 훨씬 많이 쓰고, 스스로 재시작하며, 내부 정보를 사용자에게 노출할 수 있습니다. 실행되는 것이 빌드한 것과 다릅니다.',
      how: '이미지 빌드에서 컴파일하고 결과물을 `node`로 시작하세요. 감시 명령은 개발용 스크립트와 Compose 파일에만 두세요.',
    },
    messages: {
      development: {
        text: '{where}에서 개발용 도구를 시작합니다: `{tool}`.',
        consequence: '복제본이 느리게 시작하고, 메모리가 훨씬 많이 필요하며, 파일이 바뀌면 재시작합니다.',
        next: '이미지 빌드에서 컴파일하고 결과물을 시작하세요(`node dist/server.js`, `java -jar shop.jar`, `dotnet Shop.dll`).',
      },
      server: {
        text: '{library}에 딸린 개발용 서버가 요청에 응답합니다.',
        consequence:
          '부하나 공격을 견디도록 만들어지지 않았고, 언제든 다시 시작할 수 있으며, 디버그를 켜면 내부 정보를 사용자에게 보여 줍니다.',
        next: 'gunicorn, uvicorn, waitress 같은 운영용 서버로 애플리케이션을 시작하세요.',
      },
      reloading: {
        text: '{library}이(가) 소스를 감시하다가 파일이 바뀌면 프로그램을 다시 시작합니다.',
        consequence: '감시하는 프로세스 옆에서 작업자 하나로만 응답하고, 파일이 바뀌면 처리 중인 요청을 끊습니다.',
        next: '`reload` 없이 시작하세요. 명령줄에서 시작하거나, 개발용 변수에서 `reload`를 읽으세요.',
      },
    },
  },
  'grace-period-short': {
    summary: '종료 처리가 끝나기 전에 플랫폼이 강제 종료합니다',
    docs: {
      what: 'preStop 훅과 종료 핸들러를 합한 시간이 워크로드의 유예 시간보다 길어질 수 있습니다.',
      why: '유예 시간이 지나면 플랫폼이 SIGKILL을 보내고, 핸들러가 아직 기다리던 것은 사라집니다. Kubernetes에서는 preStop 시간도 유예 시간에 포함됩니다.',
      how: '`terminationGracePeriodSeconds`(Compose에서는 `stop_grace_period`)를 preStop과 종료 처리를 합한 시간보다 몇 초 길게 하거나, 그 시간을 줄이세요.',
    },
    messages: {
      short: {
        text: '{workload}은(는) SIGTERM {grace}초 후에 강제 종료되는데, 종료 처리에는 {needed}초까지 걸릴 수 있습니다.',
        consequence: '종료 처리가 아직 기다리던 요청과 작업을 잃습니다.',
        next: '유예 시간을 {needed}초보다 길게 하거나, preStop과 종료 핸들러가 더 일찍 끝나게 하세요.',
      },
    },
  },
  'migration-at-start': {
    summary: '복제본마다 시작할 때 데이터베이스 스키마를 변경합니다',
    docs: {
      what: '서비스가 시작하면서 데이터베이스 스키마를 마이그레이션하거나 동기화합니다: 시작 명령, 엔트리 스크립트, 또는 코드(`sequelize.sync()`, `synchronize: true`, `knex.migrate.latest()`)에서. Job, 초기화 컨테이너, 사람이 직접 실행하는 스크립트는 제외합니다.',
      why: '함께 시작하는 복제본들이 스키마를 동시에 변경하고, 느린 마이그레이션 도중에 헬스 체크가 복제본을 종료시키며, 이전 복제본이 새 스키마를 만나게 됩니다.',
      how: '마이그레이션은 릴리스마다 한 번만 실행하세요: Job, Helm 훅, 또는 플랫폼의 릴리스 단계에서.',
    },
    messages: {
      command: {
        text: '시작 명령이 모든 복제본에서 `{how}` 명령을 실행합니다.',
        consequence: '함께 시작하는 복제본들이 스키마를 동시에 변경하고, 마이그레이션이 실패하면 모두 멈춥니다.',
        next: 'Job이나 릴리스 단계에서 릴리스마다 한 번만 실행하세요.',
      },
      code: {
        text: '모든 복제본이 시작할 때 데이터베이스 스키마를 변경합니다: `{how}`.',
        consequence: '함께 시작하는 복제본들이 스키마를 동시에 변경하고, 이전 복제본은 아직 그 스키마를 사용하고 있습니다.',
        next: '마이그레이션은 Job이나 릴리스 단계에서 릴리스마다 한 번만 실행하세요.',
      },
      locked: {
        text: '복제본이 시작할 때 {library}{가/이} 데이터베이스 스키마를 변경합니다.',
        consequence:
          '복제본들은 그 잠금을 기다린 뒤에야 요청을 받고, 느린 변경은 모든 시작을 늦추며, 이전 복제본이 새 스키마를 만나게 됩니다.',
        next: '마이그레이션을 Job이나 릴리스 단계에서 릴리스마다 한 번만 실행하거나, 모든 변경을 이전 버전과 호환되게 유지하세요.',
      },
      embedded: {
        text: '모든 복제본이 시작할 때 자기 내장 데이터베이스의 스키마를 만듭니다: `{how}`.',
        consequence: '복제본들이 함께 쓰는 데이터베이스에서는 시작할 때마다 다른 복제본이 쓰는 스키마를 변경하거나 삭제하게 됩니다.',
        next: '데이터베이스 서버로 옮길 때 이 설정을 끄고, 마이그레이션은 릴리스마다 한 번만 실행하세요.',
      },
    },
  },
  'process-manager-in-image': {
    summary: '컨테이너 안에서 프로세스 관리자가 실행됩니다',
    docs: {
      what: '컨테이너가 pm2, forever, supervisord, honcho, concurrently 또는 `cluster.fork()`로 시작되거나, 시작 스크립트가 다른 프로그램을 백그라운드에 남겨 둡니다. 컨테이너 하나 안에서 여러 프로세스가 실행됩니다.',
      why: '프로세스 관리자는 플랫폼입니다. 컨테이너 안의 관리자는 플랫폼에게 비정상 종료를 숨기고, 오토스케일러 모르게 메모리와 연결을 배로 늘리며, 따로 확장되어야 할 것들을 컨테이너 하나로 묶습니다.',
      how: '컨테이너마다 프로그램 하나를 시작하고, 나머지는 복제본, 재시작 정책, 오토스케일러에 맡기세요. 이미지는 같지만 하는 일이 다른 프로그램들은 명령이 다른 두 워크로드로 나누세요.',
    },
    messages: {
      manager: {
        text: '{where} 안에서 `{command}` 명령이 프로세스를 관리합니다.',
        consequence: '비정상 종료와 부하가 플랫폼에 보이지 않고, 오토스케일러가 계산하는 복제본에 스스로 모르는 복제본이 섞입니다.',
        next: '컨테이너마다 프로그램 하나를 시작하고, 재시작과 복제는 플랫폼에 맡기세요.',
      },
      aside: {
        text: '{where} 안에서 `{command}` 명령이 다른 프로그램의 백그라운드에서 실행됩니다.',
        consequence: '플랫폼은 포그라운드 프로그램만 지켜봅니다. 이 프로그램이 죽어도 아무도 다시 시작하지 않으며, 둘은 함께만 확장됩니다.',
        next: '같은 이미지에 별도의 명령을 지정하여 독립된 워크로드로 시작하세요.',
      },
      fork: {
        text: '프로그램이 컨테이너 안에서 자신의 복제 프로세스를 만듭니다.',
        consequence: '오토스케일러는 자신이 모르는 프로세스 위에 복제본을 더합니다. 메모리와 연결이 배로 늘어납니다.',
        next: '컨테이너마다 프로세스 하나를 실행하고 복제본으로 확장하세요.',
      },
    },
  },
  'recreate-strategy': {
    summary: '배포할 때마다 서비스 전체가 중단됩니다',
    docs: {
      what: '요청을 받는 Deployment가 `strategy: Recreate` 또는 `maxUnavailable: 100%`로 교체되거나, Fly 앱이 `immediate` 전략을 사용하거나, Swarm 서비스에 `parallelism: 0`이 지정되어 있습니다. 데이터베이스와 자기 볼륨이 있는 워크로드는 이 설정이 필요한 경우가 많아 제외합니다.',
      why: '새 복제본이 하나라도 준비되기 전에 이전 복제본이 모두 중지되므로 배포할 때마다 중단이 생깁니다.',
      how: 'RollingUpdate(기본값)를 사용하고, 두 버전이 나란히 실행될 수 있게 만드세요.',
    },
    messages: {
      recreate: {
        text: '{workload}의 교체 방식은 {strategy}입니다: 새 복제본이 준비되기 전에 이전 복제본이 모두 중지됩니다.',
        consequence: '배포할 때마다 서비스가 중단됩니다.',
        next: '롤링 업데이트로 무중단 배포를 하세요.',
      },
      unknown: {
        text: '{workload}이(가) 존재하지 않는 업데이트 전략을 요구합니다: `{strategy}`.',
        consequence: '클러스터가 워크로드를 거부하므로 배포가 실패합니다.',
        next: '롤링 업데이트를 사용하세요.',
      },
    },
  },
  'shutdown-not-graceful': {
    summary: '서버가 정상 종료(graceful shutdown)하지 않습니다',
    docs: {
      what: '서버가 SIGTERM을(또는 플랫폼이 대신 보내는 신호를. Fly는 달리 지정하지 않으면 SIGINT를 보냅니다) 전혀 처리하지 않거나, 핸들러가 서버를 닫지 않고 종료합니다.',
      why: '플랫폼은 배포하거나 스케일 인하거나 옮길 때마다 SIGTERM으로 복제본을 중지합니다. 핸들러가 없는 프로세스는 요청을 처리하던 도중에 종료됩니다. 컨테이너의 1번 프로세스인 Node.js는 이 신호를 아예 무시하고, 유예 시간이 지나면 강제 종료됩니다.',
      how: 'SIGTERM을 받으면 새 연결을 받지 않고(`server.close()`), 처리 중인 요청이 끝나기를 기다리고, 풀을 닫은 다음 종료하세요. Nest에는 `app.enableShutdownHooks()`가 있고, fastify와 express에는 close-with-grace와 http-terminator 같은 도우미가 있습니다.',
    },
    messages: {
      missing: {
        text: '서버가 수신하고 있지만, 코드 어디에서도 SIGTERM을 처리하지 않습니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: 'SIGTERM을 받으면 `server.close()`를 호출하고, 처리 중인 요청을 기다린 다음 종료하세요.',
      },
      exits: {
        text: 'SIGTERM 핸들러가 서버를 닫지 않고 종료합니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '핸들러에서 `server.close()`를 호출하고 그 콜백에서 종료하세요.',
      },
      exitsInGo: {
        text: '프로그램이 SIGTERM을 기다렸다가 서버를 닫지 않고 끝납니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '신호를 받은 뒤 서버의 `Shutdown`(gRPC는 `GracefulStop`)을 호출하고 돌아오세요.',
      },
      notSent: {
        text: '플랫폼은 {signal} 신호로 중지하는데, 코드는 다음만 처리합니다: {signals}.',
        consequence: '핸들러가 실행되지 않아, 배포와 스케일 인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '플랫폼이 SIGTERM을 보내게 하거나(fly.toml의 `kill_signal`, Dockerfile의 STOPSIGNAL), {signal} 신호도 처리하세요.',
      },
      missingOfMessages: {
        text: '프로그램이 {broker}의 메시지를 처리하지만, 코드 어디에서도 SIGTERM을 처리하지 않습니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 메시지가 끊깁니다.',
        next: '`app.enableShutdownHooks()`를 호출하고, `beforeApplicationShutdown`에서 작업이 끝나게 하세요.',
      },
      missingInGo: {
        text: '서버가 수신하고 있지만, 코드 어디에서도 SIGTERM을 처리하지 않습니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '`signal.NotifyContext`로 SIGTERM을 기다린 뒤 서버의 `Shutdown`(gRPC는 `GracefulStop`)을 호출하세요.',
      },
      missingInJava: {
        text: '서버가 수신하고 있지만, 코드 어디에서도 SIGTERM을 처리하지 않습니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '`Runtime.addShutdownHook`의 훅에서 서버를 중지하고, Jetty에 중지 제한 시간을 설정하세요.',
      },
      spring: {
        text: 'Spring Boot가 SIGTERM을 받으면 처리 중인 요청을 기다리지 않고 바로 중지합니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '`server.shutdown=graceful`을 설정하거나(Spring Boot 2.3 이상), 이것이 기본값인 Spring Boot 3.4로 올리세요.',
      },
      otherSignal: {
        text: '코드가 {signals} 신호는 처리하지만, 플랫폼이 보내는 SIGTERM은 처리하지 않습니다.',
        consequence: '배포, 스케일 인, 노드 드레인 때마다 이 복제본이 처리 중인 요청이 끊깁니다.',
        next: '같은 핸들러를 SIGTERM에도 등록하세요.',
      },
    },
  },
  'signal-lost': {
    summary: 'SIGTERM이 서버에 도달하지 않습니다',
    docs: {
      what: '컨테이너의 1번 프로세스가 셸, 패키지 관리자 또는 다른 래퍼이고, 서버를 자식 프로세스로 시작합니다.',
      why: '플랫폼은 SIGTERM을 1번 프로세스에만 보냅니다. 셸은 이를 무시하고 `npm`은 안정적으로 전달하지 않습니다. 서버는 신호를 받지 못한 채 유예 시간이 지나면 요청을 처리하던 도중에 강제 종료됩니다.',
      how: '프로그램 자체를 exec 형식으로 시작하세요: `CMD ["node", "server.js"]`. 엔트리포인트 스크립트는 `exec "$@"`로 끝내세요. 셸이 필요하면 tini 같은 init을 앞에 두세요.',
    },
    messages: {
      packageManager: {
        text: '{where}의 1번 프로세스가 `{command}`이고, 서버는 그 자식 프로세스입니다.',
        consequence: 'SIGTERM이 패키지 관리자에서 멈춥니다. 서버는 요청을 처리하던 도중에 강제 종료됩니다.',
        next: '프로그램 자체를 시작하세요: `CMD ["node", "…"]`.',
      },
      shell: {
        text: '{where}의 1번 프로세스가 셸이고, 셸이 `{program}` 명령을 자식 프로세스로 실행합니다.',
        consequence: '셸은 SIGTERM을 전달하지 않습니다. 서버는 요청을 처리하던 도중에 강제 종료됩니다.',
        next: 'exec 형식을 사용하거나, 마지막 명령 앞에 `exec`를 붙이세요.',
      },
      wrapper: {
        text: '{where}의 1번 프로세스가 `{command}`이고, 서버는 그 자식 프로세스입니다.',
        consequence: 'SIGTERM이 서버에 도달하지 못할 수 있고, 그러면 서버는 요청을 처리하던 도중에 강제 종료됩니다.',
        next: '프로그램 자체를 시작하거나, tini 같은 init을 앞에 두세요.',
      },
    },
  },
};
