import { type ChainGateway, errorCodeOf, every, type Logger, readKeypair, type ServiceContext } from '@ocm/runtime';
import { fetchContract } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { createRotationChain } from '../adapters/rotation-chain.js';
import type { ProviderConfig } from '../config.js';
import type { ContractTerms, ProviderChain } from '../ports.js';
import { assertIssuersHeld, listMissingIssuers } from '../tokens/check-issuers.js';
import type { IssuerKeys, Keyring } from '../tokens/keyring.js';
import { rotateIssuer } from '../tokens/rotate-issuer.js';
import type { Look } from './readiness.js';

type CheckInput = { gateway: ChainGateway; contracts: readonly PublicKey[]; keys: IssuerKeys; log: Logger };

/**
 * Refuses to start without the keys of present and coming epochs. A chain that does not answer at this moment is no
 * reason not to start: the same is looked at with every pass and shows in /readyz.
 * @throws MKT_PROVIDER__ISSUER_KEY_MISSING
 */
export async function checkIssuersAtStart({ gateway, contracts, keys, log }: CheckInput): Promise<void> {
    let nowSecs: number;
    let terms: (ContractTerms | null)[];
    try {
        nowSecs = await gateway.clusterTimeSecs();
        terms = await Promise.all(contracts.map((contract) => fetchContract(gateway.connection, contract)));
    } catch (error) {
        log.warn({ code: errorCodeOf(error), err: error }, 'issuer keys could not be compared with the chain yet');
        return;
    }
    assertIssuersHeld(
        terms.filter((contract) => contract !== null),
        nowSecs,
        keys,
    );
}

/** What the chain says of the contracts now. @throws as the gateway does when the chain does not answer */
export async function lookAtContracts({
    chain,
    contracts,
    keys,
}: {
    chain: Pick<ProviderChain, 'clusterTimeSecs' | 'fetchContract'>;
    contracts: readonly PublicKey[];
    keys: Pick<IssuerKeys, 'find'>;
}): Promise<Look> {
    const nowSecs = await chain.clusterTimeSecs();
    const terms = await Promise.all(contracts.map((contract) => chain.fetchContract(contract)));
    const known = terms.filter((contract) => contract !== null);
    return {
        atMs: Date.now(),
        unknownContracts: terms.length - known.length,
        missingIssuers: known.flatMap((contract) => listMissingIssuers(contract, nowSecs, keys)).length,
    };
}

type RotationInput = {
    config: ProviderConfig;
    gateway: ChainGateway;
    chain: ProviderChain;
    contracts: readonly PublicKey[];
    keys: Keyring;
    context: ServiceContext;
};

/** Rotates the issuer of each contract at the configured times; one that cannot holds up no other. */
export function scheduleRotation({ config, gateway, chain, contracts, keys, context }: RotationInput): void {
    const { rotation } = config;
    if (rotation === undefined) return;
    const { signal, log, metrics, onStop } = context;
    const rotationChain = createRotationChain({ gateway, chain, owner: readKeypair(rotation.ownerKeypairPath) });
    const rotating = every({
        name: 'rotate',
        cron: rotation.cron,
        signal,
        log,
        metrics,
        run: async () => {
            const rotate = (contract: PublicKey) =>
                rotateIssuer(
                    { chain: rotationChain, keys, log },
                    { contract, leadEpochs: rotation.leadEpochs },
                    signal,
                );
            const outcomes: PromiseSettledResult<unknown>[] = [];
            for (const contract of contracts) outcomes.push(...(await Promise.allSettled([rotate(contract)])));
            const failed = outcomes.find((outcome) => outcome.status === 'rejected');
            if (failed !== undefined) throw failed.reason;
        },
    });
    onStop(() => rotating);
}
