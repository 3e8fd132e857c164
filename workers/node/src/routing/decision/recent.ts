import type { DecisionRecord } from '@ocm/sdk/http';
import type { NodeHealth } from '../../ports.js';
import { AddressBits } from '../address.js';
import { maskedNetwork } from '../address-text.js';
import type { Rule } from '../rules/rule.js';
import type { Decision } from './decision.js';
import type { Scoring } from './judge.js';
import type { Considered } from './picker.js';

const KEPT = 256;
const MAX_TIMES = 128;

interface Kept {
    decision: Decision;
    /** The client's network and nothing more of its address. */
    network: AddressBits;
    tableVersion: number;
    healthSnapshot: number;
}

/** The last decisions of a router, in memory only. Rules and observations never change, so they are kept as they are. */
export class RecentDecisions {
    readonly #scoring: Scoring;
    readonly #ring: (Kept | undefined)[] = new Array(KEPT).fill(undefined);
    #next = 0;

    constructor(scoring: Scoring) {
        this.#scoring = scoring;
    }

    /** @param bits the client's address; what is kept of it is masked here */
    add(decision: Decision, bits: AddressBits, tableVersion: number, healthSnapshot: number): void {
        const at = this.#next % KEPT;
        const kept = this.#ring[at];
        const network = kept?.network ?? new AddressBits();
        network.family = bits.family;
        network.words[0] = bits.family === 4 ? bits.words[0]! & 0xffffff00 : bits.words[0]!;
        network.words[1] = bits.family === 4 ? 0 : bits.words[1]! & 0xffff0000;
        this.#ring[at] = { decision, network, tableVersion, healthSnapshot };
        this.#next += 1;
    }

    /** Oldest first. */
    export(): DecisionRecord[] {
        const start = this.#next % KEPT;
        const ordered = [...this.#ring.slice(start), ...this.#ring.slice(0, start)];
        return ordered.flatMap((kept) => (kept === undefined ? [] : [this.#toRecord(kept)]));
    }

    #toRecord({ decision, network, tableVersion, healthSnapshot }: Kept): DecisionRecord {
        return {
            atMs: decision.nowMs,
            tableVersion,
            healthSnapshot,
            viewer: {
                network: maskedNetwork(network),
                bucket: decision.bucket,
                isShared: decision.isShared,
                device: decision.device,
            },
            scoring: this.#scoring,
            beacons: decision.beacons.map(({ ref, via, healthy, lacksHttps }) => ({
                node: ref.node,
                via,
                healthy: healthy && !lacksHttps,
            })),
            steps: decision.steps.map(toStep),
            decision: decision.kind,
            node: decision.node,
            claim: decision.picked?.rule.claim.address ?? null,
        };
    }
}

const toStep = ({ tier, prefixLength, rules, healths }: Considered): DecisionRecord['steps'][number] => ({
    tier,
    prefixLength,
    candidates: rules.flatMap((rule, i) => {
        const health = healths[i];
        return health === undefined ? [] : [toCandidate(rule, health)];
    }),
});

function withoutUrl({
    publicUrl: _,
    ...health
}: NodeHealth): DecisionRecord['steps'][number]['candidates'][number]['health'] {
    return health;
}

function toCandidate(
    { claim, node, sold, claimedKilobitsPerSecond, pricePerGigabyte }: Rule,
    health: Considered['healths'][number],
): DecisionRecord['steps'][number]['candidates'][number] {
    return {
        claim: claim.address,
        node: node.address,
        seed: node.seed,
        isClaimActive: claim.isActive,
        validFromMs: claim.validFromSecs * 1000,
        validUntilMs: claim.validUntilSecs * 1000,
        isInService: node.isActive && node.url !== '',
        soldMs: sold.slice(0, MAX_TIMES),
        claimedKilobitsPerSecond,
        verifiedKilobitsPerSecond: node.verifiedKilobitsPerSecond,
        verifiedUntilMs: node.verifiedUntilMs,
        pricePerGigabyte,
        health: withoutUrl(health),
    };
}
