import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EPISODE_STEPS, replay, runEpisode } from './episode.js';
import type { Machine } from './machine.js';
import { type Options, readOptions } from './options.js';
import { readScript, writeScript } from './script.js';
import { shrink } from './shrink.js';
import { newTally, type Tally } from './step.js';
import { createWorld } from './world.js';

interface Progress {
    readonly seed: number;
    /** Next episode of this process. */
    episode: number;
    steps: number;
    violations: number;
    elapsedMs: number;
}

type Worlds = readonly [Machine, Machine];
/** Every fourth episode pays with a mint of Token-2022. */
const worldOf = ([token, token2022]: Worlds, episode: number) => (episode % 4 === 3 ? token2022 : token);

const say = (line: string) => process.stdout.write(`${line}\n`);
const root = process.env.OCM_ROOT ?? process.cwd();
/** More of them say nothing new: shrinking costs more than finding. */
const MAX_VIOLATIONS = 10;
/** Progress is written at least this often. */
const SAVE_EVERY_MS = 5_000;

function beginProgress({ resume, seed, worker }: Options): Progress {
    if (resume && existsSync(resume)) return JSON.parse(readFileSync(resume, 'utf8'));
    return { seed, episode: worker, steps: 0, violations: 0, elapsedMs: 0 };
}

const summaryOf = ({ steps, violations, elapsedMs }: Progress) =>
    JSON.stringify({ steps, violations, stepsPerSecond: Math.round((steps * 1_000) / Math.max(1, elapsedMs)) });

function report(machine: Machine, options: Options, progress: Progress, found: ReturnType<typeof runEpisode>): void {
    const { seed, episode } = progress;
    const violation = found.violation!;
    say(`! seed ${seed}, episode ${episode}, step ${violation.place}: ${violation.what}`);
    const steps = options.asFound ? found.steps : shrink(machine, found.steps, violation);
    const what = options.asFound ? violation.what : (replay(machine, steps, newTally())?.what ?? violation.what);
    const directory = options.findingsDir ?? join(root, 'tests', 'fuzz');
    const path = join(directory, `findings-${seed}-${episode}.json`);
    writeScript(path, { seed, episode, what, steps });
    say(`  ${steps.length} steps are enough: npm run fuzz -- --replay ${path}`);
}

const createWorlds = async ({ programsDir }: Options): Promise<Worlds> => {
    const programs = programsDir ?? join(root, 'sdk', 'programs');
    return [await createWorld(programs, 'token'), await createWorld(programs, 'token2022')];
};

async function runEpisodes(options: Options, tally: Tally): Promise<Progress> {
    const progress = beginProgress(options);
    const worlds = await createWorlds(options);
    const [before, startedAt] = [progress.elapsedMs, Date.now()];
    let savedAt = startedAt;
    const isDone = () =>
        options.minutes === null ? progress.steps >= options.steps : Date.now() - startedAt >= options.minutes * 60_000;
    while (!isDone()) {
        const left = options.minutes === null ? options.steps - progress.steps : EPISODE_STEPS;
        const machine = worldOf(worlds, progress.episode);
        const found = runEpisode(machine, progress.seed, progress.episode, Math.min(EPISODE_STEPS, left), tally);
        progress.steps += found.steps.length;
        progress.elapsedMs = before + Date.now() - startedAt;
        if (found.violation) {
            progress.violations += 1;
            report(machine, options, progress, found);
        }
        progress.episode += options.workers;
        // What the runtime answered is freed between turns of the event loop only.
        await new Promise(setImmediate);
        if (options.resume && Date.now() - savedAt > SAVE_EVERY_MS) {
            writeFileSync(options.resume, JSON.stringify(progress));
            savedAt = Date.now();
        }
        if (progress.violations >= (options.first ? 1 : MAX_VIOLATIONS)) break;
    }
    if (options.resume) writeFileSync(options.resume, JSON.stringify(progress));
    return progress;
}

function printTally(tally: Tally): void {
    for (const [name, { accepted, refused }] of [...tally.byOperation].sort()) {
        say(`  ${name.padEnd(22)} ${String(accepted).padStart(8)} accepted ${String(refused).padStart(8)} refused`);
    }
    say(`  of ${tally.accepted + tally.refused} transactions ${tally.hostile} were bent (drains included)`);
}

async function main(): Promise<number> {
    const options = readOptions(process.argv.slice(2));
    const tally = newTally();
    if (options.replay) {
        const worlds = await createWorlds(options);
        const script = readScript(options.replay);
        const violation = replay(worldOf(worlds, script.episode), script.steps, tally);
        for (const [place, step] of script.steps.entries()) {
            say(
                `${place} ${step.op} ${JSON.stringify({ ...step.params, bend: step.bend }, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))}`,
            );
        }
        say(violation ? `! step ${violation.place}: ${violation.what}` : 'chain and model agree');
        say(JSON.stringify({ steps: script.steps.length, violations: violation ? 1 : 0, stepsPerSecond: 0 }));
        return violation ? 1 : 0;
    }
    const progress = await runEpisodes(options, tally);
    if (options.verbose) printTally(tally);
    say(summaryOf(progress));
    return progress.violations > 0 ? 1 : 0;
}

main().then(
    (code) => process.exit(code),
    (error: unknown) => {
        process.stderr.write(`fuzz: ${error instanceof Error ? error.message : String(error)}\n`);
        if (process.env.OCM_TRACE) throw error;
        process.exit(2);
    },
);
