import { decodeToken, fromBase64, generateKeyPair } from '@ocm/sdk';
import type { TokenResponse } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    proveAll,
    readCommitment,
    type SessionChange,
    seedCommitment,
    type TestSession,
    testSession,
} from '../support/index.js';
import { type AskedProvider, askedProvider, SOON } from './asked-provider.js';
import { type CheatingOperator, startCheatingOperator } from './cheating-operator.js';
import { areWorkersBuilt, type Worker } from './processes.js';
import { sessionOf } from './self-made-session.js';
import { askToken } from './viewer.js';
import { type AttackWorld, createAttackWorld, MEBIBYTE } from './world.js';

if (!areWorkersBuilt) process.stderr.write('SKIPPED: attacks on processes need `npx tsc -b`\n');
const BYTES = 20_000_000n;
const TOKENS = 12;
let world: AttackWorld;
let operator: CheatingOperator;
let worker: Worker;
let provider: AskedProvider;
let epoch = 0;

describe.skipIf(!areWorkersBuilt)('an operator that breaks no rule of the chain', () => {
    beforeAll(async () => {
        world = await createAttackWorld({ epochLengthSecs: 10 });
        operator = await startCheatingOperator();
        const caps = { tokensPerPrefix: TOKENS, maxSessionBytes: MEBIBYTE };
        worker = await world.startProvider({ committerUrl: operator.url, caps });
        provider = askedProvider(worker);
    });
    afterAll(async () => {
        await world.close();
        await operator.close();
    });

    const draw = (name: string, change: SessionChange = {}) =>
        testSession(world.trade, { name: `${name} ${epoch}`, bytes: BYTES, epoch }, change);
    const commit = async (sessions: readonly TestSession[]) => {
        const provable = await operator.commit(world, epoch, sessions);
        epoch += 1;
        return provable;
    };

    it('A6: viewers whom the operator plays itself are paid for, up to the caps of the token service', async () => {
        const sessions: TestSession[] = [];
        for (;;) {
            const key = generateKeyPair();
            const { status, code, body } = await askToken(worker.url, world.trade, key);
            if (status !== 200) {
                expect(code).toBe('MKT_PROVIDER__PREFIX_TOKENS_CAPPED');
                break;
            }
            const { token, tokenSignature } = body as TokenResponse;
            const { maxBytes } = decodeToken(fromBase64(token));
            // Not a byte was sent: whoever holds the client's key signs what it likes.
            sessions.push(sessionOf(world.trade, key, { token, tokenSignature }, maxBytes));
        }
        expect(sessions).toHaveLength(TOKENS);
        const provable = await commit(sessions);
        await expect.poll(() => provider.verdictOn(provable), SOON).toContain('cosigned');
        const { totalBytes, gross } = provable.commitment;
        expect(totalBytes).toBe(BigInt(TOKENS * MEBIBYTE));
        console.info(`A6: ${totalBytes} bytes that nobody got cost ${gross}; that is ${TOKENS} tokens of one prefix`);
    });

    it('A10: a session that is left out is missed by its copy, and the chain pays for no byte of it', async () => {
        const [kept, hidden] = [draw('kept'), draw('stalled')];
        await Promise.all([kept, hidden].map(provider.issue));
        await provider.copy(hidden);
        const provable = await commit([kept]);
        await expect.poll(() => provider.verdictOn(provable), SOON).toContain('refused MKT_PROVIDER__RECEIPT_OMITTED');
        await proveAll(await seedCommitment(provable));
        const { state, gross, totalBytes } = await readCommitment(provable.trade, provable.commitment);
        expect([state, totalBytes]).toEqual(['proven', BYTES]);
        console.info(`A10: by proofs ${gross} for the kept session, nothing for the ${BYTES} bytes that were left out`);
    });

    it('A10: a receipt that is shown in an older state is missed by its copy', async () => {
        const newest = draw('viewer');
        await provider.issue(newest);
        await provider.copy(newest);
        const older = draw('viewer', { receipt: { bytes: BYTES - 1n } });
        const provable = await commit([older]);
        await expect.poll(() => provider.verdictOn(provable), SOON).toContain('refused MKT_PROVIDER__RECEIPT_UNDERCUT');
    });

    it('A11: tokens of the right key that the content provider has not issued are paid by proofs alone', async () => {
        const provable = await commit([draw('friend of the issuer')]);
        await expect.poll(() => provider.verdictOn(provable), SOON).toContain('refused MKT_PROVIDER__TOKEN_NOT_ISSUED');
        await proveAll(await seedCommitment(provable));
        const { state, gross } = await readCommitment(provable.trade, provable.commitment);
        expect(state).toBe('proven');
        console.info(`A11: with the issuer's key alone ${gross} for ${BYTES} bytes`);
    });
});
