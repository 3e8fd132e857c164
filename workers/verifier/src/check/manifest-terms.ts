import { addressBytes, ZERO_ADDRESS } from '../chain/address.js';
import { manifestFile } from '../copy/layout.js';
import type { Findings } from '../findings.js';
import { computeSumTree } from '../protocol/sum-tree.js';
import { type ContractBooks, epochEnd, issuerInForce } from '../replay/books.js';
import type { CommitmentBooks } from '../replay/commitment-books.js';
import type { Ledger } from '../replay/ledger.js';
import type { SessionTerms } from './session.js';

/** Whose word the figures are that the penalty follows from; they are not measured again here. */
export const SLA_SOURCES: Readonly<Record<string, string>> = {
    seller: "its service levels are the seller's own figures",
    cosigned: "its service levels are the seller's figures, which the content provider co-signed",
    reports: 'its service levels are the median of what auditors reported',
};

/** The tree over the leaves is the one that was committed. */
export function compareTree(
    leaves: Parameters<typeof computeSumTree>[0],
    commitment: string,
    books: CommitmentBooks,
    findings: Findings,
): void {
    const where = `settlement tree of ${commitment} (epoch ${books.epoch})`;
    const tree = computeSumTree(leaves, books.depth);
    const file = manifestFile(commitment);
    if ('problem' in tree) {
        findings.add(file, where, tree.problem);
        return;
    }
    if (tree.root !== books.root) findings.add(file, where, `has the root ${tree.root}, committed ${books.root}`);
    if (tree.totalBytes !== books.totalBytes)
        findings.add(file, where, `holds ${tree.totalBytes} bytes, committed ${books.totalBytes}`);
    if (leaves.length !== books.leafCount)
        findings.add(file, where, `has ${leaves.length} leaves, committed ${books.leafCount}`);
}

/** What every session of a commitment has to fit. */
export function termsOf(ledger: Ledger, books: CommitmentBooks, contract: ContractBooks): SessionTerms {
    const issuer = issuerInForce(contract, books.epoch, ZERO_ADDRESS);
    return {
        contract: addressBytes(ledger.address),
        clusterTag: contract.clusterTag,
        epoch: books.epoch,
        epochEndSecs: epochEnd(contract, books.epoch),
        epochLengthSecs: contract.epochLengthSecs,
        kind: books.kind,
        issuer: issuer === null ? null : addressBytes(issuer),
        tokenGraceSecs: contract.tokenGraceSecs,
        maxTokenBytes: contract.maxTokenBytes,
    };
}
