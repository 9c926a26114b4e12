/** Everything the page says, in the languages that it speaks. */
import type { PassRole } from '../src/reflection/model.ts';
import type { Decision } from '../src/reflection/record.ts';
import type { GateAction } from '../src/reflection/strategies.ts';
import type { RunStatus } from './run-view.ts';

export interface Texts {
  readonly page: Readonly<Record<PageText, string>>;
  readonly status: Readonly<Record<RunStatus, string>>;
  readonly decision: Readonly<Record<Decision, string>>;
  readonly gate: Readonly<Record<GateAction, string>>;
  readonly role: Readonly<Record<PassRole, string>>;
  readonly check: { readonly pass: string; readonly fail: string; readonly skipped: string };
  readonly verdict: { readonly pass: string; readonly revise: string; readonly unsure: string };
  readonly failure: {
    readonly unreachable: string;
    readonly invalid_api_key: string;
    readonly waits: (seconds: number) => string;
    readonly failed: string;
  };
  readonly by: { readonly code: string; readonly repair: string; readonly revision: string };
}

export type PageText =
  | 'tagline'
  | 'key'
  | 'keyHint'
  | 'prompt'
  | 'promptHint'
  | 'tier'
  | 'strategy'
  | 'checks'
  | 'addCheck'
  | 'removeCheck'
  | 'run'
  | 'cancel'
  | 'answer'
  | 'draft'
  | 'second'
  | 'revision'
  | 'passes'
  | 'none'
  | 'reference'
  | 'recent'
  | 'usage'
  | 'load'
  | 'copyAs'
  | 'copied'
  | 'link'
  | 'store'
  | 'limits'
  | 'tokens'
  | 'runs'
  | 'risk'
  | 'accepted'
  | 'rejected'
  | 'needsKey'
  | 'empty'
  | 'added'
  | 'removed'
  | 'unchanged'
  | 'language'
  | 'cost'
  | 'time'
  | 'pass'
  | 'model'
  | 'output';

