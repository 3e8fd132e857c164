import { at } from './addresses.js';
import { CHALLENGE, COMMITMENT, CONTRACT, REPORT } from './contract-fields.js';
import type { Expected, Field } from './fields.js';
import type { Machine } from './machine.js';
import type { Model } from './model/state.js';
import { BID, BOUNTY, CLAIM, CONFIG, LOT, NODE, OFFER, PARTICIPANT, POOL, STATUS, TOKENS } from './side-fields.js';

/** What the model says of an account. */
interface Expectation {
    readonly thing: unknown;
    readonly fields: readonly Field<never>[];
    /** Whether the account may be missing: a token account that nobody has needed yet. */
    readonly mayMiss?: boolean;
}

const expect = <Thing>(thing: Thing | undefined, fields: readonly Field<Thing>[]): Expectation | null =>
    thing === undefined ? null : { thing, fields: fields as readonly Field<never>[] };

function statusOf(pools: Model['pools'], id: string) {
    const [creator, pool, index] = id.split(':');
    return pools.get(`${creator}:${pool}`)?.statuses.get(Number(index));
}

/** By the first word of an account's name; null means that it must not be there. */
const KINDS: Readonly<Record<string, (model: Model, id: string) => Expectation | null>> = {
    contract: ({ contracts }, id) => expect(contracts.get(id), CONTRACT),
    vault: ({ contracts }, id) => expect(contracts.get(id)?.vault, TOKENS),
    commitment: ({ commitments }, id) => expect(commitments.get(id), COMMITMENT),
    challenge: ({ challenges }, id) => expect(challenges.get(id), CHALLENGE),
    report: ({ reports }, id) => expect(reports.get(id), REPORT),
    pool: ({ pools }, id) => expect(pools.get(id), POOL),
    poolVault: ({ pools }, id) => expect(pools.get(id)?.vault, TOKENS),
    status: ({ pools }, id) => expect(statusOf(pools, id), STATUS),
    lot: ({ lots }, id) => expect(lots.get(id), LOT),
    lotVault: ({ lots }, id) => expect(lots.get(id)?.vault, TOKENS),
    bid: ({ bids }, id) => expect(bids.get(id), BID),
    bounty: ({ bounties }, id) => expect(bounties.get(id), BOUNTY),
    bountyVault: ({ bounties }, id) => expect(bounties.get(id)?.vault, TOKENS),
    participant: ({ participants }, id) => expect(participants.get(id), PARTICIPANT),
    offer: ({ offered }, id) => expect(offered.get(id), OFFER),
    claim: ({ bound }, id) => expect(bound.get(id), CLAIM),
    node: ({ bound }, id) => expect(bound.get(id), NODE),
    config: (model) => expect(model.config, CONFIG),
    stakeVault: ({ stakeVault }) => expect(stakeVault, TOKENS),
    tokens: ({ wallets }, id) => ({
        ...expect(wallets.get(id) ?? 0n, TOKENS)!,
        mayMiss: (wallets.get(id) ?? 0n) === 0n,
    }),
};

/** Every account that the model knows of. */
export function* modelNames(model: Model): Generator<string> {
    for (const id of model.contracts.keys()) yield* [`contract:${id}`, `vault:${id}`];
    for (const id of model.commitments.keys()) yield `commitment:${id}`;
    for (const id of model.challenges.keys()) yield `challenge:${id}`;
    for (const id of model.reports.keys()) yield `report:${id}`;
    for (const { id, statuses } of model.pools.values()) {
        yield* [`pool:${id}`, `poolVault:${id}`];
        for (const index of statuses.keys()) yield `status:${id}:${index}`;
    }
    for (const id of model.lots.keys()) yield* [`lot:${id}`, `lotVault:${id}`];
    for (const id of model.bids.keys()) yield `bid:${id}`;
    for (const id of model.bounties.keys()) yield* [`bounty:${id}`, `bountyVault:${id}`];
    for (const id of model.participants.keys()) yield `participant:${id}`;
    for (const id of model.wallets.keys()) yield `tokens:${id}`;
    for (const id of model.offered.keys()) yield `offer:${id}`;
    for (const id of model.bound.keys()) yield id.includes(':') ? `claim:${id}` : `node:${id}`;
    yield 'config';
    yield 'stakeVault';
}

function read(view: DataView, { offset, width }: Field<never>): Expected {
    switch (width) {
        case 'u8':
            return view.getUint8(offset);
        case 'u16':
            return view.getUint16(offset, true);
        case 'u32':
            return view.getUint32(offset, true);
        case 'u64':
            return view.getBigUint64(offset, true);
        case 'i64':
            return view.getBigInt64(offset, true);
    }
}

function differs(machine: Machine, model: Model, name: string): string | null {
    const colon = name.indexOf(':');
    const id = colon < 0 ? '' : name.slice(colon + 1);
    const kind = KINDS[colon < 0 ? name : name.slice(0, colon)];
    // Of another mint: no rule of the marketplace moves it.
    if (!kind || (name.startsWith('tokens:') && id.includes(':'))) return null;
    const expected = kind(model, id);
    const data = machine.data(at(name));
    if (expected === null) return data === null ? null : `${name} is there, the model knows of none`;
    if (data === null) return expected.mayMiss ? null : `${name} is not there`;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (const field of expected.fields) {
        const [found, wanted] = [read(view, field), field.expect(expected.thing as never)];
        if (found !== wanted) return `${name} ${field.name} is ${found}, the model says ${wanted}`;
    }
    return null;
}

/** The first difference between the chain and the model in the accounts of these names; null when there is none. */
export function findDifference(machine: Machine, model: Model, names: Iterable<string> = modelNames(model)) {
    for (const name of names) {
        const found = differs(machine, model, name);
        if (found) return found;
    }
    return null;
}
