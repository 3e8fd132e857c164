import { at } from '../addresses.js';
import { challengesEndAt, isOpen } from '../model/rules.js';
import type { Model, Summary } from '../model/state.js';
import { type CommitmentParams, findCommitment, idOf, isOfSameContract, paramsOf, pickCommitment } from './common.js';
import { operation } from './types.js';

interface ResolveParams extends CommitmentParams {
    /** Auditors whose reports are shown, in this order. */
    readonly auditors: readonly string[];
}

/** By the addresses of their reports. */
const sorted = (id: string, auditors: readonly string[]) => {
    const addressOf = (auditor: string) => at(`report:${id}:${auditor}`).bytes;
    return [...auditors].sort((left, right) => Buffer.compare(addressOf(left), addressOf(right)));
};

/** Who reported on a commitment, in the order that resolving wants. */
export function auditorsOf(model: Model, commitment: CommitmentParams): readonly string[] {
    const id = idOf(commitment);
    const of = [...model.reports.values()].filter((report) => report.commitment === id);
    return sorted(
        id,
        of.map(({ auditor }) => auditor),
    );
}

/** The worse of two middle values for the seller (6.9 takes the median; of an even number the docs say the worse). */
function medianOf(reports: readonly Summary[]): Summary {
    const figure = (metric: keyof Summary, isLower: boolean) => {
        const values = reports.map((report) => report[metric]).sort((left, right) => left - right);
        return values[Math.floor((isLower ? values.length - 1 : values.length) / 2)]!;
    };
    return {
        availabilityPpm: figure('availabilityPpm', true),
        errorPpm: figure('errorPpm', false),
        ttfbP95Ms: figure('ttfbP95Ms', false),
        stallPpm: figure('stallPpm', false),
        sessions: figure('sessions', true),
    };
}

export const resolveSla = operation<ResolveParams>({
    name: 'resolveSla',
    weight: 4,
    isHarmless: isOfSameContract,
    propose: (model, random) => {
        const commitment = pickCommitment(model, random, (one) => isOpen(one) && one.reportCount > 0);
        if (!commitment) return null;
        const auditors = auditorsOf(model, commitment);
        const shown = random.chance(0.92) ? auditors : random.chance(0.5) ? auditors.slice(1) : [...auditors].reverse();
        return { ...paramsOf(commitment), auditors: shown };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'resolveSla',
        accounts: { contract: `contract:${params.contract}`, commitment: `commitment:${idOf(params)}` },
        remaining: params.auditors.map((auditor) => `report:${idOf(params)}:${auditor}`),
    }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (!isOpen(commitment)) return 'not open';
        if (model.now < challengesEndAt(commitment)) return 'reports may still come';
        const { auditors } = params;
        const id = idOf(params);
        const isAll = auditors.length === commitment.reportCount && sorted(id, auditors).join() === auditors.join();
        if (!isAll || !auditors.every((auditor) => model.reports.has(`${id}:${auditor}`))) return 'not every report';
        const { quorum } = model.contracts.get(params.contract)!.offer.sla;
        return auditors.length < Math.max(1, quorum) ? 'no quorum' : null;
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        const reports = params.auditors.map((auditor) => model.reports.get(`${idOf(params)}:${auditor}`)!);
        commitment.summary = medianOf(reports.map(({ summary }) => summary));
        commitment.slaSource = 2;
    },
});