const english: Texts = {
  page: {
    tagline: 'An answer that was looked at twice',
    key: 'API key',
    keyHint: 'Kept in this tab only.',
    prompt: 'Request',
    promptHint: 'Constraints that you state are checked by code: “in at most 40 words, without commas”.',
    tier: 'Tier',
    strategy: 'Strategy',
    checks: 'Checks',
    addCheck: 'Add a check',
    removeCheck: 'Remove',
    run: 'Run',
    cancel: 'Cancel',
    answer: 'Answer',
    draft: 'Draft',
    second: 'Second look',
    revision: 'What changed',
    passes: 'Passes',
    none: 'Nothing yet.',
    reference: 'API reference',
    recent: 'Recent runs',
    usage: 'Usage',
    load: 'Load',
    copyAs: 'Copy as',
    copied: 'Copied',
    link: 'Link to this run',
    store: 'Store for 30 days',
    limits: 'Left this minute',
    tokens: 'tokens',
    runs: 'runs',
    risk: 'risk',
    accepted: 'Taken',
    rejected: 'Refused',
    needsKey: 'Enter an API key first.',
    empty: 'Write a request first.',
    added: 'added',
    removed: 'removed',
    unchanged: 'The draft is the answer.',
    language: '한국어',
    cost: 'Cost',
    time: 'Time',
    pass: 'Pass',
    model: 'Model',
    output: 'Output tokens',
  },
  status: {
    queued: 'Waiting to start',
    running: 'Running',
    completed: 'Completed',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  decision: {
    kept_draft_pass: 'The draft was kept: it passed.',
    kept_draft_unverified: 'The draft was kept: there was nothing to verify it by.',
    kept_draft_rejected_revision: 'The draft was kept: the revision was refused.',
    kept_draft_parse_failure: 'The draft was kept: the critic could not be read.',
    accepted_revision: 'The revision was taken: there is evidence that it is better.',
    repaired_check: 'A failed check was mended.',
    voted: 'The majority’s answer was taken.',
    escalated: 'A larger model wrote the answer.',
    budget: 'The budget ended: this is the best answer so far.',
    unreflected: 'Nothing looked at the draft.',
  },
  gate: {
    return: 'Return the draft',
    repair: 'Mend what failed',
    vote: 'Hold a vote',
    critique: 'Ask a critic',
    escalate: 'Ask a larger model',
  },
  role: {
    draft: 'Draft',
    continuation: 'Continuation',
    critique: 'Critique',
    confirm: 'Confirmation',
    revision: 'Revision',
    repair: 'Repair',
    judge: 'Judge',
    vote: 'Sample',
  },
  check: { pass: 'passes', fail: 'fails', skipped: 'not sure' },
  verdict: {
    pass: 'The critic found nothing.',
    revise: 'The critic asks for a revision.',
    unsure: 'The critic is not sure.',
  },
  failure: {
    unreachable: 'The service cannot be reached. Is it running, and is this machine online?',
    invalid_api_key: 'This key is not valid. `npm start` prints one, and keeps it in .local/api-key.',
    waits: (seconds) => `Try again in ${seconds} s.`,
    failed: 'The run has failed.',
  },
  by: { code: 'Mended by code', repair: 'Mended by the author', revision: 'Revised' },
};

const korean: Texts = {
  page: {
    tagline: '한 번 더 살펴본 답변',
    key: 'API 키',
    keyHint: '이 탭에만 보관됩니다.',
    prompt: '요청',
    promptHint: '요청에 적은 조건은 코드가 검사합니다: “세 문장으로, 쉼표 없이”.',
    tier: '등급',
    strategy: '전략',
    checks: '검사',
    addCheck: '검사 추가',
    removeCheck: '삭제',
    run: '실행',
    cancel: '취소',
    answer: '답변',
    draft: '초안',
    second: '두 번째 검토',
    revision: '바뀐 부분',
    passes: '단계',
    none: '아직 없습니다.',
    reference: 'API 문서',
    recent: '최근 실행',
    usage: '사용량',
    load: '불러오기',
    copyAs: '복사',
    copied: '복사됨',
    link: '이 실행의 링크',
    store: '30일 동안 저장',
    limits: '이번 분에 남은 양',
    tokens: '토큰',
    runs: '실행',
    risk: '위험도',
    accepted: '채택',
    rejected: '기각',
    needsKey: '먼저 API 키를 입력하세요.',
    empty: '먼저 요청을 입력하세요.',
    added: '추가',
    removed: '삭제',
    unchanged: '초안이 그대로 답변입니다.',
    language: 'English',
    cost: '비용',
    time: '시간',
    pass: '단계',
    model: '모델',
    output: '출력 토큰',
  },
  status: { queued: '시작 대기', running: '실행 중', completed: '완료', failed: '실패', cancelled: '취소됨' },
  decision: {
    kept_draft_pass: '초안을 유지했습니다: 검사를 통과했습니다.',
    kept_draft_unverified: '초안을 유지했습니다: 확인할 기준이 없었습니다.',
    kept_draft_rejected_revision: '초안을 유지했습니다: 수정안을 기각했습니다.',
    kept_draft_parse_failure: '초안을 유지했습니다: 비평을 읽을 수 없었습니다.',
    accepted_revision: '수정안을 채택했습니다: 더 낫다는 근거가 있습니다.',
    repaired_check: '실패한 검사를 고쳤습니다.',
    voted: '다수의 답을 채택했습니다.',
    escalated: '더 큰 모델이 답했습니다.',
    budget: '예산이 끝났습니다: 지금까지의 가장 나은 답변입니다.',
    unreflected: '초안을 다시 살펴보지 않았습니다.',
  },
  gate: {
    return: '초안을 그대로 반환',
    repair: '실패한 부분 수정',
    vote: '투표',
    critique: '비평 요청',
    escalate: '더 큰 모델에 요청',
  },
  role: {
    draft: '초안',
    continuation: '이어쓰기',
    critique: '비평',
    confirm: '확인',
    revision: '수정',
    repair: '고침',
    judge: '심사',
    vote: '표본',
  },
  check: { pass: '통과', fail: '실패', skipped: '판단 보류' },
  verdict: {
    pass: '비평에서 문제가 없었습니다.',
    revise: '비평에서 수정을 요청했습니다.',
    unsure: '비평에서 확신하지 못했습니다.',
  },
  failure: {
    unreachable: '서비스에 연결할 수 없습니다. 실행 중인지, 네트워크가 연결되어 있는지 확인하세요.',
    invalid_api_key: '유효하지 않은 키입니다. `npm start`가 출력하며 .local/api-key에 있습니다.',
    waits: (seconds) => `${seconds}초 후에 다시 시도하세요.`,
    failed: '실행에 실패했습니다.',
  },
  by: { code: '코드가 고침', repair: '작성 모델이 고침', revision: '수정됨' },
};

export const languages = { en: english, ko: korean } as const satisfies Record<string, Texts>;
export type Language = keyof typeof languages;

/** A language that was chosen before, or the browser's. */
export function usualLanguage(chosen: string | null, browser: string): Language {
  if (chosen === 'en' || chosen === 'ko') return chosen;
  return browser.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}
