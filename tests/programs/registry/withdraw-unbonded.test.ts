import {
    buildInstruction,
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    findTokenAccountAddress,
    getRequestUnbondInstructions,
    getWithdrawUnbondedInstructions,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createOtherAllowedMint,
    createTestMarket,
    expectRefusal,
    mintTokens,
    ownerBalance,
    readParticipant,
    registerContentProvider,
    registerSeller,
    send,
    TEST_PARAMS,
    type TestMarket,
    type TestParticipant,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    tokenBalance,
    travel,
} from '../../support/index.js';

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('withdraw_unbonded with %s', (name) => {
    const tokenProgram = TOKEN_PROGRAMS[name];
    let market: TestMarket;
    let seller: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket({ tokenProgram });
        seller = await registerSeller(market, { tokens: 0n, stake: 100n });
        const request = { owner: seller.owner.publicKey, amount: 30n };
        await send(market, await getRequestUnbondInstructions(request), [seller.owner]);
    });

    const withdraw = async (slot = 0) => {
        const owner = seller.owner.publicKey;
        const input = { owner, stakeMint: market.mint.address, tokenProgram, slot };
        return send(market, await getWithdrawUnbondedInstructions(input), [seller.owner]);
    };

    /** Past the SDK's own choices of accounts. */
    const withdrawRaw = (signer: Keypair, stakeMint: PublicKey, ownerTokenAccount?: PublicKey) => {
        const owner = signer.publicKey;
        const accounts = {
            owner,
            participant: seller.address,
            stakeMint,
            stakeAuthority: findStakeAuthorityAddress(),
            stakeVault: findStakeVaultAddress({ mint: stakeMint }),
            ownerTokenAccount: ownerTokenAccount ?? findTokenAccountAddress({ owner, mint: stakeMint, tokenProgram }),
            tokenProgram,
        };
        return send(market, [buildInstruction('registry', 'withdrawUnbonded', accounts, { slot: 0 })], [signer]);
    };

    it('pays out at the very second at which the period ends, once', async () => {
        travel(market, TEST_PARAMS.unbondSecs);
        const { events } = await withdraw();
        expect(await ownerBalance(market, market.mint, seller.owner.publicKey)).toBe(30n);
        expect(await tokenBalance(market, findStakeVaultAddress({ mint: market.mint.address }))).toBe(70n);
        expect((await readParticipant(market, seller)).unbonding).toEqual([]);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'StakeWithdrawn',
                data: { participant: seller.address, slot: 0, mint: market.mint.address, amount: 30n },
            },
        ]);
        await expectRefusal(withdraw(), 'registry', 'UnbondSlotEmpty');
    });

    it('refuses one second too early', async () => {
        travel(market, TEST_PARAMS.unbondSecs - 1);
        await expectRefusal(withdraw(), 'registry', 'UnbondNotReady');
    });

    it('refuses a place that holds nothing', async () => {
        await expectRefusal(withdraw(1), 'registry', 'UnbondSlotEmpty');
    });

    it('refuses a signer that does not own the stake', async () => {
        travel(market, TEST_PARAMS.unbondSecs);
        const other = await registerContentProvider(market);
        await expectRefusal(withdrawRaw(other.owner, market.mint.address), 'registry', 'NotOwner');
    });

    it('refuses the vault of another mint', async () => {
        travel(market, TEST_PARAMS.unbondSecs);
        const mint = await createOtherAllowedMint(market);
        await mintTokens(market, { mint, owner: seller.owner.publicKey, amount: 0n });
        await expectRefusal(withdrawRaw(seller.owner, mint.address), 'registry', 'WrongStakeMint');
    });

    it('pays into no account but one of the owner', async () => {
        travel(market, TEST_PARAMS.unbondSecs);
        const other = await registerContentProvider(market);
        const mint = market.mint.address;
        const foreign = findTokenAccountAddress({ owner: other.owner.publicKey, mint, tokenProgram });
        await expectRefusal(withdrawRaw(seller.owner, mint, foreign), 'registry', 'ConstraintTokenOwner');
    });
});
