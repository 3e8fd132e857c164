import {
    findStakeAuthorityAddress,
    findStakeVaultAddress,
    getAllowMintInstructions,
    getCreateStakeVaultInstructions,
} from '@ocm/sdk';
import { getAccount } from '@solana/spl-token';
import { describe, expect, it } from 'vitest';
import {
    createMint,
    createTestMarket,
    expectRefusal,
    send,
    TOKEN_PROGRAMS,
    type TokenProgramName,
} from '../../support/index.js';

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('create_stake_vault with %s', (name) => {
    const tokenProgram = TOKEN_PROGRAMS[name];

    it('creates a token account that only the registry can empty', async () => {
        const market = await createTestMarket();
        const mint = await createMint(market, { name: 'other', tokenProgram });
        const allow = await getAllowMintInstructions({ board: market.board.publicKey, mint: mint.address });
        await send(market, allow, [market.deployer, market.board]);
        const input = { payer: market.deployer.publicKey, mint: mint.address, tokenProgram };
        const { events } = await send(market, await getCreateStakeVaultInstructions(input));

        const stakeVault = findStakeVaultAddress({ mint: mint.address });
        const vault = await getAccount(market.connection, stakeVault, 'confirmed', tokenProgram);
        expect(vault.owner).toEqual(findStakeAuthorityAddress());
        expect(vault.mint).toEqual(mint.address);
        expect([vault.amount, vault.delegate, vault.closeAuthority]).toEqual([0n, null, null]);
        expect(events).toEqual([
            { program: 'registry', name: 'StakeVaultCreated', data: { mint: mint.address, stakeVault } },
        ]);
    });

    it('refuses a mint that is not allowed', async () => {
        const market = await createTestMarket();
        const mint = await createMint(market, { name: 'other', tokenProgram });
        const input = { payer: market.deployer.publicKey, mint: mint.address, tokenProgram };
        const instructions = await getCreateStakeVaultInstructions(input);
        await expectRefusal(send(market, instructions), 'registry', 'MintNotAllowed');
    });

    it('happens once per mint', async () => {
        const market = await createTestMarket({ tokenProgram });
        const input = { payer: market.deployer.publicKey, mint: market.mint.address, tokenProgram };
        const instructions = await getCreateStakeVaultInstructions(input);
        await expectRefusal(send(market, instructions), 'system', 'AccountAlreadyInUse');
    });
});
