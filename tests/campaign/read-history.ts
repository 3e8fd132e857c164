import {
    type Contract,
    decodeEvents,
    findDeliveryCommitmentAddress,
    type MarketplaceEvent,
    type WithAddress,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { listLanded, type TestMarket } from '../support/index.js';

/** Events of all landed transactions that touched a contract or one of its commitments, each once, by their signature. */
export type Past = {
    contract: readonly MarketplaceEvent[];
    /** By epoch. */
    epochs: ReadonlyMap<number, readonly MarketplaceEvent[]>;
    /** Transactions that landed and were refused: somebody was quicker. */
    refused: number;
};

export async function readHistory(market: TestMarket, contract: WithAddress<Contract>): Promise<Past> {
    const past = { contract: [] as MarketplaceEvent[], epochs: new Map<number, MarketplaceEvent[]>(), refused: 0 };
    const read = async (account: PublicKey) => {
        const { events, refused } = await readEvents(market, account);
        past.refused += refused;
        return events;
    };
    past.contract = await read(contract.address);
    for (let epoch = 0; epoch < contract.epochCount; epoch += 1) {
        const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 });
        past.epochs.set(epoch, await read(address));
    }
    return past;
}

async function readEvents(market: TestMarket, account: PublicKey) {
    const events: MarketplaceEvent[] = [];
    let refused = 0;
    for (const { signature, err } of await listLanded(market, account)) {
        const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const;
        const landed = await market.connection.getTransaction(signature, options);
        if (landed === null) throw new Error(`transaction ${signature} is listed and not given`);
        if (err === null) events.push(...decodeEvents(landed));
        else refused += 1;
    }
    return { events, refused };
}
