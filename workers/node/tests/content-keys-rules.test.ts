import { describe, expect, it, vi } from 'vitest';
import { ContentKeys, groupOfObject } from '../src/content-keys/content-keys.js';
import { endOf } from '../src/content-keys/contract-end.js';
import type { ContractView, TopologyPort } from '../src/index.js';
import { readClock } from './content-keys-support.js';
import { createWorld, fixedTopology, named, silent } from './support.js';

const gone = named('a closed contract').address;

/** Keys over a storage that notes what is erased, with the content of one contract that no view names. */
function keysOver(findContract: TopologyPort['findContract'], eraseGroup = vi.fn(async (_: string) => 1)) {
    const world = createWorld();
    const groups = new Set([`contract ${gone}`, 'origin.example:80']);
    const erase = vi.fn(async (group: string) => {
        const removed = await eraseGroup(group);
        groups.delete(group);
        return removed;
    });
    const log = { ...silent, error: vi.fn(), debug: vi.fn() };
    const time = { ms: Date.now() };
    const keys = new ContentKeys({
        storage: { groups: () => new Set(groups), closeGroup: vi.fn(), eraseGroup: erase },
        topology: { ...fixedTopology(world.view), findContract },
        clock: readClock({ ms: 0 }),
        now: () => time.ms,
        log,
        node: world.relays[0]!.address,
    });
    const pass = async (minutes = 0): Promise<string[]> => {
        time.ms += minutes * 60_000;
        await keys.eraseEnded();
        await keys.eraseClosed();
        return erase.mock.calls.map(([group]) => group);
    };
    return { keys, pass, world, log, groups };
}

describe('a contract that the view does not name', () => {
    it('has ended once the chain has said three times, minutes apart, that there is no such account', async () => {
        const findContract = vi.fn(async () => null);
        const { pass, keys } = keysOver(findContract);
        for (const minutes of [0, 0.5, 1]) expect(await pass(minutes)).toEqual([]);
        expect(findContract).toHaveBeenCalledTimes(2);
        expect(await pass(1)).toEqual(['origin.example:80', `contract ${gone}`]);
        expect(keys.counters).toEqual({ erased: 1, failures: 0 });
    });

    it('goes on where an answer in between says that it is there', async () => {
        const { contracts } = createWorld().view;
        const there = { ...contracts[0]!, address: gone };
        let asked = 0;
        const { pass } = keysOver(async () => {
            asked += 1;
            return asked % 3 === 0 ? there : null;
        });
        for (let minute = 0; minute < 9; minute += 1) expect(await pass(1)).toEqual([]);
        expect(asked).toBe(9);
    });

    it('is judged by its account where there is one', async () => {
        const { contracts } = createWorld().view;
        const { pass } = keysOver(async () => ({ ...contracts[0]!, address: gone, state: 'settled' }));
        expect(await pass()).toContain(`contract ${gone}`);
    });

    it('goes on where nobody can be asked, or the question fails each time', async () => {
        const broken = vi.fn(() => Promise.reject(new Error('connection refused')));
        for (const find of [undefined, broken]) {
            const { pass } = keysOver(find);
            for (let minute = 0; minute < 6; minute += 1) expect(await pass(1)).toEqual([]);
        }
        expect(broken).toHaveBeenCalledTimes(6);
    });
});

describe('an erasure that fails', () => {
    it('is told once, counted, and tried again until it succeeds', async () => {
        let isBroken = true;
        const eraseGroup = vi.fn(async (group: string) => {
            if (isBroken && group.startsWith('contract ')) throw Object.assign(new Error('disk'), { code: 'EIO' });
            return 1;
        });
        const { contracts } = createWorld().view;
        const { pass, keys, log, groups } = keysOver(
            async () => ({ ...contracts[0]!, address: gone, state: 'cancelled' }),
            eraseGroup,
        );
        await pass();
        await pass(1);
        expect(keys.counters).toEqual({ erased: 0, failures: 2 });
        expect(log.error).toHaveBeenCalledTimes(1);
        expect(keys.held).toBe(1);
        isBroken = false;
        await pass(1);
        expect([keys.counters.erased, keys.held, groups.size]).toEqual([1, 0, 0]);
    });
});

describe('the end of a contract', () => {
    const contract = createWorld({ nowMs: 1_000_000_000_000 }).view.contracts[0]!;
    const endMs = (contract.genesisSecs + contract.epochCount * contract.epochLengthSecs) * 1000;
    const at = (protocolMs: number | null, change: Partial<ContractView> = {}) =>
        endOf({ ...contract, ...change }, { protocolMs, tokenGraceSecs: 600 });

    it('is its terminal state, whatever the time; or the end of its last epoch and the grace of the tokens', () => {
        expect([at(null, { state: 'settled' }), at(null, { state: 'cancelled' })]).toEqual(['settled', 'cancelled']);
        for (const state of ['proposed', 'active', 'underfunded', 'closing'] as const) {
            expect([at(null, { state }), at(endMs + 599_999, { state }), at(endMs + 600_000, { state })]).toEqual([
                null,
                null,
                'over',
            ]);
        }
    });

    it('is earlier for one that was terminated', () => {
        const epochCount = contract.epochCount - 10;
        expect(at(endMs - 36_000_000 + 600_000, { epochCount })).toBe('over');
    });
});

describe('whose content an object is', () => {
    it('says its description, else the authority of its key', () => {
        expect(groupOfObject({ key: 'origin.example/a', meta: { contract: gone } })).toBe(`contract ${gone}`);
        expect(groupOfObject({ key: 'origin.example/a', meta: { contract: null } })).toBe('origin.example');
    });
});
