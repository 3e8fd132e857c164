import { defineConfig } from 'vitest/config';

const onChain = 'tests/{programs,flows,properties}/**/*.test.ts';
/** Tests run on TypeScript sources: workspace packages resolve by the condition `ocm-source`, no build needed. */
const conditions = ['ocm-source', 'node', 'import', 'default'];
export const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
export const limits = { testTimeout: 60_000, hookTimeout: 120_000, pool: 'forks' as const };

export default defineConfig({
    test: {
        projects: [
            {
                ...shared,
                // Each test has a chain of its own, and nothing else that lasts: loading SDK and runtime anew for each file would
                // take half of the time.
                test: {
                    ...limits,
                    name: 'chain',
                    include: [onChain],
                    isolate: false,
                    execArgv: ['--expose-gc'],
                    setupFiles: ['tests/support/collect-garbage.ts'],
                },
            },
            {
                ...shared,
                test: {
                    ...limits,
                    name: 'all else',
                    include: ['{sdk,workers,migrations,scripts,app,tests}/**/*.test.{ts,tsx}'],
                    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**', onChain],
                },
            },
        ],
    },
});
