import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Frame } from '../features/live/components/frame';
import { Providers } from '../features/live/components/providers';
import { loadPage } from '../features/live/server/load-page';
import './globals.css';

export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
    title: { default: 'Open Capacity Marketplace', template: '%s · Open Capacity Marketplace' },
    description: 'Delivery capacity bought under contracts with escrow, proved and paid.',
    icons: { icon: { url: '/icon.svg', type: 'image/svg+xml' } },
};

export const viewport: Viewport = {
    themeColor: [
        { media: '(prefers-color-scheme: light)', color: '#f6f7f8' },
        { media: '(prefers-color-scheme: dark)', color: '#0e1216' },
    ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
    const nonce = (await headers()).get('x-nonce') ?? '';
    const page = await loadPage();
    return (
        // The theme's class is set by a script before the first paint, so it differs from the server's markup.
        <html lang="en" suppressHydrationWarning>
            <body>
                <Providers nonce={nonce} snapshot={page.snapshot} config={page.config}>
                    <Frame>{children}</Frame>
                </Providers>
            </body>
        </html>
    );
}
