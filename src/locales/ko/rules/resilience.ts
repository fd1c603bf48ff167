import type { RuleTexts } from '../../locale.ts';

export const resilience: RuleTexts = {
  'call-without-timeout': {
    summary: '다른 서비스를 호출하고 끝없이 기다릴 수 있습니다',
    docs: {
      what: '요청을 처리하는 코드가 자체 타임아웃이 없는 클라이언트(fetch, axios, got, http, RestTemplate, RestClient, WebClient, HttpClient, JAX-RS, Go의 `net/http`, gRPC)로 다른 서비스를 호출하면서 타임아웃을 지정하지 않습니다: 호출에도, 클라이언트에도, 호출을 감싼 곳에도 없습니다.',
      why: '상대가 멈추면 메모리와 연결이 바닥날 때까지 요청이 여기서 기다립니다. 느린 서비스 하나가 그 앞의 서비스들까지 중단시킵니다.',
      how: '모든 호출에 제한을 두세요: fetch에는 `AbortSignal.timeout(ms)`, axios와 got에는 `timeout`, Spring에는 요청 팩토리의 읽기 타임아웃이나 `spring.http.client.read-timeout`, Go에는 `http.Client{Timeout: …}`, gRPC에는 데드라인.',
    },
    messages: {
      one: {
        text: '`{library}` 호출에 타임아웃이 없습니다.',
        consequence: '상대가 멈추면 요청이 여기에 쌓여 이 서비스도 멈춥니다.',
        next: '호출이나 호출에 쓰는 클라이언트에 타임아웃을 설정하세요.',
      },
      several: {
        text: '`{library}` 호출 {count}개에 타임아웃이 없습니다: 여기가 첫 번째입니다.',
        consequence: '상대가 멈추면 요청이 여기에 쌓여 이 서비스도 멈춥니다.',
        next: '모든 호출이 함께 쓰는 클라이언트나 도우미 함수에 타임아웃을 한 번만 설정하세요.',
      },
    },
  },
  'circuit-breaker-missing': {
    summary: '서비스 사이의 호출에 서킷 브레이커가 없습니다',
    docs: {
      what: '서비스가 요청에 응답하는 동안 같은 저장소의 다른 서비스를 호출하는데, 그중 하나가 실패할 때 호출을 차단하는 서킷 브레이커 라이브러리도 서비스 메시도 없습니다.',
      why: '중단된 서비스에 호출이 계속 들어옵니다. 그 서비스는 복구되지 못하고, 호출하는 쪽도 함께 실패합니다.',
      how: '호출을 서킷 브레이커(opossum, cockatiel, Resilience4j)로 감싸거나, 서비스 메시에 맡기세요.',
    },
    messages: {
      missing: {
        text: '요청이 이 저장소의 {peers} 서비스를 기다리는데, 중간에 서킷 브레이커가 없습니다.',
        consequence: '그중 하나가 실패하면 호출하는 쪽도 함께 실패하고, 그 서비스의 복구까지 막습니다.',
        next: '이 호출들을 폴백이 있는 서킷 브레이커로 감싸거나, 서비스 메시에 맡기세요.',
      },
    },
  },
};
