import {
    getReleaseBondInstructions,
    getRequestUnbondInstructions,
    getSetHotKeyInstructions,
    getSetPayoutInstructions,
    getTerminateContractInstructions,
    getWithdrawExcessInstructions,
    getWithdrawUnbondedInstructions,
    IDLS,
} from '@ocm/sdk';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createActiveContract,
    type FundedTrade,
    readContract,
    readParticipant,
    refusalOf,
    send,
    swapAccount,
    travel,
} from '../support/index.js';

/** Who signs each instruction that takes tokens out of a vault; nobody where the receiver follows from the accounts. */
const MOVES_OUT: Readonly<Record<string, readonly string[]>> = {
    'registry.slashStake': ['marketAuthority'],
    'registry.withdrawBeaconBond': ['owner'],
    'registry.withdrawUnbonded': ['owner'],
    'market.claimBounty': ['payer', 'owner'],
    'market.closeContract': [],
    'market.closeLot': ['payer'],
    'market.collectSlash': [],
    'market.payHeld': ['settlementAuthority'],
    'market.recordFailure': ['settlementAuthority'],
    'market.refundBounty': ['payer'],
    'market.refundContentProvider': ['payer'],
    'market.releaseBidDeposit': ['payer'],
    'market.releasePayout': ['settlementAuthority'],
    'market.withdrawExcess': ['owner'],
    'settlement.activateRewardRoot': [],
    'settlement.cancelRewardRoot': ['authority'],
    'settlement.claimReward': ['payer'],
    'settlement.closeChallenge': ['payer'],
    'settlement.closeRewardPool': [],
    'settlement.failCommitment': [],
    'settlement.vetoRewardRoot': ['vetoer'],
    'settlement.withdrawPayout': ['payer'],
    'settlement.withdrawRewardExcess': ['owner'],
};
/** Instructions that only bring tokens into a vault, or make one: their signer is who pays. */
const MOVES_IN = [
    ...['registry.createStakeVault', 'registry.depositStake', 'registry.registerBeacon'],
    ...['market.acceptOffer', 'market.awardBid', 'market.createLot'],
    ...['market.commitBid', 'market.createBounty', 'market.fundContract'],
    ...['settlement.challengeLeaf', 'settlement.createRewardPool'],
    ...['settlement.fundRewardPool', 'settlement.proposeRewardRoot'],
];

/** What only a content provider can do; the rest of the acts below is the seller's. */
const OF_CONTENT_PROVIDER = ['take excess out'];

/** Every instruction that writes a vault, with its signers. */
const vaultWriters = Object.entries(IDLS).flatMap(([program, { instructions }]) =>
    instructions
        .filter(({ accounts }) =>
            accounts.some(({ name, ...account }) => /vault$/i.test(name) && 'writable' in account && account.writable),
        )
        .map(({ name, accounts }) => {
            const signers = accounts.filter((account) => 'signer' in account && account.signer);
            return { name: `${program}.${name}`, signers: signers.map((account) => account.name) };
        }),
);

describe('INV-10, who may move money', () => {
    it('is known for every instruction that writes a vault', () => {
        const names = vaultWriters.map(({ name }) => name).sort();
        expect(names).toEqual([...Object.keys(MOVES_OUT), ...MOVES_IN].sort());
        for (const { name, signers } of vaultWriters) {
            if (name in MOVES_OUT) expect(signers, name).toEqual(MOVES_OUT[name]);
        }
    });

    describe('is never a hot key, whatever its scopes:', () => {
        let trade: FundedTrade;

        beforeEach(async () => {
            trade = await createActiveContract({ contract: { epochCount: 60 } });
        });

        const sides = ['seller', 'contentProvider'] as const;
        type Act = (owner: PublicKey) => Promise<TransactionInstruction[]>;
        const acts: Record<string, Act> = {
            'name a payout key': (owner) => getSetPayoutInstructions({ owner, payout: trade.market.board.publicKey }),
            'name a hot key': (owner) => getSetHotKeyInstructions({ owner, hotKey: null }),
            'unbond stake': (owner) => getRequestUnbondInstructions({ owner, amount: 1n }),
            'leave a contract': (authority) =>
                getTerminateContractInstructions({ authority, contract: trade.contract, noticeEpochs: 24 }),
            'release the bond': (authority) =>
                getReleaseBondInstructions({ authority, contract: trade.contract, amount: 1n }),
            'take excess out': (contentProviderOwner) =>
                getWithdrawExcessInstructions({ contentProviderOwner, contract: trade.contract, amount: 1n }),
        };

        const read = async (side: (typeof sides)[number]) => [
            await readParticipant(trade.market, trade[side]),
            await readContract(trade.market, trade.contract),
        ];

        it.each(Object.keys(acts))('it does not %s', async (act) => {
            for (const side of sides) {
                const { owner, hot } = trade[side];
                const asOwner = await acts[act]!(owner.publicKey);
                const asHot = swapAccount(asOwner, owner.publicKey, hot.publicKey);
                const before = await read(side);
                await refusalOf(send(trade.market, asHot, [hot]));
                expect(await read(side)).toEqual(before);
            }
            // The cold key of the side that it concerns can do just that.
            const side = OF_CONTENT_PROVIDER.includes(act) ? 'contentProvider' : 'seller';
            const { owner } = trade[side];
            await send(trade.market, await acts[act]!(owner.publicKey), [owner]);
        });

        it('it does not take out what the owner has unbonded', async () => {
            const { market, seller } = trade;
            const owner = seller.owner.publicKey;
            await send(market, await getRequestUnbondInstructions({ owner, amount: 1n }), [seller.owner]);
            travel(market, 601);
            const { address: stakeMint, tokenProgram } = market.mint;
            const exit = await getWithdrawUnbondedInstructions({ owner, stakeMint, tokenProgram, slot: 0 });
            const asHot = swapAccount(exit, owner, seller.hot.publicKey);
            await refusalOf(send(market, asHot, [seller.hot]));
            await send(market, exit, [seller.owner]);
        });
    });
});
