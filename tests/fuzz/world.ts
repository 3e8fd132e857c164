import {
    getAdmitAuditorInstructions,
    getAllowMintInstructions,
    getCreateStakeVaultInstructions,
    getInitializeConfigInstructions,
    getOpenPriceHistoryInstructions,
} from '@ocm/sdk';
import {
    createAssociatedTokenAccountInstruction,
    createInitializeMint2Instruction,
    createMintToInstruction,
    MINT_SIZE,
} from '@solana/spl-token';
import { PublicKey, SystemProgram, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { at, LOT_FOOTPRINT, selectTokenProgram, type TokenProgram } from './addresses.js';
import { Machine } from './machine.js';
import { FEE_BASIS_POINTS, PARAMS } from './model/rules.js';
import { BEGINS_AT, OFFERS } from './offers.js';
import { AUDITORS, BIDDERS, PARTIES, STRANGER } from './operations/common.js';
import { capacityInstructions, offerInstructions, partyInstructions, WALLET_TOKENS } from './parties.js';

const LAMPORTS = 1_000_000_000_000_000n;
const key = (name: string) => at(name).key;

function send(machine: Machine, instructions: readonly TransactionInstruction[]): void {
    const transaction = new Transaction({
        feePayer: key('wallet:fees'),
        recentBlockhash: PublicKey.default.toBase58(),
    });
    const wire = transaction.add(...instructions).serialize({ requireAllSignatures: false, verifySignatures: false });
    const refusal = machine.send(wire);
    if (refusal !== null) throw new Error(`the world cannot be made: ${refusal}`);
}

function mintInstructions(name: string): TransactionInstruction[] {
    const [mint, authority] = [key(`mint:${name}`), key('wallet:mint authority')];
    const space = MINT_SIZE;
    return [
        SystemProgram.createAccount({
            fromPubkey: key('wallet:fees'),
            newAccountPubkey: mint,
            space,
            lamports: 10_000_000,
            programId: key('tokenProgram'),
        }),
        createInitializeMint2Instruction(mint, 6, authority, null, key('tokenProgram')),
    ];
}

function tokenInstructions(name: string, mint = 'paid'): TransactionInstruction[] {
    const [account, owner] = [key(`tokens:${name}:${mint}`), key(`wallet:${name}`)];
    const address = key(`mint:${mint}`);
    return [
        createAssociatedTokenAccountInstruction(key('wallet:fees'), account, owner, address, key('tokenProgram')),
        createMintToInstruction(address, account, key('wallet:mint authority'), WALLET_TOKENS, [], key('tokenProgram')),
    ];
}

/**
 * A marketplace with four sellers, two content providers, four auditors, four offers and no contract, as every episode
 * finds it, with a mint of one of the token programs.
 */
export async function createWorld(programsDir: string, tokens: TokenProgram): Promise<Machine> {
    selectTokenProgram(tokens);
    const machine = new Machine(programsDir, at('wallet:deployer'), tokens);
    machine.setTime(BEGINS_AT, 1_000);
    const hot = PARTIES.flatMap((name) => [`${name} hot`, `${name} spare`]);
    for (const name of ['board', 'guardian', 'fees', 'payer', 'deployer', STRANGER, ...PARTIES, ...hot]) {
        machine.fund(at(`wallet:${name}`), LAMPORTS);
    }
    const people = { board: 'board', guardian: 'guardian', treasury: 'treasury' } as const;
    const config = await getInitializeConfigInstructions({
        upgradeAuthority: key('wallet:deployer'),
        board: key(`wallet:${people.board}`),
        guardian: key(`wallet:${people.guardian}`),
        treasury: key(`wallet:${people.treasury}`),
        clusterTag: 7,
        development: true,
        feeBasisPoints: Number(FEE_BASIS_POINTS),
        params: PARAMS,
    });
    send(machine, config);
    send(machine, [...mintInstructions('paid'), ...mintInstructions('other')]);
    const [board, mint, payer] = [key('wallet:board'), key('mint:paid'), key('wallet:payer')];
    send(machine, await getAllowMintInstructions({ board, mint }));
    send(machine, await getCreateStakeVaultInstructions({ payer, mint, tokenProgram: key('tokenProgram') }));
    for (const name of [...PARTIES, STRANGER]) send(machine, tokenInstructions(name));
    send(machine, tokenInstructions(STRANGER, 'other'));
    for (const name of PARTIES) send(machine, await partyInstructions(name));
    for (const name of AUDITORS) {
        const participant = key(`participant:${name}`);
        send(machine, await getAdmitAuditorInstructions({ board, participant }));
    }
    for (const name of BIDDERS) {
        for (const instructions of await capacityInstructions(name)) send(machine, instructions);
    }
    const market = { payer, mint, footprint: LOT_FOOTPRINT, deliveryMethods: ['unicast', 'multicast'] as const };
    send(machine, await getOpenPriceHistoryInstructions(market));
    for (const id of OFFERS.keys()) send(machine, await offerInstructions(id));
    return machine;
}
