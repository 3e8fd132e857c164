import { challengesEndAt, isEnded, isOpen, mayAct, SCOPE } from '../model/rules.js';
import type { Model, Summary } from '../model/state.js';
import { Pack } from '../pack.js';
import { MIN_AUDITOR_STAKE } from '../parties.js';
import {
    AUDITORS,
    type CommitmentParams,
    commitmentParams,
    findCommitment,
    idOf,
    paramsOf,
    pickCommitment,
    SELLERS,
} from './common.js';
import { isSummary, packSummary, proposeSummary } from './summary.js';
import { operation } from './types.js';

interface ReportParams extends CommitmentParams {
    readonly auditor: string;
    readonly by: string;
    readonly summary: Summary;
}

const MAX_REPORTS = 16;
function reportRefusal(model: Model, params: ReportParams): string | null {
    const { kind, jailed, admittedAt, free, locked } = model.participants.get(params.auditor)!;
    if (kind !== 'auditor' || jailed || admittedAt === 0) return 'not an auditor';
    if (free + locked < MIN_AUDITOR_STAKE) return 'too little to lose';
    if (!mayAct(model, params.auditor, params.by, SCOPE.prove)) return 'not authorized';
    if (!isSummary(params.summary)) return 'more than all';
    const commitment = findCommitment(model, params);
    if (!commitment) return 'no such commitment';
    if (!isOpen(commitment)) return 'not open';
    if (model.now >= challengesEndAt(commitment)) return 'too late';
    if (commitment.reportCount >= MAX_REPORTS) return 'too many';
    return model.reports.has(`${idOf(params)}:${params.auditor}`) ? 'reported already' : null;
}

export const reportSla = operation<ReportParams>({
    name: 'reportSla',
    weight: 6,
    free: ['payer'],
    isHarmless: ({ auditor }, account, other) => account === 'authority' && other.startsWith(`wallet:${auditor}`),
    propose: (model, random) => {
        const commitment = pickCommitment(model, random, (one) => isOpen(one) && model.now < challengesEndAt(one));
        if (!commitment) return null;
        const auditor = random.chance(0.97) ? random.pick(AUDITORS) : random.pick(SELLERS);
        const signers = [
            `wallet:${model.participants.get(auditor)!.hotKey}`,
            `wallet:${auditor}`,
            'wallet:a0',
            'wallet:x',
        ];
        const by = random.pick(random.chance(0.95) ? signers.slice(0, 2) : signers);
        return { ...paramsOf(commitment), auditor, by, summary: proposeSummary(random) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'reportSla',
        accounts: {
            authority: params.by,
            auditor: `participant:${params.auditor}`,
            contract: `contract:${params.contract}`,
            commitment: `commitment:${idOf(params)}`,
            report: `report:${idOf(params)}:${params.auditor}`,
        },
        args: packSummary(new Pack(), params.summary).raw(new Uint8Array(32)).done(),
    }),
    refusal: reportRefusal,
    apply: (model, params) => {
        const { auditor, summary } = params;
        model.reports.set(`${idOf(params)}:${auditor}`, { commitment: idOf(params), auditor, summary });
        findCommitment(model, params)!.reportCount += 1;
    },
});

export const closeReport = operation<CommitmentParams & { auditor: string }>({
    name: 'closeReport',
    weight: 3,
    isHarmless: (params, account, other) => account === 'report' && other.startsWith(`report:${idOf(params)}:`),
    propose: (model, random) => {
        const all = [...model.reports.values()];
        if (all.length === 0) return null;
        const { commitment, auditor } = random.pick(all);
        return { ...commitmentParams(commitment), auditor };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'closeReport',
        accounts: {
            report: `report:${idOf(params)}:${params.auditor}`,
            commitment: `commitment:${idOf(params)}`,
            rentPayer: 'wallet:payer',
        },
    }),
    refusal: (model, params) => {
        if (!model.reports.has(`${idOf(params)}:${params.auditor}`)) return 'no such report';
        const commitment = findCommitment(model, params);
        return commitment && !isEnded(commitment) ? 'it may still count' : null;
    },
    apply: (model, params) => {
        model.reports.delete(`${idOf(params)}:${params.auditor}`);
    },
});
