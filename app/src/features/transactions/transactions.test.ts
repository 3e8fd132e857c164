import { IDLS } from '@ocm/sdk';
import type { Connection } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { EVENT_SENTENCES } from './event-sentences';
import { describeEvent } from './event-words';
import { explorerUrl } from './explorer-url';
import { TransactionLog } from './server/transaction-log';

const context = {
    money: (amount: bigint) => `${amount} units`,
    nameOf: (address: string) => (address === 'P' ? 'CAST' : null),
};

describe('events in words', () => {
    it('say what happened with its figures', () => {
        const data = { contract: 'C', epoch: 3, kind: 0, totalBytes: 12_345_678n, gross: 61_728n };
        expect(describeEvent({ name: 'DeliveryCommitted', data }, context)).toBe(
            'Deliveries committed: epoch 3, 12.3 MB, gross 61728 units',
        );
        const payout = { contract: 'C', index: 1, payee: { toBase58: () => 'P' }, amount: 5n };
        expect(describeEvent({ name: 'PayoutWithdrawn', data: payout }, context)).toBe(
            'Payout withdrawn: 5 units, to CAST',
        );
    });

    it.each(Object.values(IDLS).flatMap(({ events }) => events.map(({ name }) => name)))(
        'are written for %s',
        (name) => {
            expect(EVENT_SENTENCES[name]).toMatch(/^[A-Z].{5,}$/);
        },
    );

    it('are written for no event that there is not, and for none twice', () => {
        const known: string[] = Object.values(IDLS).flatMap(({ events }) => events.map(({ name }) => name));
        expect(Object.keys(EVENT_SENTENCES).filter((name) => !known.includes(name))).toEqual([]);
        expect(new Set(Object.values(EVENT_SENTENCES)).size).toBe(Object.keys(EVENT_SENTENCES).length);
    });

    it('say that stake is bound to a contract, not to one commitment', () => {
        const words = describeEvent({ name: 'StakeLocked', data: { amount: 7n } }, context);
        expect(words).toBe('Stake bound to a contract: 7 units');
    });

    it('spell out the names of events that are not known', () => {
        expect(describeEvent({ name: 'SomethingNewDone', data: {} }, context)).toBe('Something new done');
    });
});

describe('explorer links', () => {
    it('name a custom cluster by its URL and public ones by name', () => {
        expect(explorerUrl('sig', { name: 'Local cluster', rpcUrl: 'http://127.0.0.1:8899' })).toBe(
            'https://explorer.solana.com/tx/sig?cluster=custom&customUrl=http%3A%2F%2F127.0.0.1%3A8899',
        );
        expect(explorerUrl('sig', { name: 'Devnet', rpcUrl: 'x' })).toBe(
            'https://explorer.solana.com/tx/sig?cluster=devnet',
        );
        expect(explorerUrl('sig', { name: 'Mainnet Beta', rpcUrl: 'x' })).toBe('https://explorer.solana.com/tx/sig');
        expect(explorerUrl('mint', { name: 'Devnet', rpcUrl: 'x' }, 'address')).toBe(
            'https://explorer.solana.com/address/mint?cluster=devnet',
        );
    });
});

describe('TransactionLog', () => {
    const CONTRACT = 'SysvarRent111111111111111111111111111111111';

    function fakeChain() {
        const chain: string[] = [];
        const reads: string[] = [];
        const connection = {
            getSignaturesForAddress: async (_: unknown, { until }: { until?: string }) => {
                const newestFirst = chain.toReversed();
                const end = until ? newestFirst.indexOf(until) : newestFirst.length;
                return newestFirst.slice(0, end).map((signature) => ({ signature }));
            },
            getTransaction: async (signature: string) => {
                reads.push(signature);
                const failed = signature.startsWith('bad');
                return {
                    slot: chain.indexOf(signature) + 1,
                    blockTime: 7,
                    meta: { err: failed ? {} : null },
                    transaction: { message: {} },
                };
            },
        } as unknown as Connection;
        return { chain, reads, connection };
    }

    it('reads each transaction once, whichever accounts name it, and keeps the newest first', async () => {
        const { chain, reads, connection } = fakeChain();
        const log = new TransactionLog(connection);
        chain.push('one', 'two');
        await log.update([CONTRACT, CONTRACT]);
        chain.push('bad three');
        const all = await log.update([CONTRACT]);
        expect(all.map(({ signature }) => signature)).toEqual(['bad three', 'two', 'one']);
        expect(all[0]?.failed).toBe(true);
        expect(reads).toHaveLength(3);
    });

    it('forgets the old chain when a new one is started', async () => {
        const { chain, connection } = fakeChain();
        const log = new TransactionLog(connection);
        chain.push('one');
        await log.update([CONTRACT]);
        log.clear();
        chain.length = 0;
        expect(await log.update([CONTRACT])).toEqual([]);
    });
});
