import { join } from 'node:path';
import { createChainGateway, type ServiceContext } from '@ocm/runtime';
import type { ProviderConfig } from '../config.js';
import { type GrantBook, openGrantBook } from '../tokens/grant-book.js';
import { type Keyring, openKeyring } from '../tokens/keyring.js';

/** Configured keys, and those that rotations made. */
export function openIssuerKeys(config: ProviderConfig): Keyring {
    return openKeyring({
        paths: [config.issuerKeypairPath, ...config.issuerKeypairPaths],
        folder: join(config.dataDir, 'issuers'),
    });
}

export function openGateway({ rpcUrl, wsUrl, heliusApiKey }: ProviderConfig, { log, onStop }: ServiceContext) {
    const gateway = createChainGateway({
        rpcUrl,
        log,
        ...(wsUrl === undefined ? {} : { wsUrl }),
        ...(heliusApiKey === undefined ? {} : { heliusApiKey }),
    });
    onStop(() => gateway.close());
    return gateway;
}

export async function openGrants(
    { dataDir, clientGroup }: ProviderConfig,
    context: ServiceContext,
): Promise<GrantBook> {
    const { log, onStop } = context;
    const grants = await openGrantBook({
        dataDir,
        log,
        ...(clientGroup === undefined ? {} : { fixedGroup: clientGroup }),
    });
    onStop(() => grants.close());
    return grants;
}
