import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CampaignReport, runCampaign } from './campaign.js';

/** The short campaign of the test suite; `npm run campaign` runs longer ones. */
const KILLS = Number(process.env.OCM_CAMPAIGN_KILLS ?? 8);
const SEED = Number(process.env.OCM_CAMPAIGN_SEED ?? 7);
const REPORT_PATH = process.env.OCM_CAMPAIGN_REPORT;
/** Ten times what a kill costs on two idle cores, and what the rounds around them cost. */
const TIMEOUT_MS = 120_000 + KILLS * 10_000;

/** A long campaign says how far it is. */
const tell = (report: CampaignReport) => process.stderr.write(`${JSON.stringify(report)}\n`);

describe('a committer that is killed again and again', () => {
    it(
        'settles every epoch exactly once and is paid what its receipts come to, to the unit',
        async () => {
            const report: CampaignReport = await runCampaign({
                kills: KILLS,
                seed: SEED,
                onRound: REPORT_PATH ? tell : undefined,
            });
            if (REPORT_PATH) writeFileSync(REPORT_PATH, JSON.stringify(report));
            expect(report).toMatchObject({ kills: KILLS, lost: 0, twice: 0, refused: 0, again: 0 });
            expect(report.paid).toBe(report.due);
            expect(BigInt(report.due)).toBeGreaterThan(0n);
        },
        TIMEOUT_MS,
    );
});
