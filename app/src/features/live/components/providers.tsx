'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { createContext, type ReactNode, useContext, useState } from 'react';
import type { PublicConfig } from '../../../lib/config';
import { SnapshotContext, useSnapshotStream } from '../hooks/use-snapshot';
import type { Snapshot } from '../snapshot';
import { SnapshotStore } from '../snapshot-store';

const ConfigContext = createContext<PublicConfig | null>(null);

export function useConfig(): PublicConfig {
    const config = useContext(ConfigContext);
    if (!config) throw new Error('useConfig needs <Providers> around it.');
    return config;
}

interface ProvidersProps {
    readonly nonce: string;
    readonly snapshot: Snapshot;
    readonly config: PublicConfig;
    readonly children: ReactNode;
}

export function Providers({ nonce, snapshot, config, children }: ProvidersProps) {
    const [client] = useState(
        () => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } }),
    );
    const [store] = useState(() => new SnapshotStore(snapshot));
    return (
        <ThemeProvider attribute="class" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
            <QueryClientProvider client={client}>
                <ConfigContext value={config}>
                    <SnapshotContext value={store}>
                        <SnapshotStream />
                        {children}
                    </SnapshotContext>
                </ConfigContext>
            </QueryClientProvider>
        </ThemeProvider>
    );
}

function SnapshotStream() {
    useSnapshotStream();
    return null;
}
