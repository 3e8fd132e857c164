import { parseArgs } from 'node:util';

export interface Options {
    readonly steps: number;
    readonly minutes: number | null;
    readonly seed: number;
    readonly programsDir: string | null;
    readonly replay: string | null;
    readonly resume: string | null;
    /** Where findings are written. */
    readonly findingsDir: string | null;
    /** Stop at the first finding. */
    readonly first: boolean;
    /** Write findings as they were found, without looking for a shorter way. */
    readonly asFound: boolean;
    readonly verbose: boolean;
    /** Which of how many processes this is: episodes are dealt among them. */
    readonly worker: number;
    readonly workers: number;
}

const DEFAULT_STEPS = 20_000;

function toInteger(name: string, text: string | undefined, otherwise: number): number {
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} ${text}: give an integer of at least 0`);
    return value;
}

/** @throws Error naming the option that cannot be read. */
export function readOptions(args: readonly string[]): Options {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
        args: [...args],
        options: {
            steps: text,
            minutes: text,
            seed: text,
            programs: text,
            replay: text,
            resume: text,
            findings: text,
            worker: text,
            workers: text,
            first: { type: 'boolean' },
            'as-found': { type: 'boolean' },
            verbose: { type: 'boolean' },
        },
    });
    const minutes = values.minutes === undefined ? null : Number(values.minutes);
    if (minutes !== null && !(minutes > 0)) throw new Error(`--minutes ${values.minutes}: give a number above 0`);
    return {
        steps: toInteger('steps', values.steps, DEFAULT_STEPS),
        minutes,
        seed: toInteger('seed', values.seed, 1),
        programsDir: values.programs ?? null,
        replay: values.replay ?? null,
        resume: values.resume ?? null,
        findingsDir: values.findings ?? null,
        first: values.first ?? false,
        asFound: values['as-found'] ?? false,
        verbose: values.verbose ?? false,
        worker: toInteger('worker', values.worker, 0),
        workers: Math.max(1, toInteger('workers', values.workers, 1)),
    };
}
