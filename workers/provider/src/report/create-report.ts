import { failure } from '@ocm/runtime';
import { type Contract, computeEpochBounds, type WithAddress } from '@ocm/sdk';
import { toHex } from '@ocm/sdk/core';
import type { DeliveryReport } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import type { Ledger } from '../ledger.js';
import { type CountedCommitment, computeReport } from './compute.js';
import { createHourNamer } from './hours.js';
import type { LogSource, ManifestSource, ReportChain } from './ports.js';
import type { Copy } from './quality.js';
import { readSessions } from './sessions.js';

/** A year of hours, with room; what is asked for at once must fit a request's time. */
const MAX_EPOCHS = 10_000;

export type ReportDeps = {
    chain: ReportChain;
    manifests: ManifestSource;
    logs: LogSource;
    ledger: Pick<Ledger, 'findToken' | 'findVerdict' | 'listCopies'>;
    contracts: readonly PublicKey[];
};
export type ReportRequest = {
    contract: string;
    from?: number | undefined;
    to?: number | undefined;
    timezone: string;
};

/**
 * The delivery report of a contract. Sessions are taken from manifests only where they give the root on chain, money only
 * from settlements on chain, quality only from this content provider's own receipt copies.
 * @throws MKT_PROVIDER__CONTRACT_UNKNOWN, MKT_PROVIDER__REPORT_RANGE_INVALID, MKT_PROVIDER__TIMEZONE_UNKNOWN
 */
export async function createReport(
    deps: ReportDeps,
    request: ReportRequest,
    signal: AbortSignal,
): Promise<DeliveryReport> {
    createHourNamer(request.timezone);
    const contract = await findContract(deps, request.contract);
    const { from, to } = resolveRange(contract, request, await deps.chain.clusterTimeSecs());
    const [claims, history, cache] = await Promise.all([
        deps.chain.fetchClaims(contract),
        deps.chain.readHistory(contract.address, signal),
        deps.logs.tally(request.contract, { from, to }, signal),
    ]);
    const inRange = history.commitments
        .filter(({ epoch }) => epoch >= from && epoch <= to)
        .sort((left, right) => left.epoch - right.epoch || left.kind - right.kind);
    const commitments: CountedCommitment[] = [];
    for (const facts of inRange) {
        signal.throwIfAborted();
        const manifest = await deps.manifests.find(facts.address, toHex(facts.manifestHash), signal);
        const verdict = deps.ledger.findVerdict(facts.address.toBase58());
        commitments.push({ facts, sessions: readSessions(manifest, facts), verdict });
    }
    return computeReport({
        contract,
        claims,
        from,
        to,
        timezone: request.timezone,
        commitments,
        settlements: history.settlements,
        copies: listCopies(deps.ledger, contract, from, to),
        cache,
    });
}

async function findContract({ chain, contracts }: ReportDeps, name: string): Promise<WithAddress<Contract>> {
    const unknown = (why: string) => failure('MKT_PROVIDER__CONTRACT_UNKNOWN', `contract ${name} ${why}`);
    const address = contracts.find((contract) => contract.toBase58() === name);
    if (address === undefined) throw unknown('is not served here; add it to contracts');
    const contract = await chain.fetchContract(address);
    if (contract === null) throw unknown('is not on this cluster: check rpcUrl, or it was closed');
    return contract;
}

/** Only epochs that have ended: of others the next report would say something else. */
function resolveRange(contract: Contract, request: ReportRequest, nowSecs: number): { from: number; to: number } {
    const ended = Math.floor((nowSecs - Number(contract.genesisAt)) / contract.epochLengthSecs);
    const last = Math.min(ended, contract.epochCount) - 1;
    const { from = 0, to = last } = request;
    const invalid = (why: string) => failure('MKT_PROVIDER__REPORT_RANGE_INVALID', `epochs ${from} to ${to}: ${why}`);
    if (last < 0) throw invalid('no epoch of the contract has ended yet; ask again later');
    if (to > last) throw invalid(`the last epoch that has ended is ${last}; ask for that at most`);
    if (from > to) throw invalid('from must not be above to');
    if (to - from >= MAX_EPOCHS) throw invalid(`ask for ${MAX_EPOCHS} epochs at most at a time`);
    return { from, to };
}

function listCopies(ledger: ReportDeps['ledger'], contract: WithAddress<Contract>, from: number, to: number): Copy[] {
    const copies: Copy[] = [];
    for (let epoch = from; epoch <= to; epoch += 1) {
        const epochBeginsAtSecs = Number(computeEpochBounds(contract, epoch).beginsAt);
        for (const { key, receipt } of ledger.listCopies(contract.address, epoch)) {
            const token = ledger.findToken(key);
            if (token !== undefined) copies.push({ key, receipt, token, epochBeginsAtSecs });
        }
    }
    return copies;
}
