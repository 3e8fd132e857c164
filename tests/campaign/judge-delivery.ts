import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
    buildSettlementTree,
    type Contract,
    decodeLeaf,
    decodeReceipt,
    decodeToken,
    findDeliveryCommitmentAddress,
    fromBase64,
    hashToken,
    type MarketplaceEvent,
    toHex,
    type WithAddress,
} from '@ocm/sdk';
import { type CommitmentManifest, commitmentManifest } from '@ocm/sdk/http';
import type { Past } from './read-history.js';
import type { SessionTally } from './session-tally.js';
import type { World } from './world.js';

export type DeliveryInput = {
    world: World;
    contract: WithAddress<Contract>;
    /** Of this contract. */
    tallies: readonly SessionTally[];
    past: Past;
};
export type DeliveryJudgement = { epochBytes: Map<number, bigint>; proved: number; residual: number };

/** Holds each epoch's commitment against what the viewers signed, and what nodes told them that they have. */
export async function judgeDelivery({ world, contract, tallies, past }: DeliveryInput): Promise<DeliveryJudgement> {
    const judgement: DeliveryJudgement = { epochBytes: new Map(), proved: 0, residual: 0 };
    for (const [epoch, events] of past.epochs) {
        const own = tallies.filter((tally) => tally.epoch === epoch);
        const complain = (what: string) =>
            world.history.violated(`epoch ${epoch} of contract ${contract.address.toBase58().slice(0, 8)}: ${what}`);
        const settled = judgeEvents(events, own, complain);
        if (settled === undefined) {
            judgement.residual += own.filter(({ signed }) => signed.length > 0).length;
            continue;
        }
        const manifest = await readManifest(world, contract, epoch);
        judgement.residual += judgeSessions(manifest, own, complain);
        const bytes = sumOf(manifest, own, complain);
        if (bytes !== settled.totalBytes)
            complain(`settled ${settled.totalBytes} bytes, and viewers signed ${bytes} of what is in it`);
        judgement.epochBytes.set(epoch, bytes);
        if (!events.some(({ name }) => name === 'DeliveryCosigned')) judgement.proved += 1;
    }
    return judgement;
}

type Complain = (what: string) => void;
type Settled = Extract<MarketplaceEvent, { name: 'DeliverySettled' }>['data'];

/** The one settlement of an epoch; undefined if there is rightly none. */
function judgeEvents(events: Past['contract'], own: readonly SessionTally[], complain: Complain): Settled | undefined {
    const committed = events.filter(({ name }) => name === 'DeliveryCommitted').length;
    const settled = events.flatMap((event) => (event.name === 'DeliverySettled' ? [event.data] : []));
    if (committed > 1) complain(`committed ${committed} times`);
    if (settled.length > 1) complain(`settled ${settled.length} times`);
    if (events.some(({ name }) => name === 'LeafChallenged')) complain('an honest operator was challenged');
    const held = own.filter(({ heldSeq }) => heldSeq > 0).length;
    if (settled.length === 0 && (held > 0 || committed > 0))
        complain(`lost: ${held} sessions with acknowledged receipts, committed ${committed} times, never settled`);
    return settled[0];
}

async function readManifest({ folder }: World, { address }: WithAddress<Contract>, epoch: number) {
    const commitment = findDeliveryCommitmentAddress({ contract: address, epoch, kind: 0 }).toBase58();
    const path = join(folder, 'committer', 'commitments', commitment, 'manifest.json');
    return commitmentManifest.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** Every acknowledged receipt is in, or a later one; every receipt that is in was signed by its viewer, and is in once. */
function judgeSessions(manifest: CommitmentManifest, own: readonly SessionTally[], complain: Complain): number {
    const found = new Map<string, number>();
    for (const { token } of manifest.sessions) {
        const hash = toHex(hashToken(fromBase64(token)));
        found.set(hash, (found.get(hash) ?? 0) + 1);
        if (found.get(hash) !== 1) complain(`session ${hash.slice(0, 8)} is in it ${found.get(hash)} times`);
    }
    let residual = 0;
    for (const tally of own) {
        const session = manifest.sessions.find(({ token }) => toHex(hashToken(fromBase64(token))) === tally.tokenHash);
        const name = `session ${tally.tokenHash.slice(0, 8)} of ${tally.viewer}`;
        const last = tally.signed.at(-1)?.seq ?? 0;
        const seq = session?.receipt ? decodeReceipt(fromBase64(session.receipt)).seq : 0;
        if (seq < tally.heldSeq)
            complain(`${name}: receipt ${tally.heldSeq} was acknowledged, receipt ${seq} is in it`);
        if (seq < last) residual += 1;
    }
    return residual;
}

/** What the viewers' own copies of the receipts in a manifest come to, each recomputed into the root that is on chain. */
function sumOf(manifest: CommitmentManifest, own: readonly SessionTally[], complain: Complain): bigint {
    let sum = 0n;
    const leaves = manifest.sessions.map(({ token, receipt, leaf }) => {
        const hash = toHex(hashToken(fromBase64(token)));
        const name = `session ${hash.slice(0, 8)} of epoch ${decodeToken(fromBase64(token)).epoch}`;
        const signed = own.find(({ tokenHash }) => tokenHash === hash)?.signed.find((each) => each.receipt === receipt);
        const decoded = decodeLeaf(fromBase64(leaf));
        if (signed === undefined) complain(`${name}: nobody signed the receipt that is in it`);
        else if (signed.bytes !== decoded.bytes) complain(`${name}: ${decoded.bytes} bytes for ${signed.bytes} signed`);
        sum += signed?.bytes ?? 0n;
        return decoded;
    });
    const { root } = buildSettlementTree(leaves, { depth: manifest.depth });
    if (toHex(root) !== manifest.root) complain('the root is not that of its sessions');
    return sum;
}
