const EXPLORER = 'https://explorer.solana.com';

/** Solana Explorer reads any other cluster from the visitor's own browser by `customUrl`. */
export function explorerUrl(signature: string, cluster: { name: string | null; rpcUrl: string }): string {
    const url = new URL(`/tx/${signature}`, EXPLORER);
    if (cluster.name === 'Devnet' || cluster.name === 'Testnet') {
        url.searchParams.set('cluster', cluster.name.toLowerCase());
    } else if (cluster.name !== 'Mainnet Beta') {
        url.searchParams.set('cluster', 'custom');
        url.searchParams.set('customUrl', cluster.rpcUrl);
    }
    return url.toString();
}
