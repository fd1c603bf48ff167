import type { RuleTexts } from '../../locale.ts';

export const pipelines: RuleTexts = {
  'pipeline-fixed-capacity': {
    summary: '파이프라인이 복제본 수를 고정합니다',
    docs: {
      what: '파이프라인(Spinnaker)의 배포 스테이지가 서버 그룹의 최솟값과 최댓값을 같게 지정합니다. 이전 그룹의 용량을 그대로 쓰는 스테이지와 테스트용 스테이지는 보고하지 않습니다.',
      why: '부하가 어떻든, 오토스케일러가 얼마로 정해 두었든, 배포할 때마다 복제본 수가 이 값으로 되돌아갑니다.',
      how: '범위를 지정하거나(`min`을 `max`보다 작게), 스테이지가 실행 중인 그룹의 용량을 쓰게 하세요(`useSourceCapacity`).',
    },
    messages: {
      fixed: {
        text: '`{stage}` 스테이지가 배포하는 `{target}`의 수가 고정되어 있습니다: {count}.',
        consequence: '배포할 때마다 복제본 수가 되돌아가므로, 부하에 따라 확장할 수 없습니다.',
        next: '`max`를 `min`보다 크게 하거나, 실행 중인 그룹의 용량을 쓰게 하세요(`useSourceCapacity`).',
      },
    },
  },
  'pipeline-no-rollback': {
    summary: '파이프라인이 되돌릴 방법 없이 복제본을 교체합니다',
    docs: {
      what: '파이프라인(Spinnaker)의 배포 스테이지가 새 그룹이 올라오는 즉시 이전 그룹을 삭제하는데(`highlander`, 또는 그룹을 하나만 남기는 `redblack`), `rollback.onFailure`도 없고 파이프라인에 롤백 스테이지도 없습니다. 또는 CodeDeploy 배포 그룹에 자동 롤백이 없거나, Swarm 서비스에 `failure_action: continue`가 지정되어 있습니다. 또는 Argo Rollout이 새 복제본이 준비되는 즉시 모든 요청을 옮기고 이전 복제본을 곧 삭제하거나, 일시 정지도 분석도 없이 카나리 단계를 끝까지 진행합니다.',
      why: '새 빌드가 부하를 받다가 실패하면 이전 그룹은 이미 없습니다. 사용자가 기다리는 동안 다시 빌드하고 시작해야 합니다.',
      how: '그룹을 둘 남기는 `redblack`으로 배포하거나, 실패하면 롤백하게 하거나, 롤백 스테이지를 추가하세요.',
    },
    messages: {
      destroyed: {
        text: '`{stage}` 스테이지가 `{strategy}` 전략으로 `{target}` 그룹을 교체하고, 이전에 실행되던 복제본을 삭제합니다.',
        consequence: '부하를 받다가 실패한 빌드를 바로 되돌릴 수 없습니다.',
        next: '`maxRemainingAsgs: 2`와 `rollback.onFailure`를 지정한 `redblack`을 사용하거나, 롤백 스테이지를 추가하세요.',
      },
      goesOn: {
        text: '새 복제본이 실패해도 Swarm이 `{target}` 서비스 업데이트를 계속합니다.',
        consequence: '잘못된 릴리스가 정상 복제본을 모두 교체합니다.',
        next: '`failure_action: rollback`을 지정하세요.',
      },
      notTakenBack: {
        text: 'CodeDeploy가 `{target}` 그룹에 실패한 배포를 되돌리지 않습니다.',
        consequence: '실패한 빌드를 받은 복제본은 누군가 이전 빌드를 직접 배포할 때까지 그대로 남습니다.',
        next: '`auto_rollback_configuration`에 `enabled = true`와 `DEPLOYMENT_FAILURE` 이벤트를 설정하세요.',
      },
      switched: {
        text: 'Rollout `{target}`: 모든 요청을 한꺼번에 새 복제본으로 옮기고 이전 복제본을 곧 삭제합니다.',
        consequence: '누구도, 무엇도 확인하기 전에 부하를 받다가 실패할 빌드를 모든 사용자가 쓰게 됩니다.',
        next: '`prePromotionAnalysis`나 `postPromotionAnalysis`를 추가하거나, `autoPromotionEnabled: false`로 지정하세요.',
      },
      unlooked: {
        text: 'Rollout `{target}`: 카나리 단계가 멈추지 않습니다. 일시 정지도 분석도 없습니다.',
        consequence: '실패할 빌드가 카나리가 없을 때만큼 빨리 모든 사용자에게 퍼집니다.',
        next: '오류를 측정하는 `analysis`를 추가하거나, 적어도 단계 사이에 `pause`를 두세요.',
      },
    },
  },
  'pipeline-single-zone': {
    summary: '파이프라인이 가용 영역 하나에 배포합니다',
    docs: {
      what: '파이프라인(Spinnaker)의 배포 스테이지가 프로그램의 모든 복제본을 가용 영역 하나에 둡니다. 스테이지에 있는 모든 클러스터의 영역을 합해서 셉니다.',
      why: '그 영역에 장애가 나면 모든 복제본이 사라지고, 이를 되살릴 파이프라인도 같은 영역에 배포합니다.',
      how: '리전의 영역을 둘 이상 나열하거나, 리전 그룹으로 배포하세요.',
    },
    messages: {
      single: {
        text: '`{stage}` 스테이지가 `{target}`의 모든 복제본을 `{zone}` 영역에 배포합니다.',
        consequence: '이 영역에 장애가 나면 복제본이 하나도 남지 않습니다.',
        next: '같은 리전의 영역을 추가하거나, 리전 그룹으로 배포하세요.',
      },
    },
  },
};
