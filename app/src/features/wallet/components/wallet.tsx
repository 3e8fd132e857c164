'use client';

import { ConnectionProvider, WalletProvider } from '@solana/wallet-adapter-react';
import { useConfig } from '../../live/components/providers';
import { WalletButton } from './wallet-button';

/** Wallet Standard wallets announce themselves; no adapter is named here. The only file that knows the adapter's providers. */
export default function Wallet() {
    const { rpcUrl, wsUrl } = useConfig();
    return (
        <ConnectionProvider endpoint={rpcUrl} config={{ wsEndpoint: wsUrl, commitment: 'confirmed' }}>
            <WalletProvider wallets={[]} autoConnect>
                <WalletButton />
            </WalletProvider>
        </ConnectionProvider>
    );
}
