import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

// No third-party request by itself, and builds work offline.
process.env.NEXT_TELEMETRY_DISABLED = '1';

const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

const config: NextConfig = {
    turbopack: { root: repositoryRoot },
    outputFileTracingRoot: repositoryRoot,
    // `npm run typecheck` checks types (CI runs it); checking them again on each start of a fresh clone costs seconds.
    typescript: { ignoreBuildErrors: true },
    // Loaded by Node as they are: bundling them for the server takes build time and gains nothing.
    serverExternalPackages: [
        '@coral-xyz/anchor',
        '@metaplex-foundation/umi',
        '@metaplex-foundation/umi-bundle-defaults',
        '@solana/spl-token',
        '@solana/web3.js',
    ],
    poweredByHeader: false,
    reactStrictMode: true,
    devIndicators: false,
    // `next dev` must not write files into the repository.
    agentRules: false,
};

export default config;
