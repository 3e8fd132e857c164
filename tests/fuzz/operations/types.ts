import type { Model } from '../model/state.js';
import type { Random } from '../random.js';
import type { Call } from '../wire.js';

/** One letter of the fuzzer's alphabet. Parameters are plain values, so that a script of steps can be written down. */
export interface Operation<Params extends object = object> {
    readonly name: string;
    /** How often it is tried, beside the others. */
    readonly weight: number;
    /** Parameters, mostly such as might be accepted; null when there is nothing to try it on. */
    propose(model: Model, random: Random): Params | null;
    call(params: Params): Call;
    /** IDL names of accounts that the caller may choose: swapping them is no attack. */
    readonly free?: readonly string[];
    /** Whether another account in a place is no attack either, such as another contract of the same seller. */
    isHarmless?(params: Params, account: string, other: string, model: Model): boolean;
    /** Why the protocol refuses it; null when it must be accepted. */
    refusal(model: Model, params: Params): string | null;
    /** What it changes, once accepted. */
    apply(model: Model, params: Params): void;
}

/** Keeps an operation's own parameter type out of the table that holds all of them. */
export function operation<Params extends object>(definition: Operation<Params>): Operation {
    return definition as unknown as Operation;
}
