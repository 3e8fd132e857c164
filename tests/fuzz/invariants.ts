import { SUPPLY } from './model/begin.js';
import { isAnswerable, isOpen, isOver, isRunning, spare, spokenFor, totalStake } from './model/rules.js';
import { settle } from './model/settle.js';
import type { Commitment, Contract, Model } from './model/state.js';
import { CLAIM_RATE, NODE_RATE } from './offers.js';
import { settleRefusal } from './operations/commitment-end.js';
import { idOf } from './operations/common.js';

const sum = (values: Iterable<bigint>) => {
    let total = 0n;
    for (const value of values) total += value;
    return total;
};

function brokenMoney(model: Model): string | null {
    const vaults = sum([...model.contracts.values()].map(({ vault }) => vault));
    const escrows = [...model.pools.values(), ...model.lots.values(), ...model.bounties.values()];
    const held = sum(escrows.map(({ vault }) => vault));
    if (sum(model.wallets.values()) + vaults + held + model.stakeVault !== SUPPLY) return 'INV-1: tokens came or went';
    const stake = sum([...model.participants.values()].map(totalStake));
    return model.stakeVault === stake + model.strayStake ? null : 'INV-1: the stake vault is not the sum of stakes';
}

function brokenContract(model: Model, contract: Contract): string | null {
    const { id, vault, openGross, paid, penalty, gross, topUp, bondTotal, bondFree, open } = contract;
    const own = [...model.commitments.values()].filter(({ contract: of }) => of === id);
    const live = own.filter((one) => isOpen(one) || one.state === 'CosignedFinal');
    if (openGross !== sum(live.map((one) => one.gross))) return `INV-3: open gross of ${id}`;
    if (open !== live.length) return `INV-3: open commitments of ${id}`;
    if (vault < spokenFor(contract) + openGross) return `INV-3: the vault of ${id} does not cover its debts`;
    if (paid + penalty !== sum(gross) + topUp) return `INV-3: totals of ${id}`;
    if (bondTotal !== bondFree + sum(live.map((one) => one.lock))) return `INV-6: the bond of ${id}`;
    const challenges = [...model.challenges.values()].filter(({ commitment }) => commitment.startsWith(`${id}:`));
    if (contract.held !== sum(challenges.map(({ payout }) => payout))) return `INV-3: held money of ${id}`;
    for (const one of own) {
        const waiting = challenges.filter(
            ({ commitment, state }) => commitment === idOf(one) && isAnswerable({ state }),
        );
        if (one.openChallenges !== waiting.length) return `INV-3: open challenges of ${idOf(one)}`;
    }
    const least = [vault, bondFree, openGross, ...contract.owed].reduce(
        (low, value) => (value < low ? value : low),
        0n,
    );
    return least < 0n ? `${id} has less than nothing` : null;
}

function brokenStake(model: Model): string | null {
    for (const [name, { locked, free }] of model.participants) {
        const bound = [...model.contracts.values()].filter(({ seller }) => seller === name);
        const pledged = sum(bound.map(({ bondTotal, slashPending }) => bondTotal + slashPending));
        if (locked !== pledged || free < 0n) return `INV-6: the locked stake of ${name}`;
    }
    return null;
}

function brokenCapacity(model: Model): string | null {
    const holding = [...model.contracts.values()].filter((one) => isRunning(one) || one.state === 'Proposed');
    for (const [id, bound] of model.bound) {
        const held = holding.filter(({ seller, offer }) => id === seller || id === `${offer.seller}:${offer.index}`);
        if (bound !== sum(held.map(({ rate }) => rate))) return `INV-4: capacity bound on ${id}`;
        if (bound > (id.includes(':') ? CLAIM_RATE : NODE_RATE)) return `INV-4: ${id} is overcommitted`;
    }
    return null;
}

/** What two orders of settling must agree on. */
const totalsOf = ({ owed, paid, penalty, topUp, bondTotal, bondFree, slashPending }: Contract) =>
    [...owed, paid, penalty, topUp, bondTotal, bondFree, slashPending].join();

/** Settles copies; null when the vault was too small for a top-up, which then goes to who comes first. */
function settledIn(model: Model, contract: Contract, order: readonly Commitment[]): string | null {
    const frontier = contract.frontier.map((peak) => peak.slice());
    const copy: Contract = { ...contract, frontier };
    for (const list of ['owed', 'bytes', 'gross'] as const) copy[list] = [...contract[list]];
    for (const commitment of order) {
        if (spare(copy) < contract.offer.commitFee) return null;
        settle(model.now, copy, commitment);
    }
    return totalsOf(copy);
}

/** What is ready is settled in one order and in the other (INV-5). */
function brokenOrder(model: Model, contract: Contract): string | null {
    const ready = [...model.commitments.values()].filter(
        (one) => one.contract === contract.id && settleRefusal(model, one) === null,
    );
    if (ready.length < 2) return null;
    const [forth, back] = [settledIn(model, contract, ready), settledIn(model, contract, [...ready].reverse())];
    return forth === back || forth === null || back === null ? null : `INV-5: settlements of ${contract.id}`;
}

/** A pool's vault covers what it promises and the bond; its statuses are all that was paid (protocol 6.12). */
function brokenPools(model: Model): string | null {
    for (const { id, vault, active, pending, bond, paid, statuses, retired } of model.pools.values()) {
        if (vault < active.total - paid + (pending ? bond : 0n)) return `INV-1: the vault of pool ${id} is short`;
        const claimed = sum([...statuses.values()].map((status) => status.claimed));
        // Closed statuses, which only a retired pool has, say no more what they paid.
        if ([...statuses.values()].some((status) => status.claimed > status.proven)) return `INV-8: members of ${id}`;
        if ((!retired && paid !== claimed) || paid > active.total) return `INV-2: what pool ${id} has paid`;
    }
    return null;
}

/** The first broken invariant of protocol 6.16 (1, 2, 3, 4, 5, 6, 8), of a state that the chain has been found to share. */
export function findBrokenInvariant(model: Model): string | null {
    for (const contract of model.contracts.values()) {
        const broken = brokenContract(model, contract) ?? brokenOrder(model, contract);
        if (broken) return broken;
    }
    return brokenMoney(model) ?? brokenStake(model) ?? brokenCapacity(model) ?? brokenPools(model);
}

/** What is left of contracts after the drain: nothing may be (INV-9). */
export function findRemains(model: Model): string | null {
    const contract = [...model.contracts.values()][0];
    if (contract) return `INV-9: ${contract.id} is ${contract.state}${isOver(contract) ? ' and not closed' : ''}`;
    const [lot] = [...model.bids.keys(), ...model.lots.keys(), ...model.bounties.keys()];
    if (lot) return `INV-9: the lot, bid or bounty ${lot} is not closed`;
    const [challenge] = model.challenges.keys();
    if (challenge) return `INV-9: the challenge ${challenge} is not closed`;
    const [report] = model.reports.keys();
    if (report) return `INV-9: the report ${report} is not closed`;
    const [commitment] = model.commitments.keys();
    if (commitment) return `INV-9: the commitment ${commitment} is not closed`;
    for (const [name, participant] of model.participants) {
        if (totalStake(participant) > 0n) return `INV-9: stake of ${name} is not back`;
        if (participant.contracts > 0) return `INV-9: ${name} still counts contracts`;
    }
    return model.stakeVault === model.strayStake ? null : "INV-9: the stake vault holds what is nobody's";
}
