import {
    buildInstruction,
    findStakeVaultAddress,
    findTokenAccountAddress,
    getDepositStakeInstructions,
} from '@ocm/sdk';
import { type Keypair, SystemProgram } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createOtherAllowedMint,
    createTestMarket,
    expectRefusal,
    mintTokens,
    ownerBalance,
    readParticipant,
    refusalOf,
    registerContentProvider,
    registerSeller,
    send,
    swapAccount,
    type TestMarket,
    type TestMint,
    type TestParticipant,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    tokenBalance,
} from '../../support/index.js';

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('deposit_stake with %s', (name) => {
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket({ tokenProgram: TOKEN_PROGRAMS[name] });
        seller = await registerSeller(market, { stake: 0n });
    });

    const deposit = async (amount: bigint) =>
        send(
            market,
            await getDepositStakeInstructions({
                owner: seller.owner.publicKey,
                stakeMint: market.mint.address,
                tokenProgram: market.mint.tokenProgram,
                amount,
            }),
            [seller.owner],
        );

    /** Past the SDK's own checks, into any participant. */
    const depositRaw = (signer: Keypair, mint: TestMint, amount: bigint) => {
        const { address, tokenProgram } = mint;
        const accounts = {
            owner: signer.publicKey,
            participant: seller.address,
            stakeMint: address,
            ownerTokenAccount: findTokenAccountAddress({ owner: signer.publicKey, mint: address, tokenProgram }),
            stakeVault: findStakeVaultAddress({ mint: address }),
            tokenProgram,
        };
        return send(market, [buildInstruction('registry', 'depositStake', accounts, { amount })], [signer]);
    };

    it('moves the tokens into the vault and credits exactly them', async () => {
        const vault = findStakeVaultAddress({ mint: market.mint.address });
        const before = await tokenBalance(market, vault);
        await deposit(250n);
        const { events } = await deposit(50n);
        expect((await readParticipant(market, seller)).stakeFree).toBe(300n);
        expect(await ownerBalance(market, market.mint, seller.owner.publicKey)).toBe(THOUSAND_TOKENS - 300n);
        expect(await tokenBalance(market, vault)).toBe(before + 300n);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'StakeDeposited',
                data: {
                    participant: seller.address,
                    mint: market.mint.address,
                    amount: 50n,
                    stakeFreeBefore: 250n,
                    stakeFreeAfter: 300n,
                },
            },
        ]);
    });

    it('keeps the stakes of two participants apart in one vault', async () => {
        const vault = findStakeVaultAddress({ mint: market.mint.address });
        const before = await tokenBalance(market, vault);
        const other = await registerContentProvider(market, { stake: 7n });
        await deposit(5n);
        expect((await readParticipant(market, other)).stakeFree).toBe(7n);
        expect((await readParticipant(market, seller)).stakeFree).toBe(5n);
        expect(await tokenBalance(market, vault)).toBe(before + 12n);
    });

    it('refuses more than the owner has', async () => {
        await expectRefusal(deposit(THOUSAND_TOKENS + 1n), 'token', 'InsufficientFunds');
    });

    it('refuses a deposit into the stake of another', async () => {
        const other = await registerContentProvider(market);
        await expectRefusal(depositRaw(other.owner, market.mint, 1n), 'registry', 'NotOwner');
    });

    it('refuses a mint that is allowed but not the one of this stake', async () => {
        const mint = await createOtherAllowedMint(market);
        await mintTokens(market, { mint, owner: seller.owner.publicKey, amount: 5n });
        await expectRefusal(depositRaw(seller.owner, mint, 5n), 'registry', 'WrongStakeMint');
    });

    it('refuses a program that is no token program', async () => {
        const { address: mint, tokenProgram } = market.mint;
        const input = { owner: seller.owner.publicKey, stakeMint: mint, tokenProgram, amount: 1n };
        const instructions = await getDepositStakeInstructions(input);
        const swapped = swapAccount(instructions, tokenProgram, SystemProgram.programId);
        expect(await refusalOf(send(market, swapped, [seller.owner]))).toMatchObject({ name: 'InvalidProgramId' });
    });

    it('refuses nothing at all', async () => {
        await expectRefusal(depositRaw(seller.owner, market.mint, 0n), 'registry', 'AmountZero');
    });
});
