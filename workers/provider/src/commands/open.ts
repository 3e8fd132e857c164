import { join } from 'node:path';
import { createChainGateway, type ServiceContext } from '@ocm/runtime';
import type { Keypair } from '@solana/web3.js';
import type { ProviderConfig } from '../config.js';
import type { PdfSigner } from '../report/pdf-signer.js';
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

/** A configured certificate must be right from the start; one of our own, and the library, can wait for the first PDF. */
export async function openPdfSigner(config: ProviderConfig, { publicKey }: Keypair): Promise<() => Promise<PdfSigner>> {
    const { dataDir, reportCertificatePath: path, reportCertificatePassphrase: passphrase } = config;
    const p12 =
        path === undefined ? null : { path, passphrase, passphrasePath: config.reportCertificatePassphrasePath };
    let opened: Promise<PdfSigner> | undefined;
    const open = (): Promise<PdfSigner> => {
        opened ??= import('../report/pdf-signer.js').then(({ createPdfSigner }) =>
            createPdfSigner({ p12, dataDir, reportKey: publicKey.toBase58() }),
        );
        return opened;
    };
    if (p12 !== null) await (await open()).certificate();
    return open;
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
