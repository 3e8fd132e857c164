import {
    fetchClaims,
    getBeginClosingInstructions,
    getCancelContractInstructions,
    getFinishContractInstructions,
    getRefundContentProviderInstructions,
} from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { type FundedTrade, type Sent, send, travelTo } from '../../support/index.js';

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
