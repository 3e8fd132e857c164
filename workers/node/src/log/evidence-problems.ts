import { RequestProblem } from '../http/problem.js';
import type { EpochSummary } from './summary.js';

const RETRY_AFTER_SECS = 5;

export const stillBuilding = (epoch: number): RequestProblem =>
    new RequestProblem(
        503,
        'MKT_NODE__EVIDENCE_BUILDING',
        `The evidence of epoch ${epoch} is being made of its journal; ask again in a few seconds.`,
        { retryAfterSecs: RETRY_AFTER_SECS },
    );

/** Tells what was erased and when, as far as the totals that stay say it. */
export const erasedEvidence = ({ epoch, erasedAtMs, requests, logFiles }: EpochSummary): RequestProblem =>
    new RequestProblem(
        410,
        'MKT_NODE__EVIDENCE_ERASED',
        `The raw log of epoch ${epoch} was erased, and with it the evidence and its records; only totals are kept.`,
        { erasedAtMs, records: requests, logFiles: logFiles.map(({ name }) => name) },
    );

export const unknownSession = (): RequestProblem =>
    new RequestProblem(
        404,
        'MKT_NODE__SESSION_NOT_EVIDENCED',
        'The epoch has no receipted session of that token hash at this node.',
    );
