import {
    fetchNode,
    fetchParticipant,
    findNodeAddress,
    findParticipantAddress,
    getAdmitAuditorInstructions,
    getDepositStakeInstructions,
    getRegisterNodeInstructions,
    getRegisterParticipantInstructions,
    getSetHotKeyInstructions,
    HOT_SCOPES,
    type Node,
    type NodeRole,
    type Participant,
    type RegisterNodeInput,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { fundWallet, nowSecs, testKeypair } from './cluster.js';
import type { TestMarket } from './market.js';
import { send } from './send.js';
import { mintTokens } from './tokens.js';

/** 1 000 tokens of six decimals. */
export const THOUSAND_TOKENS = 1_000_000_000n;

export interface TestParticipant {
    /** Participant account. */
    readonly address: PublicKey;
    /** Cold key with SOL and tokens. */
    readonly owner: Keypair;
    /** Hot key with every permission and SOL. */
    readonly hot: Keypair;
}

interface RegisterOptions {
    readonly name: string;
    readonly kind: 'seller' | 'contentProvider' | 'auditor';
    /** Base units in the owner's wallet after registration and stake; 1 000 tokens unless told. */
    readonly tokens?: bigint;
    /** Base units of stake; none unless told. */
    readonly stake?: bigint;
}

/** Registers a participant with SOL, tokens, a hot key and, where told, stake. */
export async function registerParticipant(market: TestMarket, options: RegisterOptions): Promise<TestParticipant> {
    const { name, kind, tokens = THOUSAND_TOKENS, stake = 0n } = options;
    const owner = testKeypair(name);
    const hot = testKeypair(`${name} hot`);
    await fundWallet(market, owner);
    await fundWallet(market, hot);
    await mintTokens(market, { mint: market.mint, owner: owner.publicKey, amount: tokens + stake });
    const { address: stakeMint, tokenProgram } = market.mint;
    const instructions = [
        ...(await getRegisterParticipantInstructions({ owner: owner.publicKey, kind, stakeMint })),
        ...(await getSetHotKeyInstructions({
            owner: owner.publicKey,
            hotKey: {
                address: hot.publicKey,
                scopes: Object.keys(HOT_SCOPES) as (keyof typeof HOT_SCOPES)[],
                expiresAt: nowSecs(market) + 29n * 86_400n,
            },
        })),
    ];
    if (stake > 0n) {
        const deposit = { owner: owner.publicKey, stakeMint, tokenProgram, amount: stake };
        instructions.push(...(await getDepositStakeInstructions(deposit)));
    }
    await send(market, instructions, [owner]);
    return { address: findParticipantAddress({ owner: owner.publicKey }), owner, hot };
}

/** A seller with 1 000 tokens of stake. */
export function registerSeller(market: TestMarket, options: Partial<RegisterOptions> = {}): Promise<TestParticipant> {
    return registerParticipant(market, { name: 'seller', kind: 'seller', stake: THOUSAND_TOKENS, ...options });
}

/** A content provider with 1 000 tokens and no stake. */
export function registerContentProvider(
    market: TestMarket,
    options: Partial<RegisterOptions> = {},
): Promise<TestParticipant> {
    return registerParticipant(market, { name: 'content provider', kind: 'contentProvider', ...options });
}

/** An auditor that the board has admitted, with 1 000 tokens of stake. */
export async function registerAuditor(market: TestMarket, name = 'auditor'): Promise<TestParticipant> {
    const auditor = await registerParticipant(market, { name, kind: 'auditor', stake: THOUSAND_TOKENS });
    const input = { board: market.board.publicKey, participant: auditor.address };
    await send(market, await getAdmitAuditorInstructions(input), [market.deployer, market.board]);
    return auditor;
}

/** The participant's account as it stands. */
export async function readParticipant(
    market: TestMarket,
    { address }: { address: PublicKey },
): Promise<WithAddress<Participant>> {
    const participant = await fetchParticipant(market.connection, address);
    if (participant === null) throw new Error(`no participant at ${address.toBase58()}`);
    return participant;
}

/** What `getRegisterNodeInstructions` gets unless a test says otherwise: a RELAY of 1 Gbit/s. */
export function nodeInput(owner: PublicKey, overrides: Partial<RegisterNodeInput> = {}): RegisterNodeInput {
    return {
        owner,
        index: 0,
        role: 'relay',
        endpoints: [{ ip: '192.0.2.7', port: 443 }],
        asn: 64_496,
        footprintRoot: new Uint8Array(32).fill(3),
        tlsSpki: new Uint8Array(32).fill(4),
        claimEgressKilobitsPerSecond: 1_000_000n,
        claimIngressKilobitsPerSecond: 100_000n,
        ...overrides,
    };
}

/** Registers the seller's next node. */
export async function registerNode(
    market: TestMarket,
    seller: TestParticipant,
    overrides: Partial<RegisterNodeInput> & { role?: NodeRole } = {},
): Promise<WithAddress<Node>> {
    const index = overrides.index ?? (await readParticipant(market, seller)).nodeCount;
    const input = nodeInput(seller.owner.publicKey, { ...overrides, index });
    await send(market, await getRegisterNodeInstructions(input), [seller.owner]);
    const node = await fetchNode(market.connection, findNodeAddress({ participant: seller.address, index }));
    if (node === null) throw new Error('the node was not registered');
    return node;
}
