import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CampaignReport, runCampaign } from './campaign.js';
import { FAULTS, type FaultKind, VICTIMS, type VictimKind } from './history.js';

/** The short campaign of the test suite; `npm run campaign` runs longer ones. */
const KILLS = Number(process.env.OCM_CAMPAIGN_KILLS ?? 10);
const SEED = Number(process.env.OCM_CAMPAIGN_SEED ?? 7);
const REPORT_PATH = process.env.OCM_CAMPAIGN_REPORT;
const listed = <Name extends string>(names: readonly Name[], text: string | undefined): readonly Name[] =>
    text === undefined ? names : names.filter((name) => text.split(',').includes(name));
const victims: readonly VictimKind[] = listed(VICTIMS, process.env.OCM_CAMPAIGN_VICTIMS);
const faults: readonly FaultKind[] = listed(FAULTS, process.env.OCM_CAMPAIGN_FAULTS);
/** 30 on a machine that has much else to do: what is awake for a moment only serves nobody. */
const EPOCH_SECS = Number(process.env.OCM_CAMPAIGN_EPOCH_SECS ?? 12);
const LONG = { terms: { contracts: 2, epochs: 5, epochSecs: EPOCH_SECS }, longestPeaceMs: 3_000 };
const SHORT = { terms: { contracts: 1, epochs: 24, epochSecs: 5 }, longestPeaceMs: 500 };
/** Ten times what a kill costs on two idle cores, and what the rounds around them cost. */
const TIMEOUT_MS = 180_000 + KILLS * 20_000;

/** A long campaign says how far it is. */
const tell = (report: CampaignReport) => process.stderr.write(`${JSON.stringify(report)}\n`);

describe('a market whose processes are killed again and again', () => {
    it(
        'loses no epoch, settles none twice, counts no receipt twice and pays to the unit',
        async () => {
            const report = await runCampaign({
                kills: KILLS,
                seed: SEED,
                victims,
                faults,
                ...(REPORT_PATH ? LONG : SHORT),
                onRound: REPORT_PATH ? tell : undefined,
            });
            if (REPORT_PATH) writeFileSync(REPORT_PATH, JSON.stringify(report));
            expect(report.violations).toEqual([]);
            expect(report.kills).toBe(KILLS);
            expect(report.paid).toBe(report.due);
            expect(BigInt(report.due)).toBeGreaterThan(0n);
        },
        TIMEOUT_MS,
    );
});
