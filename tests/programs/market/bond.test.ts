import {
    getBondContractInstructions,
    getCloseCommitmentInstructions,
    getCloseContractInstructions,
    getCollectSlashInstructions,
    getReleaseBondInstructions,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    bondContract,
    cancelContract,
    commitDelivery,
    commitTree,
    corruptField,
    cosignDelivery,
    createActiveContract,
    createMint,
    createProposedContract,
    expectRefusal,
    type FundedTrade,
    fundWallet,
    GOOD_SERVICE,
    mintTokens,
    readContract,
    readParticipant,
    registerSeller,
    releaseBond,
    send,
    settleDelivery,
    swapAccount,
    THOUSAND_TOKENS,
    testKeypair,
    tokenBalance,
    u64Bytes,
} from '../../support/index.js';

const stranger = testKeypair('stranger');

describe('bond_contract', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ bond: 0n });
        await fundWallet(trade.market, stranger);
    });

    const build = (amount = 5n) =>
        getBondContractInstructions({ owner: trade.seller.owner.publicKey, contract: trade.contract, amount });

    it('adds to the bond with each call', async () => {
        await bondContract(trade.market, trade.seller, trade.contract, 5n);
        const { events } = await send(trade.market, await build(2n), [trade.seller.owner]);
        expect(events.at(-1)).toEqual({
            program: 'market',
            name: 'ContractBonded',
            data: {
                contract: trade.contract.address,
                seller: trade.seller.address,
                amount: 2n,
                bondTotalAfter: 7n,
                bondFreeAfter: 7n,
            },
        });
    });

    it('refuses nothing, a signer that does not own the seller, and another seller', async () => {
        const { market, seller } = trade;
        const other = await registerSeller(market, { name: 'other seller' });
        const instructions = await build();
        const swapped = swapAccount(instructions, seller.owner.publicKey, stranger.publicKey);
        await expectRefusal(send(market, swapped, [stranger]), 'market', 'NotOwner');
        const foreign = swapAccount(
            swapAccount(instructions, seller.owner.publicKey, other.owner.publicKey),
            seller.address,
            other.address,
        );
        await expectRefusal(send(market, foreign, [other.owner]), 'market', 'NotContractSeller');
        const zero = instructions.map((instruction) => {
            const data = Buffer.from(instruction.data);
            data.fill(0, 8);
            return Object.assign(instruction, { data });
        });
        await expectRefusal(send(market, zero, [seller.owner]), 'market', 'AmountZero');
    });

    it('refuses stake in another mint than the contract pays in', async () => {
        const { market, seller, contract } = trade;
        const mint = await createMint(market, { name: 'other mint' });
        await corruptField(market, {
            program: 'registry',
            account: 'Participant',
            address: seller.address,
            field: 'stakeMint',
            bytes: mint.address.toBytes(),
        });
        await expectRefusal(bondContract(market, seller, contract, 1n), 'market', 'WrongMint');
    });

    it('refuses a contract that is over', async () => {
        const proposed = await createProposedContract();
        await cancelContract(proposed);
        const { market, seller, contract } = proposed;
        await expectRefusal(bondContract(market, seller, contract, 1n), 'market', 'ContractStateInvalid');
    });
});

describe('a bond', () => {
    it('carries what commitments lock, to the unit', async () => {
        const trade = await createActiveContract({ bond: 999n });
        await expectRefusal(commitDelivery(trade), 'market', 'BondTooSmall');
        await bondContract(trade.market, trade.seller, trade.contract, 1n);
        expect(await commitDelivery(trade)).toMatchObject({ gross: 500n, lock: 1_000n });
        await expectRefusal(releaseBond(trade, 1n), 'market', 'BondTooSmall');
    });

    it('is given back to the seller alone while the contract runs, and by anyone once it is over', async () => {
        const trade = await createProposedContract();
        const { market, seller, contract } = trade;
        await bondContract(market, seller, contract, 9n);
        await fundWallet(market, stranger);
        await expectRefusal(releaseBond(trade, 4n, stranger), 'market', 'NotBondOwner');
        await releaseBond(trade, 4n);
        await cancelContract(trade);
        await releaseBond(trade, 5n, stranger);
        expect(await readParticipant(market, seller)).toMatchObject({ stakeFree: THOUSAND_TOKENS, stakeLocked: 0n });
    });

    it('goes to no other seller', async () => {
        const { market, seller, contract } = await createActiveContract();
        const other = await registerSeller(market, { name: 'other seller' });
        const input = { authority: seller.owner.publicKey, contract, amount: 1n };
        const swapped = swapAccount(await getReleaseBondInstructions(input), seller.address, other.address);
        await expectRefusal(send(market, swapped, [seller.owner]), 'market', 'NotContractSeller');
    });
});

