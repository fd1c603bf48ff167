import type { RuleTexts } from '../../locale.ts';

export const scaling: RuleTexts = {
  'autoscaler-broken': {
    summary: '오토스케일러가 제 역할을 할 수 없습니다',
    docs: {
      what: '대상이 존재하지 않거나, 움직일 정책이 없거나, 최솟값과 최댓값이 같거나, CPU나 메모리 목표의 기준이 될 리소스 요청이 없거나, 워크로드가 `replicas`도 함께 고정하는 오토스케일러, 또는 확장되어야 하는데 크기가 하나뿐인 머신 그룹입니다.',
      why: '매니페스트가 약속한 오토스케일링이 일어나지 않습니다. `replicas`가 고정되어 있으면 배포할 때마다 복제본 수가 되돌아갑니다.',
      how: '올바른 워크로드를 지정하고, 최솟값과 최댓값 사이에 여유를 두고, 모든 컨테이너에 리소스 요청을 설정하고, 워크로드에서 `replicas`를 제거하세요.',
    },
    messages: {
      fixed: {
        text: '{autoscaler}의 최솟값은 {min}, 최댓값은 {max}입니다: 복제본 수를 바꿀 수 없습니다.',
        consequence: '서비스가 확장되는 것처럼 보이지만 확장되지 않습니다.',
        next: '최댓값을 최솟값보다 크게 하세요.',
      },
      group: {
        text: '{group}의 최솟값은 {min}, 최댓값은 {max}입니다: 정책이 있어도 크기를 바꿀 수 없습니다.',
        consequence: '그룹이 확장되는 것처럼 보이지만 확장되지 않습니다.',
        next: '최댓값을 최솟값보다 크게 하세요.',
      },
      hosts: {
        text: '{group}의 최솟값은 {min}, 최댓값은 {max}입니다: 컨테이너를 실행할 머신이 늘어나지 않습니다.',
        consequence: '오토스케일러가 추가하는 컨테이너가 들어갈 자리가 없습니다.',
        next: '최댓값을 올리고, 용량 공급자나 정책이 머신을 확장하게 하세요.',
      },
      policy: {
        text: '{autoscaler}을(를) 움직이는 정책도 일정도 없습니다.',
        consequence: '확장되는 것처럼 보이지만 태스크 수는 바뀌지 않습니다.',
        next: '스케일링 정책을 추가하세요.',
      },
      request: {
        text: '{autoscaler}은(는) {resource} 사용량을 리소스 요청과 비교하는데, 컨테이너 `{container}`에는 그 요청이 없습니다.',
        consequence: '메트릭을 계산할 수 없어 오토스케일러가 복제본을 늘리지 못합니다.',
        next: '워크로드의 모든 컨테이너에 {resource} 요청을 설정하세요.',
      },
      replicas: {
        text: '{autoscaler}의 확장 대상인 {workload}이(가) 복제본 수를 {replicas}개로 고정합니다.',
        consequence: '배포할 때마다 복제본 수가 되돌아가, 부하가 걸린 상태에서 용량이 줄어듭니다.',
        next: '워크로드에서 이 수를 제거하거나 변경을 무시하게 하고, 오토스케일러에 맡기세요.',
      },
      doubled: {
        text: '{autoscaler}이(가) `{meant}`이(가) 아니라 `{target}`을(를) 확장하는데, 이것은 {other}도 확장합니다.',
        consequence: '같은 파드를 맡은 두 오토스케일러는 모두 멈추고, `{meant}`은(는) 아무것도 확장하지 않습니다.',
        next: '`{meant}`을(를) 대상으로 지정하세요.',
      },
      target: {
        text: '{autoscaler}의 대상인 {kind} `{target}`이(가) 저장소에 정의되어 있지 않습니다.',
        consequence: '오토스케일러가 확장할 대상을 찾지 못합니다.',
        next: '존재하는 워크로드를 지정하세요.',
      },
    },
  },
  'autoscaler-missing': {
    summary: '부하에 따라 서비스를 확장하는 것이 없습니다',
    docs: {
      what: '저장소의 HorizontalPodAutoscaler와 KEDA ScaledObject 중 요청을 받는 워크로드를 지정한 것이 없거나, 확장 가능 대상(scalable target) 중 ECS 서비스를 지정한 것이 없습니다. 데이터베이스, 자체 볼륨이 있는 StatefulSet, Job, DaemonSet, 포트가 없는 워커는 제외합니다.',
      why: '복제본 수가 매니페스트에 적힌 그대로 유지됩니다. 그보다 큰 부하는 실패하고, 그보다 작은 부하는 비용을 낭비합니다.',
      how: '워크로드에 HorizontalPodAutoscaler(CPU 또는 사용자 정의 메트릭)나 KEDA ScaledObject를 추가하세요.',
    },
    messages: {
      none: {
        text: '{workload}을(를) 지정한 오토스케일러가 없습니다.',
        consequence: '부하와 관계없이 복제본 수가 같습니다.',
        next: '이 워크로드에 HorizontalPodAutoscaler나 KEDA ScaledObject를 추가하세요.',
      },
      tasks: {
        text: '{workload}을(를) 확장하는 것이 없습니다.',
        consequence: '부하와 관계없이 태스크 수가 같습니다.',
        next: '확장 가능 대상으로 등록하고, 부하에 맞는 정책을 추가하세요.',
      },
    },
  },
  'connections-exceed-database': {
    summary: '모든 복제본을 합하면 데이터베이스가 허용하는 것보다 많은 연결을 엽니다',
    docs: {
      what: '커넥션 풀 크기에 최대 복제본 수를 곱한 값이, 저장소가 실행하는 데이터베이스의 `max_connections`보다 큽니다.',
      why: '최대로 확장되면 새 복제본이 연결을 얻지 못합니다. 스케일 아웃이 오히려 서비스를 실패하게 만듭니다.',
      how: '풀을 줄이거나, 중간에 PgBouncer 같은 커넥션 풀러를 두거나, `max_connections`를 메모리와 함께 늘리세요.',
    },
    messages: {
      beyond: {
        text: '최대 {copies}개의 복제본이 각각 연결 {pool}개를 엽니다: 모두 {total}개인데, 데이터베이스는 {limit}개까지 허용합니다.',
        consequence: '최대로 확장되면 새 복제본이 연결을 얻지 못하고 요청이 실패합니다.',
        next: '풀을 줄이거나, 커넥션 풀러를 추가하거나, 데이터베이스의 한도를 올리세요.',
      },
    },
  },
  'disruption-budget-blocks': {
    summary: 'PodDisruptionBudget이 모든 축출을 금지합니다',
    docs: {
      what: '`maxUnavailable: 0` 또는 `minAvailable: 100%`이거나, `minAvailable` 값이 복제본 수보다 작지 않은 PodDisruptionBudget입니다.',
      why: '파드를 하나도 축출할 수 없습니다. 노드 드레인이 멈추고, 클러스터 업그레이드가 중단되거나 파드를 강제로 종료합니다.',
      how: '`maxUnavailable: 1`을 사용하고, 항상 사용 가능해야 하는 수보다 많은 복제본을 실행하세요.',
    },
    messages: {
      always: {
        text: 'PodDisruptionBudget `{budget}`의 {rule} 설정이 모든 축출을 금지합니다.',
        consequence: '노드 드레인이 멈춰서 노드를 업그레이드할 수도 제거할 수도 없습니다.',
        next: '파드 하나는 중단될 수 있게 하세요: `maxUnavailable: 1`.',
      },
      copies: {
        text: 'PodDisruptionBudget `{budget}`은(는) 파드 {required}개를 유지하려 하는데, {workload}은(는) {copies}개만 실행할 수 있습니다.',
        consequence: '노드 드레인이 멈춰서 노드를 업그레이드할 수도 제거할 수도 없습니다.',
        next: '복제본을 더 실행하거나 `maxUnavailable: 1`을 사용하세요.',
      },
    },
  },
  'disruption-budget-missing': {
    summary: '노드를 드레인하는 동안 복제본을 지켜 주는 것이 없습니다',
    docs: {
      what: '항상 둘 이상의 복제본을 실행하는 워크로드인데, 저장소의 PodDisruptionBudget 중 이를 선택하는 것이 없습니다.',
      why: '클러스터를 업그레이드할 때 모든 복제본의 노드가 같은 순간에 드레인될 수 있습니다.',
      how: '`maxUnavailable: 1`인 PodDisruptionBudget을 추가하세요.',
    },
    messages: {
      none: {
        text: '{workload}을(를) 선택하는 PodDisruptionBudget이 없습니다.',
        consequence: '노드 드레인이 모든 복제본을 한꺼번에 중지시킬 수 있습니다.',
        next: '`maxUnavailable: 1`인 PodDisruptionBudget을 추가하세요.',
      },
    },
  },
  'fixed-size-group': {
    summary: '부하와 관계없이 용량이 고정되어 있습니다',
    docs: {
      what: '최솟값과 최댓값이 같거나 아무것도 확장하지 않는 머신 그룹(Auto Scaling 그룹, 관리형 인스턴스 그룹, 스케일 세트, App Service 플랜), 요청을 처리하는 단일 가상 머신, 대기 인스턴스가 없는 데이터베이스 서버, 태스크 하나만 실행하는 컨테이너 서비스입니다. 모듈의 변수가 크기를 정하는 그룹, 배스천, 복제본(replica), 개발 스택, 운영 환경에서는 확장되는 예행 환경은 제외합니다.',
      why: '머신이 감당할 수 있는 것보다 큰 부하는 실패하고, 그보다 작은 부하는 비용을 낭비하며, 머신이 하나뿐이면 그 머신이 고장 날 때 서비스도 함께 중단됩니다.',
      how: '그룹의 최솟값과 최댓값 사이에 여유를 두고 스케일링 정책을 추가하세요. 단일 머신은 그룹에 넣고, 태스크는 최소 두 개를 실행하고, 데이터베이스에는 다른 가용 영역에 대기 인스턴스를 두세요.',
    },
    messages: {
      group: {
        text: '{group}의 크기는 항상 {machines}입니다: 이를 바꾸는 것이 없습니다.',
        consequence: '감당할 수 있는 것보다 큰 부하는 실패하고, 밤에도 비용은 같습니다.',
        next: '최솟값과 최댓값 사이에 여유를 두고, 스케일링 정책을 추가하세요.',
      },
      machine: {
        text: '{group}이(가) 혼자 요청을 처리합니다: 두 번째 머신이 없습니다.',
        consequence: '고장 나거나 교체되면 서비스가 중단되고, 부하에 따라 늘어날 수 없습니다.',
        next: '둘 이상을 둘 수 있는 그룹에서 템플릿으로 시작하세요.',
      },
      database: {
        text: '데이터베이스 `{database}`에 대기 인스턴스가 없습니다: 가용 영역 하나에서 실행됩니다.',
        consequence: '가용 영역이나 머신에 장애가 나면, 누군가 복구할 때까지 이 데이터베이스를 쓰는 모든 서비스가 중단됩니다.',
        next: '두 번째 가용 영역에 대기 인스턴스를 두세요(`multi_az`, `availability_type = "REGIONAL"`).',
      },
      one: {
        text: '{workload}이(가) 태스크 하나를 실행하고, 확장하는 것이 없습니다.',
        consequence: '이 태스크가 재시작하는 동안 서비스가 중단되고, 부하에 따라 늘어날 수 없습니다.',
        next: '태스크를 둘 이상 실행하고, 부하에 따라 확장하세요.',
      },
      limited: {
        text: '{workload}이(가) 인스턴스를 하나만 실행할 수 있습니다.',
        consequence: '플랫폼이 확장할 수 있는데도 못 하게 막혀 있습니다. 인스턴스 하나가 감당할 수 있는 것보다 큰 부하는 거부됩니다.',
        next: '최댓값을 올리세요.',
      },
    },
  },
  'heap-exceeds-limit': {
    summary: '힙이 메모리 제한을 넘어 커질 수 있습니다',
    docs: {
      what: '명령, 패키지 스크립트, 이미지, 이미지를 빌드하는 설정(jib), 변수에 있는 `--max-old-space-size`(Node)나 `-Xmx`(JVM, `-XX:MaxRAMPercentage=100` 포함)가 컨테이너의 메모리 제한과 같거나 더 크거나, 제한이 없는 파드의 힙을 고정합니다.',
      why: '런타임은 여유가 있다고 믿고 가비지 컬렉션을 늦게 하며, 그 전에 커널이 컨테이너를 강제 종료합니다. 힙은 프로세스가 쓰는 메모리의 일부일 뿐입니다.',
      how: '힙을 제한의 4분의 3 정도로 두거나 설정을 빼세요. 두 런타임 모두 컨테이너의 제한을 읽습니다.',
    },
    messages: {
      beyond: {
        text: '`{flag}` 설정으로 힙이 {heap}까지 커질 수 있는데, 컨테이너가 쓸 수 있는 메모리는 {limit}입니다.',
        consequence: '가비지 컬렉션을 하는 대신 컨테이너가 메모리 부족으로 강제 종료됩니다.',
        next: '힙을 제한의 4분의 3 정도로 낮추거나, 제한을 올리세요.',
      },
      unlimited: {
        text: '`{flag}` 설정이 힙을 {heap} 크기로 고정하는데, `{container}` 컨테이너에는 메모리 제한이 없습니다.',
        consequence:
          '어느 노드에서나 힙 크기가 그대로여서, 복제본에 주어진 메모리를 쓰지 못하고 메모리가 새는 복제본은 다른 복제본의 메모리를 빼앗습니다.',
        next: '메모리 제한을 정하고, 설정을 빼거나 `-XX:MaxRAMPercentage=75`처럼 제한에 대한 비율로 주세요.',
      },
    },
  },
  'resources-missing': {
    summary: '컨테이너가 필요한 리소스를 밝히지 않습니다',
    docs: {
      what: 'CPU와 메모리 요청이 없는 Kubernetes의 상시 실행 컨테이너입니다. 메모리 제한만 없으면 참고(note)로 보고합니다. Job과 초기화 컨테이너는 제외합니다.',
      why: '스케줄러가 아무 데나 배치하고, 오토스케일러는 비교할 기준이 없으며, 욕심 많은 복제본 하나가 이웃의 리소스를 고갈시킵니다.',
      how: '실제 사용량을 바탕으로 CPU와 메모리의 `requests`를 설정하고, 메모리 제한도 설정하세요.',
    },
    messages: {
      none: {
        text: '컨테이너 `{container}`에 리소스 요청도 제한도 없습니다.',
        consequence: '이웃의 리소스를 고갈시키거나 먼저 축출될 수 있고, CPU 오토스케일러가 사용량을 측정할 수 없습니다.',
        next: 'CPU와 메모리 요청, 메모리 제한을 설정하세요.',
      },
      open: {
        text: '컨테이너 `{container}`에 리소스가 없습니다. 차트가 비워 두었고, 여기서 채우는 곳도 없습니다.',
        consequence: '이웃의 리소스를 고갈시키거나 먼저 축출될 수 있고, CPU 오토스케일러가 사용량을 측정할 수 없습니다.',
        next: '값 파일에 CPU와 메모리 요청, 메모리 제한을 설정하세요.',
      },
      some: {
        text: '컨테이너 `{container}`에 {missing} 요청이 없습니다.',
        consequence: '스케줄러가 이를 고려하지 못하고, 오토스케일러가 {missing} 사용량을 측정할 수 없습니다.',
        next: '{missing} 요청을 추가하세요.',
      },
      limit: {
        text: '컨테이너 `{container}`에 메모리 제한이 없습니다.',
        consequence: '메모리 누수가 노드 전체의 메모리를 차지하고, 이웃이 축출됩니다.',
        next: '메모리 제한을 추가하세요.',
      },
    },
  },
  'single-replica': {
    summary: '스테이트리스 서비스가 복제본 하나로 실행됩니다',
    docs: {
      what: '요청을 받는 Deployment(또는 ReplicaSet, Rollout…)나 플랫폼의 앱(Cloud Foundry, Render, App Engine, Swarm 스택…)이 복제본 하나를 실행하고, 더 늘리는 오토스케일러가 없습니다. 개수를 저장소 밖에서 정하거나 운영 환경이 이 예행 환경보다 많이 실행하는 곳은 말하지 않습니다. 데이터베이스, 포트가 없는 워커, DaemonSet, Job, 자기 볼륨이 있는 워크로드는 제외합니다.',
      why: '하나뿐인 복제본이 재시작하거나, 다른 노드로 옮겨지거나, 장애가 나는 동안 서비스가 중단되고, 복제본 하나가 감당할 수 있는 것보다 큰 부하는 유실됩니다.',
      how: '복제본을 둘 이상 실행하거나, 최솟값이 2인 오토스케일러에 맡기세요.',
    },
    messages: {
      one: {
        text: '{workload}이(가) 복제본 하나를 실행하고, 확장하는 것이 없습니다.',
        consequence: '이 복제본이 재시작하거나 다른 노드로 옮겨지는 동안 서비스가 중단됩니다.',
        next: '복제본을 둘 이상 실행하거나, 최솟값이 2인 오토스케일러를 추가하세요.',
      },
    },
  },
  'spread-missing': {
    summary: '모든 복제본이 노드 하나에 몰릴 수 있습니다',
    docs: {
      what: '복제본이 여럿인 워크로드에 `topologySpreadConstraints`도 파드 안티어피니티도 없거나, 복제본이 여럿인 Swarm 서비스가 노드 하나에 묶여 있거나, 머신 그룹이 가용 영역 하나에서 실행됩니다.',
      why: '스케줄러가 모든 복제본을 노드 하나나 영역 하나에 배치할 수 있고, 그곳에 장애가 나면 모두 사라집니다.',
      how: '영역과 호스트에 대한 `topologySpreadConstraints`나 파드 안티어피니티를 추가하세요.',
    },
    messages: {
      none: {
        text: '{workload}의 복제본을 여러 노드와 영역에 분산하는 설정이 없습니다.',
        consequence: '노드나 영역 하나의 장애로 모든 복제본을 한꺼번에 잃을 수 있습니다.',
        next: '`topologySpreadConstraints`나 파드 안티어피니티를 추가하세요.',
      },
      node: {
        text: '{workload}의 모든 복제본이 노드 `{node}`에서 실행됩니다.',
        consequence: '이 머신에 장애가 나거나 비워지면 모든 복제본을 잃습니다.',
        next: '제약을 없애거나, 여러 노드에 있는 레이블을 사용하세요.',
      },
      zone: {
        text: '{group}의 모든 인스턴스가 가용 영역 하나에서 실행됩니다.',
        consequence: '그 영역에 장애가 나면 모두 사라집니다.',
        next: '둘이나 세 영역의 서브넷 또는 영역을 지정하세요.',
      },
    },
  },
};
