import { computeMaxEpochGross, computeReserve, SLA_METRICS } from '@ocm/sdk/core';
import { maxOf, sumOf } from '../../../lib/bigint';
import type { ContractView, NodeView, PartyView, PayeeView, Problem } from '../../live/snapshot';
import { textOf } from '../../transactions/event-words';
import type { LoggedTransaction } from '../../transactions/server/transaction-log';
import { collectSteps, listEpochs } from '../epochs';
import { describeSla } from '../sla-words';
import { type CommitmentSources, toCommitmentViews } from './commitment-views';
import { type ChainContract, type ChainContracts, listPayees, TREASURY_SLOT } from './read-contracts';

export interface ContractSources extends Omit<CommitmentSources, 'steps'> {
    readonly chain: ChainContracts;
    readonly nodes: readonly NodeView[];
    readonly labels: Readonly<Record<string, string>>;
    readonly nowSecs: number;
}

const ENDED = new Set(['settled', 'cancelled']);

/** One contract that cannot be shown, say because its terms are out of range, does not hide the others. */
export function toContractViews(sources: ContractSources, onProblem: (problem: Problem) => void): ContractView[] {
    const steps = collectSteps(sources.transactions);
    return sources.chain.contracts.flatMap((contract) => {
        try {
            return [toContractView(contract, { ...sources, steps })];
        } catch (error) {
            onProblem({
                source: `Contract ${contract.address.toBase58()}`,
                message: error instanceof Error ? error.message : 'It could not be read.',
                remedy: 'The other contracts are not affected.',
            });
            return [];
        }
    });
}

function toContractView(contract: ChainContract, sources: ContractSources & CommitmentSources): ContractView {
    const { chain, nodes, labels, nowSecs } = sources;
    const address = contract.address.toBase58();
    const mint = contract.mint.toBase58();
    const commitments = toCommitmentViews(address, chain.commitments.get(address) ?? [], sources);
    const genesisAtSecs = Number(contract.genesisAt);
    const terms = { ...contract, genesisAtSecs, ended: ENDED.has(contract.state) };
    return {
        address,
        state: contract.state,
        contentProvider: toParty(contract.contentProvider.toBase58(), chain, labels),
        seller: toParty(contract.seller.toBase58(), chain, labels),
        mint: {
            address: mint,
            label: labels[mint] ?? null,
            decimals: chain.decimals.get(mint) ?? 0,
            tokenProgram: contract.tokenProgram.toBase58(),
        },
        vault: contract.vault.toBase58(),
        genesisAtSecs,
        epochLengthSecs: contract.epochLengthSecs,
        epochCount: contract.epochCount,
        committedKilobitsPerSecond: contract.committedKilobitsPerSecond.toString(),
        capKilobitsPerSecond: contract.capKilobitsPerSecond.toString(),
        pricePerGigabyte: contract.pricePerGigabyte.map(String),
        commitFeePerEpoch: contract.commitFeePerEpoch.toString(),
        feeBasisPoints: contract.feeBasisPoints,
        slaWords: describeSla({
            maxPenaltyBasisPoints: contract.sla.maxPenaltyBasisPoints,
            tiers: contract.sla.tiers.map((tier) => ({
                ...tier,
                metric: SLA_METRICS[tier.metric] ?? 'unknown metric',
            })),
        }),
        claims: contract.claims.map((claim, index) => {
            const claimAddress = claim.toBase58();
            const node = nodes.find(({ claims }) => claims.some((entry) => entry.address === claimAddress));
            return {
                address: claimAddress,
                node: node?.address ?? null,
                footprint: node?.claims.find((entry) => entry.address === claimAddress)?.footprint ?? null,
                kilobitsPerSecond: (contract.claimShares[index] ?? 0n).toString(),
            };
        }),
        escrow: toEscrow(contract, chain),
        payees: toPayees(contract, sources),
        epochs: listEpochs(terms, commitments, nowSecs),
        bytes: toBytes(contract, [...commitments.values()].flat(), nodes),
    };
}

function toParty(participant: string, chain: ChainContracts, labels: Readonly<Record<string, string>>): PartyView {
    const owner = chain.owners.get(participant) ?? null;
    return { participant, owner, label: labels[participant] ?? (owner && labels[owner]) ?? null };
}

function toEscrow(contract: ChainContract, chain: ChainContracts): ContractView['escrow'] {
    const { prefundEpochs, openGross } = contract;
    const maxPricePerGigabyte = maxOf(contract.pricePerGigabyte);
    const maxEpochGross = computeMaxEpochGross({ ...contract, maxPricePerGigabyte });
    // A contract that is over reserves nothing beyond what is still open.
    const reserve = ENDED.has(contract.state) ? openGross : computeReserve({ prefundEpochs, maxEpochGross, openGross });
    return {
        deposited: contract.depositedTotal.toString(),
        balance: chain.balances.get(contract.vault.toBase58())?.toString() ?? null,
        reserve: reserve.toString(),
        owed: sumOf(contract.owed).toString(),
        openGross: openGross.toString(),
        paidTotal: contract.paidTotal.toString(),
        penaltyTotal: contract.penaltyTotal.toString(),
        grossTotal: sumOf(contract.grossTotal).toString(),
    };
}

function toPayees(contract: ChainContract, sources: ContractSources): PayeeView[] {
    const { chain, labels, transactions } = sources;
    const address = contract.address.toBase58();
    return listPayees(contract).map(({ slot, payee, tokenAccount }) => {
        const payeeAddress = payee.toBase58();
        return {
            slot,
            address: payeeAddress,
            label: labels[payeeAddress] ?? (slot === TREASURY_SLOT ? 'Treasury' : null),
            basisPoints: slot === TREASURY_SLOT ? null : (contract.splits[slot]?.basisPoints ?? 0),
            owed: (contract.owed[slot] ?? 0n).toString(),
            paid: sumPayouts(transactions, address, slot, payeeAddress).toString(),
            balance: chain.balances.get(tokenAccount.toBase58())?.toString() ?? null,
        };
    });
}

/** A payee may hold two splits, so the place counts where the event names it. */
function sumPayouts(transactions: readonly LoggedTransaction[], contract: string, slot: number, payee: string): bigint {
    return sumOf(
        transactions
            .flatMap(({ events }) => events)
            .filter(({ name, data }) => {
                if (name !== 'PayoutWithdrawn' || textOf(data.contract) !== contract) return false;
                return typeof data.index === 'number' ? data.index === slot : textOf(data.payee) === payee;
            })
            .map(({ data }) => (typeof data.amount === 'bigint' ? data.amount : 0n)),
    );
}

function toBytes(
    contract: ChainContract,
    commitments: readonly { totalBytes: string; state: string }[],
    nodes: readonly NodeView[],
): ContractView['bytes'] {
    const seller = contract.seller.toBase58();
    const answering = nodes.flatMap(({ participant, status }) => (participant === seller && status ? [status] : []));
    const total = (key: 'servedBytes' | 'receiptedBytes') =>
        answering.length === 0 ? null : sumOf(answering.map((status) => BigInt(status[key]))).toString();
    const committed = commitments.filter(({ state }) => state !== 'failed' && state !== 'expired');
    return {
        served: total('servedBytes'),
        receipted: total('receiptedBytes'),
        committed: sumOf(committed.map(({ totalBytes }) => BigInt(totalBytes))).toString(),
        settled: sumOf(contract.cumBytes).toString(),
    };
}
