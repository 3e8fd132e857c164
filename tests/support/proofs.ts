import {
    buildSettlementTree,
    type CommitDeliveryInput,
    computeEpochBounds,
    computeSampleTarget,
    type DeliveryCommitment,
    encodeLeaf,
    encodeReceipt,
    encodeToken,
    fetchLeafChallenge,
    findLeafChallengeAddress,
    getAnswerChallengeEvidenceInstructions,
    getAnswerChallengeInclusionInstructions,
    getChallengeLeafInstructions,
    getCloseChallengeInstructions,
    getFailCommitmentInstructions,
    getProveEvidenceInstructions,
    getProveInclusionInstructions,
    getSeedCommitmentInstructions,
    hashReceipt,
    hashToken,
    type Leaf,
    type LeafChallenge,
    proveTarget,
    publicKeyOf,
    type Receipt,
    type SettlementTree,
    type SignedEvidence,
    sha256,
    sign,
    type Token,
    utf8,
    type WithAddress,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { testIssuer } from './contracts.js';
import { commitDelivery, type FundedTrade, readCommitment } from './deliveries.js';
import { type Sent, send } from './send.js';

/** One viewer's session: what the issuer and the client signed, and the leaf made of it. */
export interface TestSession {
    readonly leaf: Leaf;
    readonly evidence: SignedEvidence;
}

/** What a test makes different in one session. */
export interface SessionChange {
    readonly token?: Partial<Token>;
    readonly receipt?: Partial<Receipt>;
    readonly leaf?: Partial<Leaf>;
    /** Signs the token instead of the contract's issuer. */
    readonly issuer?: Keypair;
    /** Signs the receipt instead of the token's client. */
    readonly client?: Uint8Array;
}

/** A session of `bytes` from the trade's node in one epoch. */
export function testSession(
    { contract, node }: FundedTrade,
    { name, bytes, epoch = 0, kind = 0 }: { name: string; bytes: bigint; epoch?: number; kind?: number },
    change: SessionChange = {},
): TestSession {
    const clientSeed = sha256(utf8(`client ${name}`));
    const issuerSeed = (change.issuer ?? testIssuer).secretKey.subarray(0, 32);
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const token: Token = {
        contract: contract.address.toBytes(),
        clusterTag: contract.clusterTag,
        epoch,
        tokenId: sha256(utf8(`token ${name}`)).subarray(0, 16),
        node: node.address.toBytes(),
        clientPublicKey: publicKeyOf(clientSeed),
        maxBytes: bytes,
        notBeforeSecs: Number(beginsAt),
        notAfterSecs: Number(endsAt),
        clientGroup: 0,
        flags: kind === 2 ? 1 : 0,
        ...change.token,
    };
    const receipt: Receipt = {
        tokenHash: hashToken(token),
        seq: 1,
        objects: 3,
        bytes,
        lastMs: endsAt * 1000n - 1n,
        ttfbP95Ms: 50,
        stallCentisecs: 0,
        errors: 0,
        accumulator: sha256(utf8(`acc ${name}`)),
        ...change.receipt,
    };
    const client = change.client ?? clientSeed;
    const [tokenBytes, receiptBytes] = [encodeToken(token), encodeReceipt(receipt)];
    return {
        leaf: {
            tokenHash: hashToken(token),
            bytes: receipt.bytes,
            objects: receipt.objects,
            class: 0,
            receiptHash: hashReceipt(receipt),
            logRoot: sha256(utf8(`log ${name}`)),
            ...change.leaf,
        },
        evidence: {
            issuerKey: publicKeyOf(issuerSeed),
            token: tokenBytes,
            tokenSignature: sign(issuerSeed, tokenBytes),
            clientKey: publicKeyOf(client),
            receipt: receiptBytes,
            receiptSignature: sign(client, receiptBytes),
        },
    };
}

/** A commitment with all that is needed to prove it. */
export interface ProvableCommitment {
    readonly trade: FundedTrade;
    readonly commitment: WithAddress<DeliveryCommitment>;
    readonly tree: SettlementTree;
    readonly sessions: readonly TestSession[];
}

/** Commits sessions: three of 60, 30 and 10 MB unless told. */
export async function commitSessions(
    trade: FundedTrade,
    options: { sessions?: readonly TestSession[]; overrides?: Partial<CommitDeliveryInput> } = {},
): Promise<ProvableCommitment> {
    const { epoch = 0, kind = 0 } = options.overrides ?? {};
    const sessions =
        options.sessions ??
        [60_000_000n, 30_000_000n, 10_000_000n].map((bytes, place) =>
            testSession(trade, { name: `${epoch} ${kind} ${place}`, bytes, epoch, kind }),
        );
    const tree = buildSettlementTree(sessions.map(({ leaf }) => leaf));
    const { root, depth, leafCount, totalBytes } = tree;
    const commitment = await commitDelivery(trade, { root, depth, leafCount, totalBytes, ...options.overrides });
    return { trade, commitment, tree, sessions };
}

/** Moves to where the seed is known and draws the samples; returns the commitment as it stands then. */
export async function seedCommitment(provable: ProvableCommitment): Promise<ProvableCommitment> {
    const { trade, commitment } = provable;
    trade.market.cluster.advanceSlots(trade.contract.seedDelaySlots + 1);
    await send(trade.market, await getSeedCommitmentInstructions({ commitment: commitment.address }));
    return { ...provable, commitment: await readCommitment(trade, commitment) };
}

/** The session whose leaf covers a target. */
export function sessionAt({ tree, sessions }: ProvableCommitment, target: bigint): TestSession {
    const key = proveTarget(tree, target).leaf.subarray(0, 32);
    const found = sessions.find(({ leaf }) => leaf.tokenHash.every((byte, place) => byte === key[place]));
    if (!found) throw new Error(`no session covers ${target}`);
    return found;
}

export function sampleTarget({ commitment }: ProvableCommitment, index: number): bigint {
    return computeSampleTarget(commitment.seed, index, commitment.totalBytes);
}

export async function buildInclusion(provable: ProvableCommitment, index: number) {
    const proof = proveTarget(provable.tree, sampleTarget(provable, index));
    return getProveInclusionInstructions({ commitment: provable.commitment.address, index, proof });
}

export async function proveInclusion(provable: ProvableCommitment, index: number): Promise<Sent> {
    return send(provable.trade.market, await buildInclusion(provable, index));
}

export async function buildEvidence(provable: ProvableCommitment, index: number) {
    const { trade, commitment } = provable;
    const { leaf, evidence } = sessionAt(provable, sampleTarget(provable, index));
    return getProveEvidenceInstructions({
        contract: trade.contract,
        commitment: commitment.address,
        node: trade.node.address,
        index,
        leaf: encodeLeaf(leaf),
        evidence,
    });
}

export async function proveEvidence(provable: ProvableCommitment, index: number): Promise<Sent> {
    return send(provable.trade.market, await buildEvidence(provable, index));
}

/** Proves every sample. */
export async function proveAll(provable: ProvableCommitment): Promise<void> {
    for (let index = 0; index < provable.commitment.samples; index += 1) {
        await proveInclusion(provable, index);
        await proveEvidence(provable, index);
    }
}

/** Challenges a byte; the challenger needs SOL and the bond. */
export async function challengeLeaf(
    { trade, commitment }: ProvableCommitment,
    challenger: Keypair,
    target: bigint,
    isFree = false,
): Promise<WithAddress<LeafChallenge>> {
    const { market, contract } = trade;
    const fresh = await readCommitment(trade, commitment);
    const input = { challenger: challenger.publicKey, contract, commitment: fresh, target, isFree };
    await send(market, await getChallengeLeafInstructions(input), [challenger]);
    const { challengeCount: index } = fresh;
    return readChallenge(trade, findLeafChallengeAddress({ commitment: commitment.address, index }));
}

export async function readChallenge({ market }: FundedTrade, address: PublicKey): Promise<WithAddress<LeafChallenge>> {
    const challenge = await fetchLeafChallenge(market.connection, address);
    if (challenge === null) throw new Error(`no challenge at ${address.toBase58()}`);
    return challenge;
}

export async function answerInclusion(
    { trade, commitment, tree }: ProvableCommitment,
    challenge: WithAddress<LeafChallenge>,
): Promise<Sent> {
    const proof = proveTarget(tree, challenge.target);
    const input = { commitment: commitment.address, challenge: challenge.address, proof };
    return send(trade.market, await getAnswerChallengeInclusionInstructions(input));
}

export async function buildEvidenceAnswer(
    provable: ProvableCommitment,
    challenge: WithAddress<LeafChallenge>,
    answerer: Keypair,
) {
    const { trade, commitment } = provable;
    const { leaf, evidence } = sessionAt(provable, challenge.target);
    return getAnswerChallengeEvidenceInstructions({
        answerer: answerer.publicKey,
        challenge: challenge.address,
        contract: trade.contract,
        commitment: commitment.address,
        node: trade.node.address,
        leaf: encodeLeaf(leaf),
        evidence,
    });
}

export async function answerEvidence(
    provable: ProvableCommitment,
    challenge: WithAddress<LeafChallenge>,
    answerer: Keypair,
): Promise<Sent> {
    return send(provable.trade.market, await buildEvidenceAnswer(provable, challenge, answerer), [answerer]);
}

export async function failCommitment(
    { trade, commitment }: Pick<ProvableCommitment, 'trade' | 'commitment'>,
    challenge?: { address: PublicKey },
): Promise<Sent> {
    const { market, contract } = trade;
    const input = {
        contract,
        commitment: commitment.address,
        ...(challenge ? { challenge: challenge.address } : {}),
    };
    return send(market, await getFailCommitmentInstructions(input));
}

/** Pays a challenge out as it stands, cranked by nobody of the contract. */
export async function closeChallenge(trade: FundedTrade, challenge: { address: PublicKey }): Promise<Sent> {
    const { market, contract } = trade;
    const fresh = await readChallenge(trade, challenge.address);
    const input = { payer: market.deployer.publicKey, contract, challenge: fresh };
    return send(market, await getCloseChallengeInstructions(input));
}

/** Where the bytes of a leaf begin among all that a tree covers: a challenge of that byte is one of this leaf. */
export function firstByteOf(tree: SettlementTree, leaf: Leaf): bigint {
    let target = 0n;
    while (target < tree.totalBytes) {
        const key = tree.find(target);
        if (key.every((byte, place) => byte === leaf.tokenHash[place])) return target;
        target += tree.prove(key).leaf.bytes;
    }
    throw new Error('the leaf is not in the tree');
}
