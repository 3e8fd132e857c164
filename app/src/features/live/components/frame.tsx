'use client';

import dynamic from 'next/dynamic';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { classNames } from '../../../ui/class-names';
import { ContractIcon, MapIcon } from '../../../ui/icons';
import { ClusterBadge } from '../../cluster/components/cluster-badge';
import { useSnapshot } from '../hooks/use-snapshot';
import { ConnectionBadge } from './connection-badge';
import { Problems } from './problems';
import { ThemeToggle } from './theme-toggle';

// Wallets exist only in a browser; their libraries load after the page stands.
const WalletButton = dynamic(() => import('../../wallet/components/wallet'), {
    ssr: false,
    loading: () => <span className="inline-block h-8 w-36 rounded-md border border-line" />,
});

const PLACES = [
    { href: '/', name: 'Explore', Icon: MapIcon },
    { href: '/contracts', name: 'Contracts', Icon: ContractIcon },
] as const;

export function Frame({ children }: { children: ReactNode }) {
    return (
        <>
            <a
                href="#content"
                className="sr-only z-50 rounded-md bg-accent px-4 py-2 text-accent-text focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
            >
                Skip to content
            </a>
            <header className="z-40 border-line border-b bg-surface md:sticky md:top-0">
                <div className="mx-auto flex max-w-[100rem] flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 sm:px-6">
                    <Link href="/" className="mr-auto flex items-center gap-2 font-semibold">
                        <Mark />
                        <span>Open Capacity Marketplace</span>
                    </Link>
                    <ClusterBadge />
                    <ConnectionBadge />
                    <div className="flex items-center gap-2">
                        <ThemeToggle />
                        <WalletButton />
                    </div>
                </div>
            </header>
            <div className="mx-auto max-w-[100rem] md:grid md:grid-cols-[12rem_minmax(0,1fr)]">
                <Places />
                <main id="content" tabIndex={-1} className="min-w-0 px-4 pt-4 pb-16 outline-none sm:px-6 md:pt-8">
                    <Problems problems={useSnapshot().problems} />
                    {children}
                </main>
            </div>
        </>
    );
}

function Places() {
    const path = usePathname();
    return (
        <nav
            aria-label="Main"
            className="border-line border-b bg-surface px-2 py-2 sm:px-4 md:border-b-0 md:bg-transparent md:py-8"
        >
            <ul className="flex gap-1 md:sticky md:top-24 md:flex-col">
                {PLACES.map(({ href, name, Icon }) => {
                    const here = href === '/' ? path === '/' : path.startsWith(href);
                    return (
                        <li key={href}>
                            <Link
                                href={href}
                                aria-current={here ? 'page' : undefined}
                                className={classNames(
                                    'flex h-10 items-center gap-2 rounded-md px-3 font-medium',
                                    here ? 'bg-accent-soft text-accent' : 'text-muted hover:bg-sunken hover:text-text',
                                )}
                            >
                                <Icon />
                                {name}
                            </Link>
                        </li>
                    );
                })}
            </ul>
        </nav>
    );
}

function Mark() {
    return (
        <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true" className="text-accent">
            <rect width="32" height="32" rx="7" fill="currentColor" />
            <g className="stroke-accent-text" strokeWidth="2" fill="none">
                <path d="M9 22 16 10l7 12" />
            </g>
            <g className="fill-accent-text">
                <circle cx="16" cy="10" r="3.4" />
                <circle cx="9" cy="22" r="3.4" />
                <circle cx="23" cy="22" r="3.4" />
            </g>
        </svg>
    );
}
