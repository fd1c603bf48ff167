import type { RuleTexts } from '../../locale.ts';

export const network: RuleTexts = {
  'dangling-service': {
    summary: 'Service가 선택하는 파드가 없거나, 라우트가 찾는 Service가 없습니다',
    docs: {
      what: 'Service의 셀렉터가 저장소의 어느 파드의 레이블과도 일치하지 않는데 그 옆의 워크로드는 같은 레이블 키를 사용하거나, `targetPort`가 선택된 파드에 없는 포트 이름을 지정합니다.',
      why: 'Service에 엔드포인트가 없습니다. 모든 요청이 실패합니다.',
      how: '파드 템플릿의 레이블을 셀렉터로 사용하고, `targetPort`에는 컨테이너 포트의 이름이나 번호를 지정하세요.',
    },
    messages: {
      selector: {
        text: 'Service `{service}`이(가) 선택하는 `{selector}` 레이블을 가진 파드가 없습니다.',
        consequence: 'Service에 엔드포인트가 없습니다. 모든 요청이 실패합니다.',
        next: '파드 템플릿의 레이블을 셀렉터로 사용하세요.',
      },
      port: {
        text: 'Service `{service}`이(가) `{port}` 포트로 요청을 보내는데, 선택된 파드에 그런 이름의 포트가 없습니다.',
        consequence: 'Service의 이 포트에는 엔드포인트가 없습니다. 이 포트로 보낸 모든 요청이 실패합니다.',
        next: '컨테이너 포트에 `{port}` 이름을 붙이거나 번호를 사용하세요.',
      },
      backend: {
        text: '{kind} `{route}`이(가) 여기에 정의되지 않은 Service `{service}`에 요청을 보냅니다.',
        consequence: '누군가 다른 방법으로 이 Service를 만들어 두지 않은 곳에서는 요청에 오류가 돌아옵니다.',
        next: '이름을 바로잡거나 Service를 정의하세요.',
      },
      'backend-port': {
        text: '{kind} `{route}`이(가) 요청을 보내는 `{port}` 포트가 Service `{service}`에 없습니다.',
        consequence: '이 포트로 보낸 모든 요청이 실패합니다.',
        next: 'Service에 있는 포트를 지정하세요.',
      },
    },
  },
  'hardcoded-port': {
    summary: '코드에서만 바꿀 수 있는 포트에서 서버가 수신합니다',
    docs: {
      what: '서버가 수신하는 포트가 리터럴이고, 변수나 인자로 바꿀 수 없습니다.',
      why: 'Cloud Foundry, Heroku, Cloud Run 같은 플랫폼은 프로세스가 쓸 포트를 `PORT`로 알려 줍니다. 한 호스트에서 프로세스 둘을 실행하려면 포트도 둘이어야 합니다.',
      how: '포트를 환경 변수에서 읽고, 리터럴은 기본값으로 남기세요.',
    },
    messages: {
      fixed: {
        text: '서버가 포트 {port}번에서 수신하는데, 이 값은 코드 밖에서 바꿀 수 없는 리터럴입니다.',
        consequence: '포트를 `PORT`로 지정하는 플랫폼은 서버에 연결할 수 없고, 같은 호스트에서 두 번째 프로세스를 실행할 수 없습니다.',
        next: '환경 변수에서 읽고, {port}번은 기본값으로 남기세요.',
      },
    },
  },
  'host-network': {
    summary: '컨테이너가 노드의 네트워크를 차지합니다',
    docs: {
      what: '`hostNetwork: true`(또는 `network_mode: host`)인 워크로드이거나, `hostPort`(Swarm에서는 `mode: host`)가 있는 컨테이너 포트입니다. DaemonSet과 글로벌 서비스는 노드마다 한 번 실행되므로 제외합니다.',
      why: '노드의 포트는 한 번만 차지할 수 있으므로 노드마다 복제본 하나만 들어가고, 그 복제본은 노드의 모든 트래픽을 볼 수 있습니다.',
      how: 'Service로 포트를 공개하고, 이 설정을 제거하세요.',
    },
    messages: {
      network: {
        text: '{workload}이(가) 노드의 네트워크를 사용합니다.',
        consequence: '노드마다 복제본 하나만 들어가고, 그 복제본은 노드가 도달하는 모든 곳에 도달합니다.',
        next: '설정을 제거하고, Service로 포트를 공개하세요.',
      },
      port: {
        text: '{workload}이(가) 노드의 포트 {port}번을 차지합니다.',
        consequence: '노드마다 복제본 하나만 들어가므로 노드 수보다 많이 확장할 수 없습니다.',
        next: '복제본의 노드가 아니라 Service나 모든 노드에서 포트를 공개하세요.',
      },
    },
  },
  'loopback-bind': {
    summary: '컨테이너 안의 서버가 루프백 주소에서 수신합니다',
    docs: {
      what: '컨테이너에서 실행되는 서버가 `localhost`나 `127.0.0.1`에서 수신합니다. 코드에 그렇게 적혀 있거나, 달리 지정하지 않으면 프레임워크(Fastify)가 그렇게 하기 때문입니다.',
      why: '컨테이너마다 자기 루프백 주소가 있습니다. 프로브, Service, 공개된 포트의 연결은 밖에서 오므로 거부됩니다.',
      how: '모든 주소(`0.0.0.0` 또는 `::`)에서 수신하고, 호스트는 환경 변수에서 받으세요.',
    },
    messages: {
      loopback: {
        text: '{library} 서버가 컨테이너 안에서 {host} 주소로만 수신합니다.',
        consequence: '프로브, Service, 공개된 포트의 연결은 컨테이너 밖에서 옵니다. 모든 연결이 거부됩니다.',
        next: '`0.0.0.0` 주소에서 수신하거나, 호스트를 환경 변수에서 읽으세요.',
      },
    },
  },
  'port-mismatch': {
    summary: '프로그램이 수신하지 않는 포트로 요청을 보냅니다',
    docs: {
      what: 'Service, 프로브, 컨테이너 포트, 공개된 포트, EXPOSE가 지정하는 포트와, 매니페스트가 준 변수로 실행되는 프로그램이 수신하는 포트가 다르거나, 로드 밸런서가 태스크에 없는 컨테이너나 포트를 가리킵니다.',
      why: '연결이 거부됩니다. 서비스가 준비 상태가 되지 못하거나 연결할 수 없습니다.',
      how: '모든 곳에 같은 포트를 지정하고, 바꿀 곳이 하나가 되도록 프로그램에는 `PORT`로 전달하세요.',
    },
    messages: {
      workload: {
        text: '{what} 설정은 포트 {port}번을 가리키는데, 프로그램은 {listens}번에서 수신합니다.',
        consequence: '연결이 거부됩니다.',
        next: '여기에 포트 {listens}번을 지정하거나, 프로그램이 이 변수를 읽는다면 `PORT={port}` 값을 전달하세요.',
      },
      'probe-name': {
        text: '`{container}`의 {what} 프로브가 `{port}` 포트를 확인하는데, 컨테이너에 그런 이름의 TCP 포트가 없습니다.',
        consequence: '프로브가 매번 실패합니다. 복제본은 요청을 받지 못하거나 끝없이 재시작됩니다.',
        next: '컨테이너 포트에 `{port}` 이름을 붙이거나, 번호를 지정하세요.',
      },
      'probe-undeclared': {
        text: '`{container}`의 {what} 프로브가, 컨테이너가 선언하지 않은 포트 {port}번을 확인합니다.',
        consequence: '프로그램이 거기서 수신하지 않으면 프로브가 매번 실패합니다.',
        next: '선언된 포트를 확인하게 하거나, {port}번도 선언하세요.',
      },
      image: {
        text: '이미지는 포트 {port}번을 노출하는데, 프로그램은 {listens}번에서 수신합니다.',
        consequence: '이미지가 밝힌 포트를 공개하면 아무 데도 연결되지 않습니다.',
        next: '포트 {listens}번을 노출하세요.',
      },
      stock: {
        text: '{what} 설정은 포트 {port}번을 가리키는데, 배포된 그대로의 `{image}`은(는) {listens}번에서 수신합니다.',
        consequence: '연결이 거부됩니다.',
        next: '여기에 포트 {listens}번을 지정하거나, {port}번에서 수신하는 설정을 마운트하세요.',
      },
      'balancer-container': {
        text: '`{service}`의 로드 밸런서가 태스크 정의에 없는 `{container}` 컨테이너를 가리킵니다.',
        consequence: 'ECS가 서비스 생성을 거부합니다.',
        next: '태스크 정의에 있는 컨테이너를 지정하세요.',
      },
      'balancer-port': {
        text: '`{service}`의 로드 밸런서가 `{container}` 컨테이너의 포트 {port}번을 가리키는데, 그런 포트 매핑이 없습니다.',
        consequence: 'ECS가 서비스 생성을 거부합니다.',
        next: '태스크 정의에 포트 {port}번을 매핑하거나, 매핑된 포트를 지정하세요.',
      },
    },
  },
  'remote-object-protocol': {
    summary: '프로세스들이 특정 기술의 프로토콜로 서로 호출합니다',
    docs: {
      what: '코드가 RMI, CORBA, 원격 EJB, T3, JAX-RPC 등으로 다른 프로세스의 객체를 호출하거나 자기 객체를 제공합니다.',
      why: '이런 프로토콜은 서버 하나와 연결을 오래 유지하고, 개별 머신의 주소를 돌려주고, 상대방의 클래스를 로드합니다. 로드 밸런서가 여러 복제본으로 분산할 수 없고, 양쪽을 함께 릴리스해야 합니다.',
      how: '같은 기능을 계약이 있는 HTTP나 gRPC, 또는 메시지로 제공하세요. 클라이언트에는 환경 변수에서 읽은 주소, 타임아웃, 서킷 브레이커를 두세요.',
    },
    messages: {
      found: {
        text: '프로세스들이 {protocol} 프로토콜로 결합되어 있습니다({library}).',
        consequence: '호출이 서버 하나와 그 네트워크 주소에 묶이므로, 로드 밸런서 뒤에 복제본을 추가할 수 없습니다.',
        next: '기능을 HTTP, gRPC 또는 메시지 브로커로 제공하세요.',
      },
    },
  },
  'server-dependency': {
    summary: '프로그램에 별도의 애플리케이션 서버가 필요합니다',
    docs: {
      what: '프로그램이 WAR나 EAR로 패키징되어 있거나, 애플리케이션 서버만 제공하는 것을 사용합니다: EJB, JNDI 이름, 서버의 데이터소스, WebLogic, WebSphere, JBoss, JEUS, Tomcat의 디스크립터와 클래스. 오퍼레이터가 그런 서버에서 실행하는 경우(WildFlyServer, WebLogic의 Domain)도 같습니다. 한 프로그램의 모든 위치는 결과 하나로 보고합니다. 어떤 프로그램이든 쓸 수 있는 라이브러리와 이름이 비슷한 자체 패키지는 세지 않습니다.',
      why: '서버를 프로그램과 따로 설치하고, 설정하고, 클러스터로 묶어야 합니다. 서버는 느리게 시작하고, 자기 세션, 풀, 작업을 가지며, 새 복제본은 새 프로세스 하나보다 훨씬 큽니다. 같은 빌드가 어디서나 실행되지도 않습니다.',
      how: '서버를 내장한 프로그램(Spring Boot, Quarkus, 이미지 하나에 담은 Open Liberty)으로 옮기세요: 데이터소스는 환경 변수로, EJB는 일반 컴포넌트로, JMS와 JNDI 조회는 주소를 지정한 클라이언트로, 패키징은 실행 가능한 JAR로.',
    },
    messages: {
      deep: {
        text: '`{service}` 프로그램은 {server} 없이 실행되지 않습니다: {count}곳에서 이 서버만 제공하는 것을 사용합니다.',
        consequence: '복제본마다 따로 설치하고, 설정하고, 클러스터로 묶은 서버가 필요하므로 복제본을 간단히 늘릴 수 없습니다.',
        next: '서버의 컴포넌트와 이름을 하나씩 바꾼 다음(관련 위치 참고), 서버를 내장한 실행 가능한 JAR로 패키징하세요.',
      },
      lifted: {
        text: '`{service}`의 아카이브를 바꾸지 않고 {server} 이미지에 그대로 올렸습니다.',
        consequence: '복제본 하나하나가 온전한 서버입니다. 느리게 시작하고, 자기 세션, 풀, 로그를 가지며, 프로그램과 따로 설정됩니다.',
        next: '서버를 내장한 실행 가능한 JAR(Spring Boot, Quarkus)로 패키징하고, 이미지의 유일한 프로세스로 시작하세요.',
      },
      operated: {
        text: '`{service}` 프로그램은 오퍼레이터가 설치하고 설정하는 {server}에서 실행됩니다.',
        consequence: '복제본 하나하나가 자기 세션, 풀, 설정을 가진 온전한 서버이고, 서버가 시작하는 속도보다 빨리 확장할 수 없습니다.',
        next: '서버를 내장한 실행 가능한 JAR(Spring Boot, Quarkus)로 패키징하고 Deployment로 실행하세요.',
      },
      packed: {
        text: '`{service}` 프로그램은 자신에게 포함되지 않은 {server}에서 실행하도록 패키징되어 있습니다.',
        consequence: '실행되는 것이 다른 곳에서 설치하고 설정한 서버에 따라 달라집니다.',
        next: 'Spring Boot 등으로 서버를 내장한 실행 가능한 JAR로 패키징하세요.',
      },
    },
  },
};
