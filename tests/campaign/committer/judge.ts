import {
    computeGross,
    computeSettlement,
    decodeEvents,
    findDeliveryCommitmentAddress,
    type MarketplaceEvent,
    sha256,
    toHex,
    utf8,
} from '@ocm/sdk';
import type { PublicKey, VersionedTransactionResponse } from '@solana/web3.js';
import {
    FEE_BASIS_POINTS,
    listLanded,
    ownerBalance,
    readContract,
    TEST_PARAMS,
    type TestMarket,
} from '../../support/index.js';
import { type CampaignWorld, EPOCHS } from './world.js';

export type RoundReport = {
    epochs: number;
    /** Epochs that were not settled. */
    lost: number;
    /** Epochs that were committed or settled more than once. */
    twice: number;
    /** Base units that the operator was paid, and what its sessions' bytes come to. */
    paid: bigint;
    due: bigint;
    /** Transactions that landed and were refused: a second one of what was done already. */
    refused: number;
    /** Transactions that landed once more with what was done already: a proof, for example, is taken twice. */
    again: number;
    challenges: number;
};

const DISCRIMINATOR_BYTES = 8;
const discriminator = (name: string) => toHex(sha256(utf8(`global:${name}`)).subarray(0, DISCRIMINATOR_BYTES));
const PROOFS = ['prove_inclusion', 'prove_evidence'].map(discriminator);
const REARM = discriminator('rearm_seed');

/** Counts what the chain's own history holds: events of landed transactions, not what the committer says. */
export async function judgeRound(world: CampaignWorld, challenges: number): Promise<RoundReport> {
    const { market, contract, seller } = world.trade;
    const report = { epochs: EPOCHS, lost: 0, twice: 0, paid: 0n, due: 0n, refused: 0, again: 0, challenges };
    for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
        const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch, kind: 0 });
        const { events, refused, again } = await readHistory(market, address);
        const count = (name: string) => events.filter((event) => event.name === name).length;
        if (count('DeliverySettled') === 0) report.lost += 1;
        if (count('DeliverySettled') > 1 || count('DeliveryCommitted') > 1) report.twice += 1;
        report.refused += refused;
        report.again += again;
        report.due += computeShare(world, epoch);
    }
    const { events, refused } = await readHistory(market, contract.address);
    const payouts = events.flatMap((event) =>
        event.name === 'PayoutWithdrawn' && event.data.index === 0 ? [event.data.amount] : [],
    );
    report.paid = payouts.reduce((sum, amount) => sum + amount, 0n);
    report.refused = Math.max(report.refused, refused);
    const bonds = await ownerBalance(market, market.mint, seller.hot.publicKey);
    if (bonds !== BigInt(challenges) * TEST_PARAMS.challengeBond) throw new Error(`${bonds} of bonds were paid out`);
    const { settledCommitments, historySize, openCommitments } = await readContract(market, contract);
    if (settledCommitments !== EPOCHS || historySize !== BigInt(EPOCHS) || openCommitments !== 0)
        throw new Error(`the contract counts ${settledCommitments} settlements and ${historySize} in its history`);
    return report;
}

/** The operator's part of what an epoch's sessions come to, recomputed from their receipts alone. */
function computeShare({ trade, sessions }: CampaignWorld, epoch: number): bigint {
    const bytes = (sessions[epoch] ?? []).reduce((sum, { leaf }) => sum + leaf.bytes, 0n);
    const { pricePerGigabyte, splits } = trade.contract;
    const { payouts } = computeSettlement({
        gross: computeGross({ bytes, pricePerGigabyte: pricePerGigabyte[0] }),
        topUp: 0n,
        penaltyBasisPoints: 0,
        feeBasisPoints: FEE_BASIS_POINTS,
        splits,
    });
    return payouts[0] ?? 0n;
}

async function readHistory(market: TestMarket, account: PublicKey) {
    const events: MarketplaceEvent[] = [];
    const intents: string[] = [];
    let refused = 0;
    for (const { signature, err } of await listLanded(market, account)) {
        const options = { commitment: 'confirmed', maxSupportedTransactionVersion: 0 } as const;
        const landed = await market.connection.getTransaction(signature, options);
        if (landed === null) throw new Error(`transaction ${signature} is listed and not given`);
        if (err !== null) refused += 1;
        else {
            events.push(...decodeEvents(landed));
            intents.push(intentOf(landed));
        }
    }
    return { events, refused, again: intents.length - new Set(intents).size };
}

/** What a transaction is for: its last instruction with its accounts; of proofs also the sample. */
function intentOf({ transaction: { message }, slot }: VersionedTransactionResponse): string {
    const instruction = message.compiledInstructions.at(-1);
    if (instruction === undefined) throw new Error('a transaction has an instruction');
    const name = Buffer.from(instruction.data.subarray(0, DISCRIMINATOR_BYTES)).toString('hex');
    const sample = PROOFS.includes(name) ? instruction.data[DISCRIMINATOR_BYTES] : '';
    const keys = instruction.accountKeyIndexes.map((index) => message.staticAccountKeys[index]?.toBase58());
    // A seed may be missed, and rearmed, more than once.
    return [name, sample, ...keys, name === REARM ? slot : ''].join();
}
