import { defineConfig } from 'vitest/config';

/** Tests run on TypeScript sources: workspace packages resolve by the condition `ocm-source`, no build needed. */
export default defineConfig({
    resolve: { conditions: ['ocm-source', 'node', 'import', 'default'] },
    ssr: { resolve: { conditions: ['ocm-source', 'node', 'import', 'default'] } },
    test: {
        include: ['{sdk,workers,migrations,scripts,app,tests}/**/*.test.{ts,tsx}'],
        exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
        testTimeout: 60_000,
        hookTimeout: 120_000,
        pool: 'forks',
    },
});
