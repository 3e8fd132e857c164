import { type Backoff, errorCodeOf, errorMessageOf, isAbort, type Logger, retry } from '@ocm/runtime';
import { toHex } from '@ocm/sdk/core';
import type { PublicKey } from '@solana/web3.js';
import type { Ledger, Verdict } from './ledger.js';
import type { Commitment, CommitterClient, ContractTerms, ProviderChain } from './ports.js';
import type { ManifestArchive } from './report/manifests.js';
import { verifyCommitment } from './verify-commitment.js';

export type CosignDeps = {
    chain: ProviderChain;
    committer: CommitterClient;
    ledger: Ledger;
    contracts: readonly PublicKey[];
    unsignedAllowanceBytes: bigint;
    /** Keeps what was found right: an operator serves a manifest for a while only. */
    archive?: Pick<ManifestArchive, 'keep'>;
    backoff: Backoff;
    log: Logger;
};
/** Commitments by verdict; `unknown`: configured contracts that this cluster does not have. */
export type CosignSummary = { cosigned: number; refused: number; waiting: number; unknown: number };

/** What is decided once and for all: the commitment's hash binds its content, so a wrong one stays wrong. */
const FINAL_LAYERS = ['MKT_PROVIDER__', 'MKT_EVIDENCE__', 'MKT_CORE__'];
/** Not final: the right manifest may still be served. */
const WITHHELD = 'MKT_PROVIDER__MANIFEST_FOREIGN';

/**
 * One look at all commitments of the configured contracts: verifies those that wait, co-signs the right ones, records why
 * it refuses others. Runs again from any point: what is co-signed is read from chain, refusals from the ledger.
 */
export async function cosignCommitments(deps: CosignDeps, signal: AbortSignal): Promise<CosignSummary> {
    const summary: CosignSummary = { cosigned: 0, refused: 0, waiting: 0, unknown: 0 };
    for (const address of deps.contracts) {
        const contract = await deps.chain.fetchContract(address);
        if (contract === null) {
            summary.unknown += 1;
            continue;
        }
        for (const commitment of await deps.chain.listCommitments(address)) {
            signal.throwIfAborted();
            const verdict = await judge(deps, contract, commitment, signal);
            summary[verdict.verdict] += 1;
        }
    }
    return summary;
}

async function judge(
    deps: CosignDeps,
    contract: ContractTerms,
    commitment: Commitment,
    signal: AbortSignal,
): Promise<Verdict> {
    const { ledger, log } = deps;
    const earlier = ledger.findVerdict(commitment.address.toBase58());
    if (commitment.isCosigned)
        return earlier?.verdict === 'cosigned' ? earlier : record(deps, commitment, 'cosigned', 'co-signed on chain');
    if (earlier?.verdict === 'refused') return earlier;
    if (!commitment.awaitsCosignature)
        return earlier ?? record(deps, commitment, 'refused', 'ended without a co-signature');
    if (earlier?.verdict === 'waiting' && !deps.backoff.isDue(earlier.commitment)) return earlier;
    const where = {
        commitment: commitment.address.toBase58(),
        contract: contract.address.toBase58(),
        epoch: commitment.epoch,
    };
    try {
        await verify(deps, contract, commitment, signal);
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        const code = errorCodeOf(error);
        const isFinal = code !== WITHHELD && FINAL_LAYERS.some((layer) => code.startsWith(layer));
        if (isFinal) log.error({ ...where, code, err: error }, 'commitment refused');
        else if (earlier === undefined) log.warn({ ...where, code, err: error }, 'commitment cannot be verified yet');
        return record(deps, commitment, isFinal ? 'refused' : 'waiting', `${code}: ${errorMessageOf(error)}`);
    }
    try {
        const { signature } = await deps.chain.cosign(commitment, contract, signal);
        log.info({ ...where, signature, bytes: commitment.totalBytes.toString() }, 'commitment co-signed');
        return record(deps, commitment, 'cosigned', 'all sessions, sums and copies agree');
    } catch (error) {
        if (isAbort(error, signal)) throw error;
        // Also when it had landed before a crash: the next look reads it from chain.
        log.warn({ ...where, code: errorCodeOf(error), err: error }, 'co-signature not sent');
        return record(deps, commitment, 'waiting', `verified, not yet co-signed: ${errorMessageOf(error)}`);
    }
}

async function verify(
    deps: CosignDeps,
    contract: ContractTerms,
    commitment: Commitment,
    signal: AbortSignal,
): Promise<void> {
    const { chain, committer, ledger, unsignedAllowanceBytes } = deps;
    const [nodes, clusterTag, manifest] = await Promise.all([
        chain.fetchNodes(contract),
        chain.clusterTag(),
        retry(() => committer.fetchManifest(commitment.address, signal), {
            attempts: 2,
            baseMs: 200,
            maxMs: 500,
            signal,
        }),
    ]);
    const known = { nodes, clusterTag, ledger, unsignedAllowanceBytes };
    await verifyCommitment({ manifest, commitment, contract, ...known, signal });
    await deps.archive?.keep(commitment.address, commitment.manifestHash, manifest);
}

async function record(
    deps: CosignDeps,
    commitment: Commitment,
    verdict: Verdict['verdict'],
    reason: string,
): Promise<Verdict> {
    const entry: Verdict = {
        commitment: commitment.address.toBase58(),
        contract: commitment.contract.toBase58(),
        epoch: commitment.epoch,
        root: toHex(commitment.root),
        totalBytes: commitment.totalBytes.toString(),
        verdict,
        reason: reason.slice(0, 500),
    };
    if (verdict === 'waiting') deps.backoff.failed(entry.commitment);
    else deps.backoff.forget(entry.commitment);
    await deps.ledger.setVerdict(entry);
    return entry;
}
