'use client';

import { WalletReadyState } from '@solana/wallet-adapter-base';
import { useConnection, useWallet } from '@solana/wallet-adapter-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { formatAmount, shorten } from '../../../lib/format';
import { Button } from '../../../ui/button';
import { Copyable } from '../../../ui/copyable';

const LAMPORTS_DECIMALS = 9;
const BALANCE_INTERVAL_MS = 15_000;

export function WalletButton() {
    const { publicKey, connecting } = useWallet();
    const [open, setOpen] = useState(false);
    const holder = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (!open) return;
        const close = (event: Event) => {
            const escaped = event instanceof KeyboardEvent && event.key === 'Escape';
            const outside = !(event instanceof KeyboardEvent) && !holder.current?.contains(event.target as Node);
            if (escaped || outside) setOpen(false);
        };
        document.addEventListener('pointerdown', close);
        document.addEventListener('keydown', close);
        return () => {
            document.removeEventListener('pointerdown', close);
            document.removeEventListener('keydown', close);
        };
    }, [open]);
    const label = publicKey ? shorten(publicKey.toBase58()) : connecting ? 'Connecting…' : 'Connect wallet';
    return (
        <div ref={holder} className="relative">
            <Button
                size="small"
                className="min-w-36"
                aria-expanded={open}
                aria-haspopup="true"
                onClick={() => setOpen((value) => !value)}
            >
                {label}
            </Button>
            {open ? (
                <div className="absolute right-0 z-50 mt-2 w-72 max-w-[calc(100vw-2rem)] rounded-lg border border-line bg-surface p-4 text-sm shadow-lg">
                    {publicKey ? <Connected /> : <Choice onDone={() => setOpen(false)} />}
                </div>
            ) : null}
        </div>
    );
}

function Connected() {
    const { connection } = useConnection();
    const { publicKey, wallet, disconnect } = useWallet();
    const { data: lamports, isError } = useQuery({
        queryKey: ['balance', publicKey?.toBase58()],
        enabled: publicKey !== null,
        refetchInterval: BALANCE_INTERVAL_MS,
        queryFn: () => (publicKey ? connection.getBalance(publicKey) : 0),
    });
    if (!publicKey) return null;
    return (
        <div className="space-y-3">
            <p className="font-medium">{wallet?.adapter.name}</p>
            <p>
                <span className="block text-muted">Address</span>
                <Copyable value={publicKey.toBase58()} what="address" ends={8} />
            </p>
            <p>
                <span className="block text-muted">Balance</span>
                {isError
                    ? 'The chain does not answer.'
                    : lamports === undefined
                      ? '…'
                      : `${formatAmount(BigInt(lamports), LAMPORTS_DECIMALS)} SOL`}
            </p>
            <Button size="small" className="w-full" onClick={() => void disconnect()}>
                Disconnect
            </Button>
        </div>
    );
}

function Choice({ onDone }: { onDone: () => void }) {
    const { wallets, select, connect, wallet, connected } = useWallet();
    const [message, setMessage] = useState<string | null>(null);
    const ready = wallets.filter(({ readyState }) => readyState === WalletReadyState.Installed);
    // `select` takes effect with the next render; only then can the chosen wallet be asked.
    const chosen = wallet?.adapter.name;
    const [wanted, setWanted] = useState<string | null>(null);
    useEffect(() => {
        if (wanted === null || wanted !== chosen || connected) return;
        setWanted(null);
        connect().then(onDone, (error: unknown) =>
            setMessage(error instanceof Error && error.message ? error.message : 'The wallet did not connect.'),
        );
    }, [wanted, chosen, connected, connect, onDone]);
    if (ready.length === 0) {
        return (
            <p className="text-muted">
                No wallet found in this browser. Any wallet that follows the Wallet Standard appears here by itself.
                Looking around needs none.
            </p>
        );
    }
    return (
        <div className="space-y-2">
            <p className="text-muted">Connecting shows your address and balance. Nothing is signed.</p>
            {ready.map(({ adapter }) => (
                <Button
                    key={adapter.name}
                    className="w-full"
                    onClick={() => {
                        setMessage(null);
                        select(adapter.name);
                        setWanted(adapter.name);
                    }}
                >
                    {adapter.name}
                </Button>
            ))}
            {message ? (
                <p role="alert" className="text-bad">
                    {message}
                </p>
            ) : null}
        </div>
    );
}
