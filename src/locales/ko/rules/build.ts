import type { RuleTexts } from '../../locale.ts';

const unlocked = '같은 커밋을 두 번 빌드해도 버전이 다를 수 있어서, 복제본과 롤백이 테스트한 것과 다릅니다.';
const asRoot = '프로그램의 취약점 하나로 공격자가 컨테이너의 root 권한을 얻고, restricted 정책을 적용하는 클러스터는 실행을 거부합니다.';
const mutable = {
  consequence: '같은 커밋이 내일은 다른 이미지가 됩니다. 다시 빌드하거나 노드가 추가되면 아무도 테스트하지 않은 버전이 들어올 수 있습니다.',
  next: '테스트한 버전을 지정하거나(`image:1.2.3`) 다이제스트를 고정하세요.',
};

export const build: RuleTexts = {
  'dependencies-unlocked': {
    summary: '의존성의 버전이 고정되어 있지 않습니다',
    docs: {
      what: '서비스의 package.json 옆이나 워크스페이스 루트에 락 파일(lock file)이 없거나, 이미지가 락 파일 없이 설치합니다. 또는 requirements.txt나 이미지가 설치하는 pyproject.toml의 줄 대부분에 버전이 없고, 이를 정하는 다른 도구의 락 파일도 없습니다.',
      why: '`^4.18.0` 같은 범위는 간접 의존성까지 포함해 빌드하는 날의 최신 버전으로 결정됩니다.',
      how: '락 파일을 커밋하고, 설치하기 전에 이미지에 복사하고, `npm ci`, `yarn install --immutable`, `pnpm install --frozen-lockfile` 중 하나로 설치하세요.',
    },
    messages: {
      'no-lock': {
        text: '`{path}`의 의존성 {count}개의 버전을 고정하는 락 파일이 없습니다.',
        consequence: unlocked,
        next: '패키지 관리자의 락 파일을 커밋하고, `npm ci`나 이에 해당하는 명령으로 설치하세요.',
      },
      unpinned: {
        text: '`{path}`에 있는 패키지 {count}개 가운데 {open}개의 버전이 정해져 있지 않습니다(예: `{name}`).',
        consequence: unlocked,
        next: '버전을 모두 `==`로 적거나, pip-compile, Poetry, uv로 고정하고 그 파일에서 설치하세요.',
      },
      'passed-over': {
        text: '이미지의 `{command}` 명령이 버전을 `{lock}` 파일이 아니라 `{path}`의 범위에서 가져옵니다.',
        consequence: unlocked,
        next: '락 파일대로 설치하세요: `uv sync --frozen`, `poetry install`, 또는 락 파일에서 내보낸 requirements.txt.',
      },
      named: {
        text: '이미지의 `{command}` 명령이 `{name}`의 버전을 지정하지 않고, 저장소의 어떤 파일도 지정하지 않습니다.',
        consequence: unlocked,
        next: '이미지가 복사해서 설치에 쓰는 파일에 버전을 적으세요.',
      },
      'not-copied': {
        text: '이미지에서 락 파일을 복사하기 전에 `{command}` 명령을 실행합니다.',
        consequence: unlocked,
        next: '락 파일을 package.json 옆에 복사하고, `npm ci`나 이에 해당하는 명령으로 설치하세요.',
      },
      'left-out': {
        text: '`{command}` 명령이 락 파일 없이 실행됩니다: .dockerignore의 `{pattern}` 패턴이 제외합니다.',
        consequence: unlocked,
        next: '.dockerignore에서 락 파일을 빼고, `npm ci`나 이에 해당하는 명령으로 설치하세요.',
      },
      'switched-off': {
        text: '`{command}` 명령이 락 파일을 무시하도록 지정되어 있습니다.',
        consequence: unlocked,
        next: '`npm ci`, `yarn install --immutable`, `pnpm install --frozen-lockfile` 중 하나로 설치하세요.',
      },
    },
  },
  'dev-prod-drift': {
    summary: '개발 환경이 운영 환경과 다른 종류의 데이터베이스를 사용합니다',
    docs: {
      what: '코드 또는 코드가 배포되는 환경(Kustomize 오버레이, 차트의 values, Compose 파일)이 개발 환경에서 운영 환경과 다른 종류의 데이터베이스나 브로커를 선택합니다. 예를 들어 개발에서는 SQLite, 운영에서는 PostgreSQL입니다.',
      why: '타입, 잠금, 트랜잭션, 마이그레이션이 다릅니다. 모든 개발자 자리에서 동작하는 것이 운영 환경에서 처음 실패할 수 있습니다.',
      how: '어디서나 같은 데이터베이스를 사용하고, 개발 환경에서는 컨테이너로 시작하세요.',
    },
    messages: {
      drift: {
        text: '개발 환경은 {development}, 운영 환경은 {production} 데이터베이스를 사용합니다.',
        consequence: '둘의 차이가 운영 환경에서 처음 드러납니다.',
        next: '개발 환경에서도 컨테이너 등으로 {production} 데이터베이스를 사용하세요.',
      },
    },
  },
  'image-runs-as-root': {
    summary: '컨테이너가 root로 실행됩니다',
    docs: {
      what: '실행되는 스테이지가 `USER`를 설정하지 않거나 root로 설정하고, 어느 배포도 다른 사용자를 설정하지 않습니다. 또는 같은 폴더의 거의 모든 워크로드에 있는 `securityContext`가 Kubernetes 워크로드 하나에만 없습니다.',
      why: '컨테이너의 root는 커널 취약점이나 잘못된 마운트 하나면 노드의 root가 됩니다. restricted 파드 보안 표준을 적용하는 클러스터는 이런 파드를 거부합니다.',
      how: 'Dockerfile 끝에 전용 사용자를 추가하고(Node 이미지에는 `node`가 있습니다), 파드에 `runAsNonRoot: true`를 설정하세요.',
    },
    messages: {
      missing: {
        text: '이미지에 `USER`가 없어서 `{base}`의 root 사용자로 실행됩니다.',
        consequence: asRoot,
        next: '시작 명령 앞에 권한 없는 사용자를 지정한 `USER`를 추가하세요.',
      },
      explicit: {
        text: '이미지가 `USER`를 root로 설정합니다.',
        consequence: asRoot,
        next: '스테이지를 권한 없는 `USER`로 끝내세요.',
      },
      unrestricted: {
        text: '옆의 워크로드 {count}개에 있는 `securityContext`가 `{name}`에는 없습니다.',
        consequence: asRoot,
        next: '전용 사용자와 읽기 전용 루트 파일 시스템을 지정한 같은 `securityContext`를 주세요.',
      },
      forced: {
        text: '매니페스트가 `{name}` 컨테이너를 root로 시작합니다.',
        consequence: asRoot,
        next: 'root 사용자를 제거하거나, 권한 없는 사용자를 지정하세요.',
      },
    },
  },
  'image-tag-mutable': {
    summary: '이미지가 가리키는 대상이 바뀌는 태그로 지정되어 있습니다',
    docs: {
      what: '베이스 이미지나 워크로드의 이미지에 태그가 없거나, 태그가 `latest`이거나, `alpine`, `slim`, `stable`, `lts`처럼 버전이 없는 태그입니다.',
      why: '서로 다른 시점에 시작한 복제본이 다른 버전을 실행할 수 있고, 롤백해도 이전에 실행하던 것으로 돌아가지 않으며, 빌드를 재현할 수 없습니다.',
      how: '버전을 지정하거나, 다이제스트를 고정하고 봇이 업데이트하게 하세요.',
    },
    messages: {
      'base-untagged': { text: '베이스 이미지 `{image}`에 태그가 없어서 `latest`로 해석됩니다.', ...mutable },
      'base-moving': { text: '베이스 이미지 `{image}`의 `{tag}` 태그는 가리키는 대상이 바뀝니다.', ...mutable },
      'workload-untagged': { text: '이미지 `{image}`에 태그가 없어서 `latest`로 해석됩니다.', ...mutable },
      'workload-moving': { text: '이미지 `{image}`의 `{tag}` 태그는 가리키는 대상이 바뀝니다.', ...mutable },
      default: { text: '아무도 설정하지 않으면 `{name}`은(는) `{image}`입니다.', ...mutable },
    },
  },
  'native-library': {
    summary: '네이티브 애드온을 설치하는 이미지에 컴파일러가 없습니다',
    docs: {
      what: '의존성이 설치될 때 네이티브 코드를 컴파일하는데, 설치하는 이미지가 컴파일러 없는 slim 또는 Alpine 이미지입니다.',
      why: '빌드가 실패하거나, 누군가 C 라이브러리가 다른 머신에서 `node_modules`를 복사해 와 프로그램이 시작할 때 비정상 종료됩니다.',
      how: '빌드 스테이지에 컴파일러를 설치하고 거기서 `node_modules`를 복사하거나, 미리 빌드된 바이너리를 제공하는 라이브러리를 사용하세요.',
    },
    messages: {
      'no-compiler': {
        text: '`{library}` 패키지는 설치할 때 네이티브 코드를 컴파일하는데, 이미지에 컴파일러가 없습니다.',
        consequence: '이미지에서 설치가 실패하거나, 다른 플랫폼의 바이너리가 배포되어 시작할 때 비정상 종료됩니다.',
        next: '빌드 스테이지에 빌드 도구를 설치하거나, 미리 빌드된 바이너리를 제공하는 라이브러리를 고르세요.',
      },
    },
  },
  'undeclared-system-tool': {
    summary: '이미지가 설치하지 않는 시스템 도구를 호출합니다',
    docs: {
      what: '코드가 `convert`, `ffmpeg`, `git` 같은 프로그램을 시작하는데, 서비스의 이미지가 이를 설치하지 않고 베이스 이미지에도 없습니다.',
      why: '마침 그 도구가 있는 개발자 머신에서는 동작하지만, 컨테이너에서는 그 코드가 실행되는 순간 실패합니다.',
      how: 'Dockerfile에서 패키지를 설치하거나, 프로그램을 함께 제공하는 라이브러리를 사용하세요.',
    },
    messages: {
      missing: {
        text: '코드가 `{tool}` 프로그램을 시작하는데, `{base}` 기반 이미지는 이를 설치하지 않습니다.',
        consequence: '도구가 마침 설치된 곳에서는 동작하지만, 컨테이너에서는 호출이 ENOENT로 실패합니다.',
        next: 'Dockerfile에서 `{package}` 패키지를 설치하세요.',
      },
    },
  },
};
