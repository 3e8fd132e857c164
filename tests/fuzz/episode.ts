import { selectTokenProgram } from './addresses.js';
import { drain } from './drain.js';
import type { Machine } from './machine.js';
import { beginModel } from './model/begin.js';
import type { Model } from './model/state.js';
import { drawOperations, proposeStep } from './propose.js';
import { Random } from './random.js';
import { checkAll, runStep, type Step, type Tally, type Violation } from './step.js';

/** Steps of one walk before everybody falls silent. */
export const EPISODE_STEPS = 600;
const CHECK_EVERY = 25;

export interface Episode {
    readonly steps: readonly Step[];
    readonly violation: Violation | null;
}

function begin(machine: Machine): Model {
    selectTokenProgram(machine.tokens);
    machine.restore();
    const model = beginModel();
    machine.setTime(model.now, model.slot);
    return model;
}

/** A throw of the model is a finding too: it holds a state that cannot be. */
function guard(run: () => string | null): string | null {
    try {
        return run();
    } catch (error) {
        return `the model threw: ${error instanceof Error ? error.message : String(error)}`;
    }
}

/** Walks `count` random steps from the same beginning, and drains. */
export function runEpisode(machine: Machine, seed: number, episode: number, count: number, tally: Tally): Episode {
    const random = new Random(seed, episode);
    const model = begin(machine);
    const operations = drawOperations(random);
    const steps: Step[] = [];
    while (steps.length < count) {
        const step = proposeStep(model, random, operations);
        steps.push(step);
        const what = guard(
            () =>
                runStep(machine, model, step, tally) ??
                (steps.length % CHECK_EVERY === 0 ? checkAll(machine, model) : null),
        );
        if (what) return { steps, violation: { place: steps.length - 1, step, what } };
    }
    const what = guard(() => checkAll(machine, model) ?? drain(machine, model, tally));
    return { steps, violation: what === null ? null : { place: steps.length, step: null, what } };
}

/** Runs a script from the same beginning; drains when no step of it parts chain and model. */
export function replay(machine: Machine, steps: readonly Step[], tally: Tally): Violation | null {
    const model = begin(machine);
    for (const [place, step] of steps.entries()) {
        const what = guard(() => runStep(machine, model, step, tally));
        if (what) return { place, step, what };
    }
    const what = guard(() => checkAll(machine, model) ?? drain(machine, model, tally));
    return what === null ? null : { place: steps.length, step: null, what };
}
