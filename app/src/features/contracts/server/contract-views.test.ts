import { describe, expect, it } from 'vitest';
import { addressOf, chainOf, commitmentAccount, contractAccount } from '../../../test-support/contract';
import { nodeView } from '../../../test-support/views';
import type { LoggedTransaction } from '../../transactions/server/transaction-log';
import { type ContractSources, toContractViews } from './contract-views';

const CONTRACT = addressOf('contract').toBase58();

function transaction(signature: string, slot: number, name: string, data: Record<string, unknown>): LoggedTransaction {
    const events = [{ name, data: { contract: addressOf('contract'), ...data } }];
    return { signature, slot, atSecs: 1_000 + slot, failed: false, events };
}

const SETTLED_EPOCH: LoggedTransaction[] = [
    transaction('settle', 3, 'DeliverySettled', { epoch: 0, kind: 0, penalty: 0n, net: 60_000n, fee: 1_200n }),
    transaction('cosign', 2, 'DeliveryCosigned', { epoch: 0, kind: 0 }),
    transaction('commit', 1, 'DeliveryCommitted', {
        epoch: 0,
        kind: 0,
        root: new Uint8Array(32).fill(3),
        leafCount: 2,
        totalBytes: 12_000_000n,
        gross: 60_000n,
    }),
];

function view(change: Partial<ContractSources> = {}) {
    const contract = contractAccount();
    const sources: ContractSources = {
        chain: chainOf(contract, [commitmentAccount()]),
        nodes: [],
        labels: { [addressOf('cast').toBase58()]: 'CAST', [addressOf('wallet of seller').toBase58()]: 'Operator' },
        transactions: SETTLED_EPOCH,
        evidence: new Map(),
        provider: null,
        nowSecs: 1_045,
        ...change,
    };
    const [shown] = toContractViews(sources, (problem) => {
        throw new Error(problem.message);
    });
    return shown;
}

describe('the view of a contract', () => {
    it('adds up what is owed and names every payee, the treasury last', () => {
        const contract = view();
        expect(contract?.escrow).toMatchObject({ owed: '60000', balance: '19000000', openGross: '500' });
        expect(contract?.payees.map(({ slot, label, owed }) => [slot, label, owed])).toEqual([
            [0, null, '41160'],
            [1, 'CAST', '17640'],
            [8, 'Treasury', '1200'],
        ]);
    });

    it('reserves the epochs ahead at the cap, and only what is open once the contract is over', () => {
        // 80 000 kilobit/s · 125 · 20 s = 200 MB at 5 per GB = 1 000 000, plus the fee of 1 000; twice, plus 500 open.
        expect(view()?.escrow.reserve).toBe('2002500');
        const over = contractAccount({ state: 'settled', openGross: 0n });
        expect(view({ chain: chainOf(over, []) })?.escrow.reserve).toBe('0');
    });

    it('tells an epoch by its account, by its events after the account is closed, and by the clock', () => {
        const epochs = view()?.epochs ?? [];
        expect(epochs.map(({ epoch, phase }) => [epoch, phase])).toEqual([
            [0, 'settled'],
            [1, 'committed'],
            [2, 'running'],
        ]);
        expect(epochs[0]?.commitments[0]).toMatchObject({
            open: false,
            totalBytes: '12000000',
            net: '60000',
            fee: '1200',
            root: '03'.repeat(32),
            steps: [{ name: 'Committed' }, { name: 'Co-signed' }, { name: 'Settled' }],
        });
        expect(epochs[1]?.commitments[0]).toMatchObject({ open: true, net: null, gross: '500' });
    });

    it('counts committed bytes of all epochs and settled bytes from the contract', () => {
        expect(view()?.bytes).toEqual({ served: null, receipted: null, committed: '12100000', settled: '12000000' });
    });

    it('adds up what the seller’s own nodes served, and no one else’s', () => {
        const { status } = nodeView();
        const figures = status && { ...status, servedBytes: '700', receiptedBytes: '600' };
        const seller = addressOf('seller').toBase58();
        const nodes = [
            nodeView({ address: 'a', participant: seller, status: figures }),
            nodeView({ address: 'b', participant: seller, status: null }),
            nodeView({ address: 'c', status: figures }),
        ];
        expect(view({ nodes })?.bytes).toMatchObject({ served: '700', receipted: '600' });
    });

    it('adds up payouts by the place of the payee', () => {
        const payouts = [0, 1, 1, 8].map((index, at) =>
            transaction(`payout ${at}`, 4 + at, 'PayoutWithdrawn', { index, payee: addressOf('cast'), amount: 10n }),
        );
        expect(view({ transactions: payouts })?.payees.map(({ paid }) => paid)).toEqual(['10', '20', '10']);
    });

    it('ignores payouts of other contracts', () => {
        const foreign = { ...transaction('x', 4, 'PayoutWithdrawn', { index: 0, amount: 10n }) };
        const events = foreign.events.map((event) => ({
            ...event,
            data: { ...event.data, contract: addressOf('other') },
        }));
        expect(view({ transactions: [{ ...foreign, events }] })?.payees[0]?.paid).toBe('0');
    });

    it('names parties by their labels or not at all', () => {
        const contract = view();
        expect(contract?.address).toBe(CONTRACT);
        expect(contract?.seller.label).toBe('Operator');
        expect(contract?.contentProvider).toMatchObject({ owner: null, label: null });
    });

    it('leaves out a contract that cannot be computed, says so, and shows the others', () => {
        const broken = contractAccount({ address: addressOf('broken'), capKilobitsPerSecond: (1n << 64n) - 1n });
        const good = contractAccount();
        const chain = { ...chainOf(good, []), contracts: [broken, good] };
        const problems: string[] = [];
        const views = toContractViews(
            { chain, nodes: [], labels: {}, transactions: [], evidence: new Map(), provider: null, nowSecs: 1_045 },
            ({ source }) => problems.push(source),
        );
        expect(views.map(({ address }) => address)).toEqual([CONTRACT]);
        expect(problems).toEqual([`Contract ${addressOf('broken').toBase58()}`]);
    });
});
