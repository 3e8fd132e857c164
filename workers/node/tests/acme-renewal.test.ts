import { describe, expect, it } from 'vitest';
import { acmeConfig } from '../src/acme/acme-config.js';
import { Challenges } from '../src/acme/challenges.js';
import { Renewal, renewAtMs, retryPauseMs } from '../src/acme/renewal.js';
import type { CertificateFacts } from '../src/http/tls.js';
import { silent, until } from './support.js';

const DAY_MS = 86_400_000;
const facts: CertificateFacts = { names: ['a.example'], notBeforeMs: 0, notAfterMs: 90 * DAY_MS };
const config = { directoryUrl: 'https://ca.example/dir', domains: ['a.example'], termsOfServiceAgreed: true };

describe('a renewal', () => {
    it('comes at two thirds of the life of the certificate, or up to a twentieth of it earlier', () => {
        expect(renewAtMs(facts, 0)).toBe(60 * DAY_MS);
        expect(renewAtMs(facts, 0.999_999)).toBeGreaterThan(55.4 * DAY_MS);
        expect(renewAtMs(facts, 0.5)).toBeLessThan(60 * DAY_MS);
    });

    it('that fails is tried again after a minute, then later and later, twice a day at least', () => {
        expect([1, 2, 3].map((failures) => retryPauseMs(failures, 0))).toEqual([30_000, 60_000, 120_000]);
        expect(retryPauseMs(1, 0.999_999)).toBe(60_000);
        expect(retryPauseMs(1_000, 1)).toBe(12 * 3_600_000);
    });

    it('is asked for once, however soon its certificate ends', async () => {
        const stop = new AbortController();
        let asked = 0;
        const material = { cert: Buffer.alloc(0), key: Buffer.alloc(0) };
        const renewal = new Renewal({
            issue: async () => {
                asked += 1;
                return material;
            },
            use: async () => undefined,
            current: () => null,
            now: Date.now,
            log: silent,
            signal: stop.signal,
        });
        const running = renewal.run();
        await until(() => asked === 1, 'asked');
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(asked).toBe(1);
        stop.abort();
        await running;
    });
});

describe('the config of an authority', () => {
    it('wants an https directory, names without wildcards, and consent to its terms', () => {
        expect(acmeConfig.safeParse(config).success).toBe(true);
        for (const wrong of [
            { ...config, directoryUrl: 'http://ca.example/dir' },
            { ...config, directoryUrl: undefined },
            { ...config, termsOfServiceAgreed: false },
            { ...config, termsOfServiceAgreed: undefined },
            { ...config, domains: [] },
            { ...config, domains: ['*.a.example'] },
            { ...config, domains: ['127.0.0.1'] },
            { ...config, domains: ['a.example/x'] },
            { ...config, domains: [`${'a'.repeat(64)}.example`] },
            { ...config, unknown: 1 },
        ]) {
            expect(acmeConfig.safeParse(wrong).success).toBe(false);
        }
    });

    it('answers for the tokens that were asked for, and no others', () => {
        const challenges = new Challenges();
        challenges.add('token_1', 'token_1.thumbprint');
        challenges.add('../../etc', 'never');
        expect(challenges.find('/.well-known/acme-challenge/token_1')).toBe('token_1.thumbprint');
        expect(challenges.find('/.well-known/acme-challenge/../../etc')).toBeUndefined();
        challenges.remove('token_1');
        expect(challenges.find('/.well-known/acme-challenge/token_1')).toBeUndefined();
        expect(challenges.isChallenge('/.well-known/ocm/status')).toBe(false);
    });
});
