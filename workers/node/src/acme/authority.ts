import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { failure } from '@ocm/runtime';
import { axios, Client, crypto } from 'acme-client';
import type { TlsMaterial } from '../http/tls.js';
import type { AcmeConfig } from './acme-config.js';
import { AcmeStore } from './acme-store.js';
import type { Challenges } from './challenges.js';

const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1 << 20;
/** Whoever calls tries again later by itself; the library's own patience is longer than that. */
const ATTEMPTS = 3;

/** One certificate. @throws MKT_NODE__ACME_UNUSABLE, or what the authority or the network said */
export type Issue = () => Promise<TlsMaterial>;

export interface Authority {
    store: AcmeStore;
    issue: Issue;
}

/** The authority of a node, and what the node keeps of it. */
export async function openAuthority(config: AcmeConfig, dataDir: string, challenges: Challenges): Promise<Authority> {
    limitRequests(config);
    const store = new AcmeStore(dataDir);
    await store.open();
    return { store, issue: createIssue(config, store, challenges) };
}

function createIssue(config: AcmeConfig, store: AcmeStore, challenges: Challenges): Issue {
    return async () => {
        const { directoryUrl, domains } = config;
        const account = await store.account(directoryUrl);
        const { externalAccount: bound } = config;
        const client = new Client({
            directoryUrl,
            accountKey: account.key,
            backoffAttempts: 20,
            backoffMin: 500,
            backoffMax: 5_000,
            ...(account.url === null ? {} : { accountUrl: account.url }),
            ...(bound === undefined ? {} : { externalAccountBinding: { kid: bound.keyId, hmacKey: bound.hmacKey } }),
        });
        const [key, csr] = await crypto.createCsr(
            { commonName: domains[0] ?? '', altNames: domains },
            await crypto.createPrivateEcdsaKey(),
        );
        const cert = await client.auto({
            csr,
            ...(config.email === undefined ? {} : { email: config.email }),
            termsOfServiceAgreed: config.termsOfServiceAgreed,
            challengePriority: ['http-01'],
            // The authority's own look is what counts; ours would need this machine to reach itself by its public name.
            skipChallengeVerification: true,
            challengeCreateFn: async (_authorization, { type, token }, keyAuthorization) => {
                if (type !== 'http-01') {
                    throw failure(
                        'MKT_NODE__ACME_UNUSABLE',
                        `the authority at ${directoryUrl} does not offer HTTP-01; use another one, or certificate files`,
                    );
                }
                challenges.add(token, keyAuthorization);
            },
            challengeRemoveFn: async (_authorization, { token }) => challenges.remove(token),
        });
        await store.saveAccount(directoryUrl, client.getAccountUrl());
        return { cert: Buffer.from(cert), key };
    };
}

/** The library has one HTTP client for all of its users; nothing else in this process is one. */
function limitRequests({ caPath }: AcmeConfig): void {
    axios.defaults.timeout = REQUEST_TIMEOUT_MS;
    axios.defaults.maxContentLength = MAX_ANSWER_BYTES;
    axios.defaults.maxRedirects = 0;
    axios.defaults.proxy = false;
    Object.assign(axios.defaults, {
        acmeSettings: { retryMaxAttempts: ATTEMPTS, retryDefaultDelay: 1 },
    });
    if (caPath !== undefined) axios.defaults.httpsAgent = new Agent({ ca: readFileSync(caPath) });
}