describe('epochs', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
    });

    it('are committed in order', async () => {
        await commitDelivery(trade, { epoch: 1 });
        await expectRefusal(commitDelivery(trade, { epoch: 0 }), 'market', 'EpochOutOfOrder');
    });

    it('are committed once, even where the account of the first commitment is gone', async () => {
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);
        const field = { program: 'settlement', account: 'DeliveryCommitment', field: 'closableAt' } as const;
        await corruptField(trade.market, { ...field, address: commitment.address, bytes: u64Bytes(0n) });
        const close = await getCloseCommitmentInstructions({ commitment });
        await send(trade.market, close);
        await expectRefusal(commitDelivery(trade), 'market', 'EpochCommitted');
    });
});

describe('collect_slash', () => {
    /** Availability below 95 % is a severe breach, which costs 10 % of the minimum commit of 100. */
    const breachSeverely = async (trade: FundedTrade) => {
        const slaSummary = { ...GOOD_SERVICE, availabilityPpm: 949_999 };
        const commitment = await commitDelivery(trade, { ...commitTree([2_000_000n]), slaSummary });
        await cosignDelivery(trade, commitment);
        return settleDelivery(trade, commitment);
    };

    it('brings what a severe breach slashed to the content provider', async () => {
        const trade = await createActiveContract();
        const { market, seller, contract } = trade;
        const { events } = await breachSeverely(trade);
        expect(events[0]?.data).toMatchObject({ gross: 10n, slashed: 10n, unlocked: 10n });
        const before = await tokenBalance(market, contract.vault);
        const collected = await send(market, await getCollectSlashInstructions({ contract }));
        expect(collected.events.map(({ name }) => name)).toEqual(['StakeSlashed', 'SlashCollected']);
        expect(collected.events[1]?.data).toEqual({
            contract: contract.address,
            seller: seller.address,
            amount: 10n,
            vaultBalanceAfter: before + 10n,
        });
        const { stakeLocked, slashedTotal, status } = await readParticipant(market, seller);
        const { bondTotal, slashPending } = await readContract(market, contract);
        expect([stakeLocked, slashedTotal, status, slashPending]).toEqual([bondTotal, 10n, 'active', 0n]);
        await expectRefusal(send(market, await getCollectSlashInstructions({ contract })), 'market', 'NothingToPay');
    });

    it("refuses other accounts than the contract's", async () => {
        const trade = await createActiveContract();
        const { market, contract, seller } = trade;
        await breachSeverely(trade);
        const instructions = await getCollectSlashInstructions({ contract });
        const other = await registerSeller(market, { name: 'other seller' });
        const own = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        const swapped = (from: typeof own, to: typeof own) => send(market, swapAccount(instructions, from, to));
        await expectRefusal(swapped(seller.address, other.address), 'market', 'NotContractSeller');
        await expectRefusal(swapped(contract.vault, own), 'market', 'WrongVault');
        const mint = await createMint(market, { name: 'other mint' });
        await expectRefusal(swapped(contract.mint, mint.address), 'market', 'WrongMint');
    });

    it('comes before the contract is closed', async () => {
        const trade = await createProposedContract();
        await cancelContract(trade);
        await corruptField(trade.market, {
            program: 'market',
            account: 'Contract',
            address: trade.contract.address,
            field: 'slashPending',
            bytes: u64Bytes(1n),
        });
        const close = await getCloseContractInstructions({ contract: trade.contract });
        await expectRefusal(send(trade.market, close), 'market', 'SlashPending');
    });
});
