const EXPLORER = 'https://explorer.solana.com';

/** Solana Explorer reads any other cluster from the visitor's own browser by `customUrl`. */
export function explorerUrl(
    value: string,
    cluster: { name: string | null; rpcUrl: string },
    kind: 'tx' | 'address' = 'tx',
): string {
    const url = new URL(`/${kind}/${value}`, EXPLORER);
    if (cluster.name === 'Devnet' || cluster.name === 'Testnet') {
        url.searchParams.set('cluster', cluster.name.toLowerCase());
    } else if (cluster.name !== 'Mainnet Beta') {
        url.searchParams.set('cluster', 'custom');
        url.searchParams.set('customUrl', cluster.rpcUrl);
    }
    return url.toString();
}
