import { publicKeyOf } from '@ocm/sdk';
import { signNatively } from '../../support/sign.js';
import { seedOf } from '../addresses.js';
import { Pack } from '../pack.js';
import { FLAWS, type Flaw } from './flaws.js';
import { PARAMS } from './rules.js';
import { buildTree, type Entry, sha256, type Tree } from './tree.js';

/** A committed tree by what it is made of. */
export interface TreeSpec {
    readonly contract: string;
    readonly epoch: number;
    readonly kind: number;
    readonly bytes: bigint;
    readonly sessions: number;
    readonly flaw: Flaw;
    /** Of the epoch. */
    readonly endsAt: number;
    readonly epochSecs: number;
    readonly issuer: string;
}

export interface Session extends Entry {
    readonly leaf: Uint8Array;
    /** Whether its evidence is what the protocol asks for. */
    readonly isGood: boolean;
    /** What the Ed25519 program is to verify, signed when first asked for. */
    evidence(): Evidence;
}

export interface Evidence {
    readonly keys: readonly [Uint8Array, Uint8Array];
    readonly messages: readonly [Uint8Array, Uint8Array];
    readonly signatures: readonly [Uint8Array, Uint8Array];
}

export interface BuiltTree extends Tree {
    readonly sessions: readonly Session[];
}

const domain = (name: string) => Buffer.concat([Buffer.from(name)], 16);
const CLIENTS = [0, 1, 2].map((place) => seedOf(`client ${place}`));
const keys = new Map<Uint8Array, Uint8Array>();
function keyOf(seed: Uint8Array): Uint8Array {
    const known = keys.get(seed) ?? publicKeyOf(seed);
    keys.set(seed, known);
    return known;
}

/** TOKEN of protocol 6.4. */
function tokenOf(spec: TreeSpec, place: number, bytes: bigint, flaw: Flaw): Uint8Array {
    const seller = spec.contract.split(':')[1]!;
    const is = (name: Flaw) => flaw === name;
    const late = is('edge') ? PARAMS.tokenGraceSecs : is('endsLate') ? PARAMS.tokenGraceSecs + 1 : 0;
    const notAfter = spec.endsAt + late;
    const longest = spec.epochSecs + PARAMS.tokenGraceSecs;
    const length = is('noTime') ? 0 : is('longest') ? longest : is('lastsLong') ? longest + 1 : spec.epochSecs;
    const limit = is('edge') || is('tokenTooLarge') ? PARAMS.maxTokenBytes : bytes;
    const isMulticast = (spec.kind === 2) !== is('otherKind');
    return new Pack()
        .raw(domain('OCM/token/v1'))
        .address(is('otherContract') ? 'contract:c0:s0:999' : `contract:${spec.contract}`)
        .u32(is('otherCluster') ? 8 : 7)
        .u32(spec.epoch + (is('otherEpoch') ? 1 : 0))
        .raw(sha256(Buffer.from(`${spec.contract} ${spec.epoch} ${spec.kind} ${place}`)).subarray(0, 16))
        .address(`node:${is('otherNode') ? (seller === 's0' ? 's1' : 's0') : seller}`)
        .raw(keyOf(CLIENTS[place % 3]!))
        .u64(limit + (is('tokenTooLarge') ? 1n : is('aboveToken') ? -1n : 0n))
        .u32(notAfter - length)
        .u32(notAfter)
        .u32(0)
        .u16(isMulticast ? 1 : 0)
        .u16(0)
        .done();
}

/** RECEIPT of protocol 6.4; times are of the token's. */
function receiptOf(spec: TreeSpec, token: Uint8Array, bytes: bigint, flaw: Flaw): Uint8Array {
    const view = new DataView(token.buffer, token.byteOffset);
    const earliest = (view.getUint32(144, true) - 60) * 1_000;
    const latest = (view.getUint32(148, true) + 600) * 1_000;
    const lastMs = { edge: latest, longest: earliest, receiptEarly: earliest - 1, receiptLate: latest + 1 }[
        flaw as string
    ];
    return new Pack()
        .raw(domain('OCM/rcpt/v1'))
        .raw(flaw === 'otherToken' ? new Uint8Array(32) : sha256(token))
        .u32(1)
        .u32(3)
        .u64(bytes - (flaw === 'otherBytes' ? 1n : 0n))
        .u64(BigInt(lastMs ?? spec.endsAt * 1_000 - 1))
        .u16(50)
        .u16(0)
        .u32(0)
        .raw(new Uint8Array(32))
        .done();
}

function sessionOf(spec: TreeSpec, place: number, bytes: bigint): Session {
    const flaw = place === 0 ? spec.flaw : 'none';
    const token = tokenOf(spec, place, bytes, flaw);
    const receipt = receiptOf(spec, token, bytes, flaw);
    const key = sha256(token);
    const receiptHash = flaw === 'otherReceipt' ? new Uint8Array(32) : sha256(receipt);
    const counts = new Pack()
        .u64(bytes)
        .u32(flaw === 'otherObjects' ? 4 : 3)
        .u32(0)
        .done();
    const leaf = new Pack().raw(key).raw(counts).raw(receiptHash).raw(new Uint8Array(32)).done();
    const signers = [
        seedOf(flaw === 'notIssuer' ? 'nobody' : spec.issuer),
        flaw === 'notClient' ? seedOf('nobody') : CLIENTS[place % 3]!,
    ] as const;
    let signed: Evidence | undefined;
    const evidence = () => {
        if (signed !== undefined) return signed;
        const [issuer, client] = [keyOf(signers[0]), keyOf(signers[1])];
        signed = {
            keys: [issuer, client],
            messages: [token, receipt],
            signatures: [signNatively(signers[0], issuer, token), signNatively(signers[1], client, receipt)],
        };
        return signed;
    };
    const isGood = !FLAWS.some((name) => name === flaw);
    return { key, leafHash: sha256(Uint8Array.of(0), leaf), bytes, leaf, isGood, evidence };
}

const built = new Map<string, BuiltTree>();

/** The tree of a specification, made once. Sessions are of one size, the first with the rest. */
export function treeOf(spec: TreeSpec): BuiltTree {
    const id = Object.values(spec).join(' ');
    const known = built.get(id);
    if (known) return known;
    const others = BigInt(spec.sessions - 1);
    const part = spec.bytes / BigInt(spec.sessions);
    const first = spec.bytes - others * part;
    const sessions = Array.from({ length: spec.sessions }, (_, place) => sessionOf(spec, place, place ? part : first));
    const depth = Math.max(1, Math.ceil(Math.log2(spec.sessions)) + 1);
    const tree = { ...buildTree(sessions, depth), sessions };
    if (built.size > 2_000) built.clear();
    built.set(id, tree);
    return tree;
}
