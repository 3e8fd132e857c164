import { toBase64 } from '@ocm/sdk';
import { ISSUED_TOKENS_PATH, PROVIDER_STATUS_PATH, type ProviderStatus, RECEIPT_COPIES_PATH } from '@ocm/sdk/http';
import { expect } from 'vitest';
import type { ProvableCommitment, TestSession } from '../support/index.js';
import type { Worker } from './processes.js';
import { post } from './viewer.js';
import { PROVIDER_SECRET } from './world.js';

export const SOON = { timeout: 40_000, interval: 50 };

/** What a test tells the content provider's process, and asks of it. */
export const askedProvider = ({ url }: Worker) => ({
    /** As if the content provider had issued it. */
    async issue({ evidence }: TestSession): Promise<void> {
        const body = { token: toBase64(evidence.token), tokenSignature: toBase64(evidence.tokenSignature) };
        const told = await post(url + ISSUED_TOKENS_PATH, body, { authorization: `Bearer ${PROVIDER_SECRET}` });
        expect(told.status).toBe(200);
    },
    /** The client's copy of its receipt. */
    async copy({ evidence: { receipt, receiptSignature } }: TestSession): Promise<void> {
        const body = { receipt: toBase64(receipt), receiptSignature: toBase64(receiptSignature) };
        expect((await post(url + RECEIPT_COPIES_PATH, body)).status).toBe(200);
    },
    /** Verdict and reason on a commitment. */
    async verdictOn({ commitment }: ProvableCommitment): Promise<string> {
        const { commitments } = (await (await fetch(url + PROVIDER_STATUS_PATH)).json()) as ProviderStatus;
        const found = commitments.find((each) => each.commitment === commitment.address.toBase58());
        return `${found?.verdict} ${found?.reason}`;
    },
});
export type AskedProvider = ReturnType<typeof askedProvider>;
