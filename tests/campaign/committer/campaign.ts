import { createRandom } from '../random.js';
import type { RoundReport } from './judge.js';
import { runRound } from './round.js';
import type { KillBudget } from './victim.js';

/** Rounds at a time: each keeps about one core busy. */
const PARALLEL = 2;
/** Within this, a step of a round is done even when each life does next to nothing. */
const STEP_TIMEOUT_MS = 180_000;

export type CampaignInput = { kills: number; seed: number; onRound?: ((report: CampaignReport) => void) | undefined };
/** Amounts in base units, as text. */
export type CampaignReport = {
    kills: number;
    lost: number;
    twice: number;
    /** Landed transactions that a program refused, and those that did once more what was done. */
    refused: number;
    again: number;
    epochs: number;
    challenges: number;
    rounds: number;
    paid: string;
    due: string;
    seconds: number;
};

/** Kills committers `kills` times, each at a point that the seed draws, over as many contracts as that takes. */
export async function runCampaign({ kills, seed, onRound }: CampaignInput): Promise<CampaignReport> {
    const startedAt = performance.now();
    const state = { taken: 0, killed: 0, rounds: 0 };
    const budget: KillBudget = {
        take: () => state.taken < kills && ++state.taken > 0,
        giveBack: () => {
            state.taken -= 1;
        },
        done: () => {
            state.killed += 1;
        },
    };
    const reports: RoundReport[] = [];
    const summary = () => summarize(reports, { ...state, seconds: (performance.now() - startedAt) / 1_000 });
    const work = async () => {
        while (state.taken < kills) {
            const round = state.rounds;
            state.rounds += 1;
            const report = await runRound({
                random: createRandom(seed * 1_000_003 + round),
                kills: budget,
                timeoutMs: STEP_TIMEOUT_MS,
            });
            reports.push(report);
            onRound?.(summary());
        }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    return summary();
}

function summarize(
    reports: readonly RoundReport[],
    { killed, rounds, seconds }: { killed: number; rounds: number; seconds: number },
): CampaignReport {
    const sum = (field: 'lost' | 'twice' | 'refused' | 'again' | 'epochs' | 'challenges') =>
        reports.reduce((total, report) => total + report[field], 0);
    const money = (field: 'paid' | 'due') => reports.reduce((total, report) => total + report[field], 0n).toString();
    return {
        kills: killed,
        lost: sum('lost'),
        twice: sum('twice'),
        refused: sum('refused'),
        again: sum('again'),
        epochs: sum('epochs'),
        challenges: sum('challenges'),
        rounds,
        paid: money('paid'),
        due: money('due'),
        seconds: Math.round(seconds),
    };
}
