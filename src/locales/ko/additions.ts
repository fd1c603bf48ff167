import type { AdditionId } from '../../findings/addition-messages.ts';

/** What merging adds to findings, in Korean. */
export const additions: Readonly<Record<AdditionId, string>> = {
  'same-line': '같은 줄이 다음에도 적용됩니다: {names}.',
  'same-line.more': '같은 줄이 다음에도 적용됩니다: {names} 외 {count}개.',
  'same-line.count': '같은 줄이 다른 {count}개에도 적용됩니다.',
  'holds-with': '해당하는 설정: {names}.',
  'holds-with.more': '해당하는 설정: {names} 외 {count}개.',
};
