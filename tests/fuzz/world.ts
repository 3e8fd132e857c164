import {
    getAdmitAuditorInstructions,
    getAllowMintInstructions,
    getClaimCapacityInstructions,
    getCreateStakeVaultInstructions,
    getDepositStakeInstructions,
    getInitializeConfigInstructions,
    getOpenPriceHistoryInstructions,
    getPostOfferInstructions,
    getRegisterNodeInstructions,
    getRegisterParticipantInstructions,
    getSetHotKeyInstructions,
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
import { BEGINS_AT, CLAIM_RATE, NODE_RATE, OFFERS, OFFERS_EXPIRE_AT } from './offers.js';
import { AUDITORS, BIDDERS, PARTIES, STRANGER } from './operations/common.js';

const LAMPORTS = 1_000_000_000_000_000n;
/** What each party holds at first, base units. */
export const WALLET_TOKENS = 1_000_000_000_000n;
/** Below it an auditor's word does not count. */
export const MIN_AUDITOR_STAKE = 1_000_000_000n;
/** One seller with plenty, one that can lose half of it. */
export const STAKE: Readonly<Record<string, bigint>> = {
    s0: 500_000_000n,
    s1: 3_000_000n,
    s2: 50_000_000n,
    s3: 50_000_000n,
    a0: MIN_AUDITOR_STAKE,
    a1: 2n * MIN_AUDITOR_STAKE,
    a2: MIN_AUDITOR_STAKE,
    a3: MIN_AUDITOR_STAKE,
};
export const HOT_KEYS_EXPIRE_AT = BEGINS_AT + 29 * 86_400;

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

async function partyInstructions(name: string): Promise<TransactionInstruction[]> {
    const [owner, stakeMint] = [key(`wallet:${name}`), key('mint:paid')];
    const kind = ({ s: 'seller', c: 'contentProvider', a: 'auditor' } as const)[name[0] as 's' | 'c' | 'a'];
    const address = key(`wallet:${name} hot`);
    const hotKey = {
        address,
        scopes: ['commit', 'cosign', 'prove', 'challenge'] as const,
        expiresAt: BigInt(HOT_KEYS_EXPIRE_AT),
    };
    const [stake, tokenProgram] = [STAKE[name], key('tokenProgram')];
    return [
        ...(await getRegisterParticipantInstructions({ owner, kind, stakeMint })),
        ...(await getSetHotKeyInstructions({ owner, hotKey })),
        ...(stake ? await getDepositStakeInstructions({ owner, stakeMint, amount: stake, tokenProgram }) : []),
    ];
}

async function capacityInstructions(name: string): Promise<TransactionInstruction[][]> {
    const owner = key(`wallet:${name}`);
    const claim = (index: number) =>
        getClaimCapacityInstructions({
            owner,
            node: key(`node:${name}`),
            index,
            footprint: { kind: 'ipv4cidr', value: '192.0.2.0/24' },
            direction: 'egress',
            deliveryMethods: ['unicast', 'multicast'],
            kilobitsPerSecond: CLAIM_RATE,
            priceFloorPerGigabyte: 1n,
            validFrom: BigInt(BEGINS_AT),
            validUntil: BigInt(OFFERS_EXPIRE_AT),
        });
    const node = getRegisterNodeInstructions({
        owner,
        index: 0,
        role: 'relay',
        endpoints: [{ ip: '192.0.2.7', port: 443 }],
        asn: 64_496,
        footprintRoot: new Uint8Array(32).fill(3),
        tlsSpki: new Uint8Array(32).fill(4),
        claimEgressKilobitsPerSecond: NODE_RATE,
        claimIngressKilobitsPerSecond: 0n,
    });
    return Promise.all([node, claim(0), claim(1)]);
}

async function offerInstructions(id: string): Promise<TransactionInstruction[]> {
    const terms = OFFERS.get(id)!;
    return getPostOfferInstructions({
        owner: key(`wallet:${terms.seller}`),
        index: terms.index,
        claims: [key(`claim:${id}`)],
        deliveryMethods: ['unicast', 'multicast'],
        pricePerGigabyte: [...terms.prices],
        commitFeePerEpoch: terms.commitFee,
        minKilobitsPerSecond: terms.minRate,
        maxKilobitsPerSecond: terms.maxRate,
        totalKilobitsPerSecond: terms.totalRate,
        minEpochs: terms.minEpochs,
        epochLengthSecs: terms.epochSecs,
        sla: { ...terms.sla, tiers: [...terms.sla.tiers] },
        splits: terms.splits.map(({ payee, basisPoints }) => ({ payee: key(`wallet:${payee}`), basisPoints })),
        expiresAt: BigInt(OFFERS_EXPIRE_AT),
    });
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
