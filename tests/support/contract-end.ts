import {
    fetchClaims,
    getBeginClosingInstructions,
    getCancelContractInstructions,
    getCloseCommitmentInstructions,
    getCloseContractInstructions,
    getCollectSlashInstructions,
    getFinishContractInstructions,
    getRefundContentProviderInstructions,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { expect } from 'vitest';
import { nowSecs, travelTo } from './cluster.js';
import { readContract, releaseBond } from './contracts.js';
import { type FundedTrade, readCommitment, withdrawPayout } from './deliveries.js';
import { type Sent, send } from './send.js';
import { tokenBalance } from './tokens.js';

/** Last moment of the last epoch of `createProposedContract`. */
export const endOf = ({ contract }: FundedTrade) =>
    contract.genesisAt + BigInt(contract.epochCount * contract.epochLengthSecs);

export async function buildCancel({ market, contract }: FundedTrade, authority: Keypair) {
    const claims = await fetchClaims(market.connection, contract.claims);
    return getCancelContractInstructions({ authority: authority.publicKey, contract, claims });
}

export async function cancelContract(trade: FundedTrade, authority = trade.contentProvider.owner): Promise<Sent> {
    return send(trade.market, await buildCancel(trade, authority), [authority]);
}

export async function buildBeginClosing({ market, contract }: FundedTrade) {
    const claims = await fetchClaims(market.connection, contract.claims);
    return getBeginClosingInstructions({ contract, claims });
}

/** Closes at once; the caller has moved the time. */
export async function beginClosing(trade: FundedTrade): Promise<Sent> {
    return send(trade.market, await buildBeginClosing(trade));
}

export async function finishContract({ market, contract }: FundedTrade): Promise<Sent> {
    return send(market, await getFinishContractInstructions({ contract: contract.address }));
}

/** Moves through the end of the contract until nothing can be settled any more. */
export async function runOut(trade: FundedTrade): Promise<void> {
    travelTo(trade.market, endOf(trade));
    await beginClosing(trade);
    travelTo(trade.market, endOf(trade) + BigInt(trade.contract.settleWindowSecs));
    await finishContract(trade);
}

export const buildRefund = ({ market, contract, contentProvider }: FundedTrade) =>
    getRefundContentProviderInstructions({
        payer: market.deployer.publicKey,
        contentProviderOwner: contentProvider.owner.publicKey,
        contract,
    });

/** Cranked by nobody of the contract. */
export async function refund(trade: FundedTrade): Promise<Sent> {
    return send(trade.market, await buildRefund(trade));
}

const travelUntil = (market: FundedTrade['market'], unixSecs: bigint) => {
    if (nowSecs(market) < unixSecs) travelTo(market, unixSecs);
};

/** Pays everybody out of a contract that is over, except those who cannot be paid now. */
export async function payOut(trade: FundedTrade, except: readonly number[] = []): Promise<void> {
    const { market } = trade;
    const contract = await readContract(market, trade.contract);
    if (contract.slashPending > 0n) await send(market, await getCollectSlashInstructions({ contract }));
    for (const [place, owed] of contract.owed.entries()) {
        if (owed > 0n && !except.includes(place)) await withdrawPayout(trade, place);
    }
    if (contract.bondFree > 0n) await releaseBond(trade, contract.bondFree, market.deployer);
    const left = await readContract(market, trade.contract);
    const spokenFor = left.owed.reduce((total, owed) => total + owed, left.heldTotal);
    if ((await tokenBalance(market, contract.vault)) > spokenFor) await refund(trade);
}

/** Lets a contract end by its time, whatever anybody does, and closes what is left of its commitments. */
export async function runToTheEnd(trade: FundedTrade, commitments: readonly { address: PublicKey }[] = []) {
    const { market } = trade;
    const contract = await readContract(market, trade.contract);
    const fresh = { ...trade, contract };
    if (contract.state !== 'cancelled') {
        travelUntil(market, endOf(fresh));
        if (contract.state !== 'closing') await beginClosing(fresh);
        travelUntil(market, endOf(fresh) + BigInt(contract.settleWindowSecs));
        await finishContract(fresh);
    }
    for (const { address } of commitments) {
        const commitment = await readCommitment(trade, { address });
        travelUntil(market, commitment.closableAt + 1n);
        await send(market, await getCloseCommitmentInstructions({ commitment }));
    }
}

/** Ends a contract by cranks alone and expects that nothing of it is left: everybody is paid, every account closed. */
export async function closeOut(trade: FundedTrade, commitments: readonly { address: PublicKey }[] = []): Promise<void> {
    const { market, contract } = trade;
    await runToTheEnd(trade, commitments);
    await payOut(trade);
    await send(market, await getCloseContractInstructions({ contract }));
    for (const { address } of [contract, { address: contract.vault }, ...commitments]) {
        expect(await market.connection.getAccountInfo(address)).toBeNull();
    }
}
