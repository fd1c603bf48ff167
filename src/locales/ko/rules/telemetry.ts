import type { RuleTexts } from '../../locale.ts';

export const telemetry: RuleTexts = {
  'log-to-file': {
    summary: '로그가 파일에 기록됩니다',
    docs: {
      what: '서비스의 로거가 운영 환경에서 파일에 씁니다: winston의 파일 트랜스포트, log4js의 파일 어펜더, pino나 bunyan의 경로, morgan의 스트림. 또는 실행 명령이 출력을 로그 파일로 보냅니다(`>> app.log`, Supervisor의 `stdout_logfile`, gunicorn의 `--access-logfile`). 같은 로그가 표준 출력에도 나가면 참고(note)로 보고합니다.',
      why: '플랫폼은 표준 출력을 수집합니다. 컨테이너 안의 파일에 적힌 로그는 아무도 보지 못하고, 컨테이너와 함께 사라지며, 디스크를 채웁니다.',
      how: '로그를 표준 출력으로 내보내고, 파일, 로테이션, 전송은 플랫폼에 맡기세요.',
    },
    messages: {
      only: {
        text: '{library}이(가) 로그를 파일에 기록합니다.',
        consequence: '플랫폼은 표준 출력만 수집합니다. 로그는 컨테이너와 함께 사라집니다.',
        next: '대신 로그를 표준 출력으로 내보내세요.',
      },
      command: {
        text: '`{command}`의 로그가 파일 `{path}`에 기록됩니다.',
        consequence: '플랫폼은 표준 출력만 수집합니다. 로그는 컨테이너와 함께 사라집니다.',
        next: '명령이 표준 출력에 쓰게 하세요.',
      },
      both: {
        text: '{library}이(가) 로그를 표준 출력 외에 파일에도 기록합니다.',
        consequence: '컨테이너 안의 파일은 누구에게도 도움이 되지 않고 디스크만 채웁니다.',
        next: '운영 환경에서는 파일을 빼세요.',
      },
    },
  },
  'metrics-missing': {
    summary: '서비스가 메트릭을 보고하지 않습니다',
    docs: {
      what: '프로그램이 메트릭 라이브러리나 에이전트를 로드하지 않고, 메트릭 라우트도 없습니다.',
      why: '요청 수, 지연 시간, 큐 길이를 따라야 할 오토스케일러가 따를 것이 없고, 느리지만 살아 있는 복제본을 아무도 알아보지 못합니다.',
      how: 'prom-client로 `/metrics` 라우트를 노출하거나, OpenTelemetry SDK나 플랫폼의 에이전트와 함께 프로세스를 시작하세요.',
    },
    messages: {
      missing: {
        text: '프로그램이 메트릭 라이브러리나 에이전트를 로드하지 않고, 메트릭 라우트도 없습니다.',
        consequence: '오토스케일링이 CPU와 메모리만 따를 수 있고, 느린 복제본이 눈에 띄지 않습니다.',
        next: 'prom-client로 `/metrics` 라우트를 노출하거나, 시작할 때 OpenTelemetry SDK를 로드하세요.',
      },
    },
  },
};
