import {
    type CheckedSession,
    checkSession,
    errorCodeOf,
    failure,
    KIND_RECEIPTED_UNICAST,
    type Logger,
    toEvidenceTerms,
} from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { computeTreeHead, equalBytes } from '@ocm/sdk/core';
import type { EpochEvidence, SessionEvidence } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import type { ContractTerms } from './ports.js';

const SESSIONS_PER_SLICE = 32;

export type EvidencedSession = CheckedSession & { node: string; evidence: SessionEvidence };
export type CheckEvidenceInput = {
    evidence: EpochEvidence;
    contract: ContractTerms;
    epoch: number;
    node: string;
    clusterTag: number;
    log: Logger;
    signal: AbortSignal;
};

/**
 * The payable sessions of one node. A session that could not be proved on chain is left out and told in the log: with it
 * the whole commitment, and the stake behind it, would be lost.
 */
export async function checkEvidence(input: CheckEvidenceInput): Promise<EvidencedSession[]> {
    const { evidence, contract, epoch, node, clusterTag, log, signal } = input;
    const issuer = findIssuerInForce(contract, epoch);
    if (issuer === null) throw failure('MKT_COMMITTER__ISSUER_MISSING', `the contract has no issuer in epoch ${epoch}`);
    const place = { clusterTag, epoch, kind: KIND_RECEIPTED_UNICAST, node: new PublicKey(node), issuer };
    const terms = toEvidenceTerms(contract, place);
    const best = new Map<string, EvidencedSession>();
    for (const [index, session] of evidence.sessions.entries()) {
        if (index % SESSIONS_PER_SLICE === 0) {
            await new Promise(setImmediate);
            signal.throwIfAborted();
        }
        try {
            const checked = checkSession(session, terms);
            assertLogRoot(session, checked);
            const other = best.get(checked.key);
            if (other === undefined || other.receipt.seq < checked.receipt.seq)
                best.set(checked.key, { ...checked, node, evidence: session });
        } catch (error) {
            log.warn(
                { node, epoch, index, code: errorCodeOf(error), err: error },
                'session left out of the commitment',
            );
        }
    }
    return [...best.values()];
}

const EMPTY_LOG = computeTreeHead([]);

/** What shows without asking for records: the root of no records stands for no records alone. */
function assertLogRoot({ recordCount }: SessionEvidence, { leaf, key }: CheckedSession): void {
    if ((recordCount === 0) === equalBytes(EMPTY_LOG, leaf.logRoot)) return;
    throw logRootWrong(key);
}

export const logRootWrong = (key: string): Error =>
    failure(
        'MKT_COMMITTER__LOG_ROOT_WRONG',
        `session ${key.slice(0, 16)}: its records do not hash to its leaf's log root`,
    );
