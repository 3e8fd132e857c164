import { at } from './addresses.js';
import { findDifference } from './compare.js';
import { findBrokenInvariant } from './invariants.js';
import type { Machine } from './machine.js';
import type { Model } from './model/state.js';
import { OPERATION_BY_NAME } from './operations/index.js';
import type { Operation } from './operations/types.js';
import { type Bend, type Call, metasOf, wireOf } from './wire.js';

/** One step of a script: an operation with its parameters, perhaps bent; or `warp`, which moves the time. */
export interface Step {
    readonly op: string;
    readonly params: object;
    readonly bend?: Bend;
}

export interface WarpParams {
    readonly secs: number;
    readonly slots: number;
}

/** Where chain and model part. */
export interface Violation {
    /** Which step of the script, from 0. */
    readonly place: number;
    readonly step: Step | null;
    readonly what: string;
}

/** Writable accounts that restoring must bring back, once per call. */
function remember(machine: Machine, call: Call, bend?: Bend): void {
    for (const { address, writable } of metasOf(call, bend)) if (writable) machine.remember(address);
}

/** Whether bending leaves the call one that its sender may make: then it is not bent. */
function isHarmless(model: Model, operation: Operation, params: object, call: Call, bend: Bend): boolean {
    const straight = metasOf(call).find(({ account }) => account === bend.at);
    if (!straight) return true;
    if (bend.kind === 'unsigned') return !straight.signer;
    // Who calls itself needs its own account once; the place of an optional account that is left out names it, too.
    const isNamedTwice = metasOf(call).filter(({ address }) => address.key.equals(straight.address.key)).length > 1;
    if (bend.at === 'program' && isNamedTwice) return true;
    if (operation.free?.includes(bend.at) || straight.address.key.equals(at(bend.with).key)) return true;
    return operation.isHarmless?.(params, bend.at, bend.with, model) ?? false;
}

/** What the runner counts. */
export interface Tally {
    accepted: number;
    refused: number;
    hostile: number;
    readonly byOperation: Map<string, { accepted: number; refused: number }>;
}

export const newTally = (): Tally => ({ accepted: 0, refused: 0, hostile: 0, byOperation: new Map() });

function count(tally: Tally, name: string, isAccepted: boolean): void {
    const of = tally.byOperation.get(name) ?? { accepted: 0, refused: 0 };
    tally.byOperation.set(name, of);
    const outcome = isAccepted ? 'accepted' : 'refused';
    of[outcome] += 1;
    tally[outcome] += 1;
}

/** Runs a step on chain and model; says how they differ, null when they do not. */
export function runStep(machine: Machine, model: Model, step: Step, tally: Tally): string | null {
    if (step.op === 'warp') {
        const { secs, slots } = step.params as WarpParams;
        model.now += secs;
        model.slot += slots;
        machine.setTime(model.now, model.slot);
        return null;
    }
    const operation = OPERATION_BY_NAME.get(step.op);
    if (!operation) throw new Error(`the script names ${step.op}, which is no operation`);
    const call = operation.call(step.params);
    const bend = step.bend && isHarmless(model, operation, step.params, call, step.bend) ? undefined : step.bend;
    const expected = bend ? `bent: ${bend.kind} ${bend.at}` : operation.refusal(model, step.params);
    if (bend) tally.hostile += 1;
    remember(machine, call, bend);
    if ('slotHashes' in call.accounts) machine.showSlotHashes();
    const refusal = machine.send(wireOf(call, bend));
    count(tally, step.op, refusal === null);
    if (expected === null && refusal !== null) return `${step.op} was refused (${refusal}), the model accepts it`;
    if (expected !== null && refusal === null) return `${step.op} was accepted, the model refuses it: ${expected}`;
    if (refusal !== null) return null;
    operation.apply(model, step.params);
    // Nothing else can have changed on chain; what the model changed beyond shows when everything is compared.
    const touched = metasOf(call).flatMap(({ address, writable }) => (writable ? [address.name] : []));
    return findDifference(machine, model, touched);
}

/** Everything at once: the chain against the model, and the model against the invariants. */
export function checkAll(machine: Machine, model: Model): string | null {
    return findDifference(machine, model) ?? findBrokenInvariant(model);
}
