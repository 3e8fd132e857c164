import { FAULTS, type FaultKind, VICTIMS, type VictimKind } from './history.js';
import type { RoundReport } from './judge.js';
import type { KillBudget } from './killer.js';
import type { Terms } from './market.js';
import { createRandom } from './random.js';
import { runRound } from './round.js';

export type CampaignInput = {
    kills: number;
    seed: number;
    victims: readonly VictimKind[];
    faults: readonly FaultKind[];
    terms: Terms;
    longestPeaceMs: number;
    onRound?: ((report: CampaignReport) => void) | undefined;
};
/** Amounts in base units, as text. */
export type CampaignReport = {
    seed: number;
    rounds: number;
    kills: number;
    killsByVictim: Record<string, number>;
    killsByMoment: Record<string, number>;
    faults: Record<string, number>;
    epochs: number;
    /** Of the epochs those that were proved, as no co-signature came in time. */
    proved: number;
    sessions: number;
    receipts: number;
    residual: number;
    paid: string;
    due: string;
    /** Ends of workers that nobody killed: a service manager starts them again. */
    selfEnds: number;
    violations: string[];
    seconds: number;
};

/** Rounds until `kills` processes were killed, about as many of each kind; what is drawn follows from the seed. */
export async function runCampaign(input: CampaignInput): Promise<CampaignReport> {
    const startedAt = performance.now();
    const left = new Map(VICTIMS.map((kind) => [kind, 0]));
    for (let kill = 0; kill < input.kills; kill += 1) {
        const kind = input.victims[kill % input.victims.length];
        if (kind !== undefined) left.set(kind, (left.get(kind) ?? 0) + 1);
    }
    const budget: KillBudget = {
        take(kind) {
            const rest = left.get(kind) ?? 0;
            left.set(kind, Math.max(0, rest - 1));
            return rest > 0;
        },
        giveBack: (kind) => void left.set(kind, (left.get(kind) ?? 0) + 1),
    };
    const rounds: RoundReport[] = [];
    const summary = () => summarize(input.seed, rounds, (performance.now() - startedAt) / 1_000);
    while ([...left.values()].some((rest) => rest > 0)) {
        const round = rounds.length;
        const random = createRandom(input.seed * 1_000_003 + round);
        const report = await runRound({ ...input, label: `seed ${input.seed}, round ${round}`, random, budget });
        if (report.violations.length > 0) process.stderr.write(`${report.told}\n`);
        rounds.push(report);
        input.onRound?.(summary());
    }
    return summary();
}

function summarize(seed: number, rounds: readonly RoundReport[], seconds: number): CampaignReport {
    const sum = (field: 'epochs' | 'proved' | 'sessions' | 'receipts' | 'residual') =>
        rounds.reduce((total, round) => total + round[field], 0);
    const money = (field: 'paid' | 'due') => rounds.reduce((total, round) => total + round[field], 0n).toString();
    const counts = (field: 'kills' | 'faults' | 'moments', names: readonly string[] = []) => {
        const all: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
        for (const round of rounds) for (const [name, count] of round[field]) all[name] = (all[name] ?? 0) + count;
        return all;
    };
    const killsByVictim = counts('kills', VICTIMS);
    return {
        seed,
        rounds: rounds.length,
        kills: Object.values(killsByVictim).reduce((total, count) => total + count, 0),
        killsByVictim,
        killsByMoment: counts('moments'),
        faults: counts('faults', FAULTS),
        epochs: sum('epochs'),
        proved: sum('proved'),
        sessions: sum('sessions'),
        receipts: sum('receipts'),
        residual: sum('residual'),
        paid: money('paid'),
        due: money('due'),
        selfEnds: rounds.reduce((total, { selfEnds }) => total + selfEnds.length, 0),
        violations: rounds.flatMap(({ violations }) => [...violations]),
        seconds: Math.round(seconds),
    };
}
