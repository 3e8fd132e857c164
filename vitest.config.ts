import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests run on TypeScript sources: workspace packages resolve by the condition `ocm-source`, no build needed. */
const conditions = ['ocm-source', 'node', 'import', 'default'];
export const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } };
export const limits = {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks' as const,
    /** Longer than any pause of the machine: what a test polls for comes soon, or never. */
    expect: { poll: { timeout: 30_000 } },
};

/**
 * Tests of the programs. Each has a chain of its own and nothing else that lasts, so that the files of a folder share their
 * processes: loading SDK and runtime anew for each file takes half of the time. What a process has had of memory it keeps,
 * a gigabyte and a half after forty files; hence a project for each folder, not one for all.
 */
const ON_CHAIN = [
    ...['programs/registry', 'programs/market', 'programs/settlement', 'programs/governance', 'flows'],
    ...['properties', 'attacks', 'cluster', 'indexer', 'verifier', 'watcher'],
];
/** Nodes in the tests' own process, which share what it takes to load one: that was most of their time. */
const NODE = 'workers/node/tests/**/*.test.ts';
/** Small tests of modules, which have nothing of their own that another one could meet. */
const UNITS = '{sdk,scripts,migrations,workers/{provider,committer,runtime,indexer,verifier}}/**/*.test.ts';
/**
 * Tests that start most of the processes there are, kill some, and a browser: after all others, two at a time, as each waits for the
 * most of its time. The longest takes as long as all others of them together.
 */
const WHOLE = 'tests/{e2e,campaign}/**/*.test.ts';
/** Hosts of their own need root, and minutes: CI asks for them. */
const NETWORK = 'tests/network/**/*.test.ts';
const withNetwork = process.env.OCM_TEST_NETWORK !== undefined;
const EVERYTHING = '{sdk,workers,migrations,scripts,app,tests}/**/*.test.{ts,tsx}';
const NEVER = ['**/node_modules/**', '**/dist/**', '**/.next/**'];
/** A chain that all tests share allows four mints, and each process needs two of its own (`tests/support/market.ts`). */
const MOST_ON_A_SHARED_CHAIN = 2;
const isShared = process.env.OCM_TEST_RPC_URL !== undefined;
/** Most tests wait for something most of the time; the runner by itself would leave one of two cores idle. */
const maxWorkers = Math.min(availableParallelism(), isShared ? MOST_ON_A_SHARED_CHAIN : Number.POSITIVE_INFINITY);

export default defineConfig({
    test: {
        projects: [
            ...ON_CHAIN.map((folder) => ({
                ...shared,
                test: {
                    ...limits,
                    name: folder,
                    include: [`tests/${folder}/**/*.test.ts`],
                    isolate: false,
                    execArgv: ['--expose-gc'],
                    setupFiles: ['tests/support/collect-garbage.ts'],
                    maxWorkers,
                    sequence: { groupOrder: 0 },
                },
            })),
            {
                ...shared,
                test: {
                    ...limits,
                    name: 'node',
                    include: [NODE],
                    isolate: false,
                    setupFiles: ['workers/node/tests/remove-folders.ts'],
                    maxWorkers,
                    sequence: { groupOrder: 0 },
                },
            },
            {
                ...shared,
                test: {
                    ...limits,
                    name: 'units',
                    include: [UNITS],
                    exclude: NEVER,
                    isolate: false,
                    maxWorkers,
                    sequence: { groupOrder: 0 },
                },
            },
            {
                ...shared,
                test: {
                    ...limits,
                    name: 'all else',
                    include: [EVERYTHING],
                    exclude: [...NEVER, WHOLE, NETWORK, NODE, UNITS, ...ON_CHAIN.map((folder) => `tests/${folder}/**`)],
                    maxWorkers,
                    sequence: { groupOrder: 0 },
                },
            },
            {
                ...shared,
                test: { ...limits, name: 'whole', include: [WHOLE], maxWorkers, sequence: { groupOrder: 1 } },
            },
            ...(withNetwork
                ? [
                      {
                          ...shared,
                          test: {
                              ...limits,
                              name: 'network',
                              include: [NETWORK],
                              maxWorkers: 1,
                              sequence: { groupOrder: 2 },
                          },
                      },
                  ]
                : []),
        ],
    },
});
