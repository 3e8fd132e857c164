import { fetchConfig, getAllowMintInstructions } from '@ocm/sdk';
import {
    AccountState,
    createInitializeDefaultAccountStateInstruction,
    createInitializeInterestBearingMintInstruction,
    createInitializeMetadataPointerInstruction,
    createInitializeMintCloseAuthorityInstruction,
    createInitializeNonTransferableMintInstruction,
    createInitializePermanentDelegateInstruction,
    createInitializeTransferFeeConfigInstruction,
    createInitializeTransferHookInstruction,
    ExtensionType,
    TOKEN_2022_PROGRAM_ID,
} from '@solana/spl-token';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createMint,
    createTestMarket,
    expectRefusal,
    fundWallet,
    type MintExtension,
    send,
    type TestMarket,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    testKeypair,
} from '../../support/index.js';

const program = TOKEN_2022_PROGRAM_ID;
const someone = testKeypair('someone').publicKey;

describe('allow_mint', () => {
    let market: TestMarket;

    beforeEach(async () => {
        market = await createTestMarket();
    });

    const allow = async (mint: { address: typeof someone }, board = market.board) =>
        send(market, await getAllowMintInstructions({ board: board.publicKey, mint: mint.address }), [
            market.deployer,
            board,
        ]);

    it.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('allows a plain mint of %s', async (name) => {
        const tokenProgram = TOKEN_PROGRAMS[name];
        const mint = await createMint(market, { name: 'other', tokenProgram });
        const { events } = await allow(mint);
        expect((await fetchConfig(market.connection))?.mints).toEqual([market.mint.address, mint.address]);
        expect(events).toEqual([
            { program: 'registry', name: 'MintAllowed', data: { mint: mint.address, tokenProgram } },
        ]);
    });

    it('allows a mint that only points to its metadata', async () => {
        const extension: MintExtension = {
            type: ExtensionType.MetadataPointer,
            initialize: (mint) => createInitializeMetadataPointerInstruction(mint, someone, mint, program),
        };
        const mint = await createMint(market, { name: 'named', tokenProgram: program, extensions: [extension] });
        await allow(mint);
        expect((await fetchConfig(market.connection))?.mints).toContainEqual(mint.address);
    });

    const forbidden: Record<string, MintExtension> = {
        'that taxes transfers': {
            type: ExtensionType.TransferFeeConfig,
            initialize: (mint) =>
                createInitializeTransferFeeConfigInstruction(mint, someone, someone, 100, 5n, program),
        },
        'that asks a program before each transfer': {
            type: ExtensionType.TransferHook,
            initialize: (mint) => createInitializeTransferHookInstruction(mint, someone, someone, program),
        },
        'whose issuer can move all tokens': {
            type: ExtensionType.PermanentDelegate,
            initialize: (mint) => createInitializePermanentDelegateInstruction(mint, someone, program),
        },
        'that can be closed': {
            type: ExtensionType.MintCloseAuthority,
            initialize: (mint) => createInitializeMintCloseAuthorityInstruction(mint, someone, program),
        },
        'whose new accounts are frozen': {
            type: ExtensionType.DefaultAccountState,
            initialize: (mint) => createInitializeDefaultAccountStateInstruction(mint, AccountState.Frozen, program),
        },
        'whose tokens cannot be moved': {
            type: ExtensionType.NonTransferable,
            initialize: (mint) => createInitializeNonTransferableMintInstruction(mint, program),
        },
        'whose amounts show interest': {
            type: ExtensionType.InterestBearingConfig,
            initialize: (mint) => createInitializeInterestBearingMintInstruction(mint, someone, 5, program),
        },
    };
    it.each(Object.keys(forbidden))('refuses a mint %s', async (name) => {
        const extensions = [forbidden[name]!];
        const freezable = extensions[0]!.type === ExtensionType.DefaultAccountState;
        const mint = await createMint(market, { name: 'bad', tokenProgram: program, extensions, freezable });
        await expectRefusal(allow(mint), 'registry', 'MintExtensionForbidden');
    });

    it('refuses a signer that is not the board', async () => {
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const mint = await createMint(market, { name: 'other' });
        await expectRefusal(allow(mint, stranger), 'registry', 'NotBoard');
    });

    it('refuses a mint that is allowed already', async () => {
        await expectRefusal(allow(market.mint), 'registry', 'MintAlreadyAllowed');
    });

    it('refuses a fifth mint', async () => {
        for (const name of ['second', 'third', 'fourth']) await allow(await createMint(market, { name }));
        await expectRefusal(allow(await createMint(market, { name: 'fifth' })), 'registry', 'MintListFull');
    });
});
