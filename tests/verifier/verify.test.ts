import { canonicalJson, createStatement, openMemory, toCsv, toJson, verifyCopy } from '@ocm/verifier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

const BAD_SERVICE = { availabilityPpm: 980_000, errorPpm: 100, ttfbP95Ms: 80, stallPpm: 50, sessions: 3 };
const all = { contract: null, epoch: null };
let world: World;
let files: Map<string, Uint8Array>;
let forged: string;

beforeAll(async () => {
    world = await createWorld();
    await world.deliver(0, { sla: BAD_SERVICE });
    await world.settle(0);
    await world.deliver(1);
    await world.settle(1);
    for (const index of [0, 1, 8]) await world.withdraw(index);
    await world.close(0);
    // An operator that adds a session of its own invention and commits to it.
    ({ address: forged } = await world.forge(2));
    ({ files } = await world.fetch());
});
afterAll(() => world.dispose());

/** Without one kind of file. */
const without = (form: RegExp) => openMemory(new Map([...files].filter(([path]) => !form.test(path))));

describe('a statement', () => {
    it('has each amount to the base unit, as the chain paid it', async () => {
        const { lines, payees, vault, states } = createStatement(await verifyCopy(openMemory(files), all), null);
        // 4,812,018 bytes at 5,000 a gigabyte are 24; the minimum of 100 tops it up, and a tenth of it goes back.
        expect(lines[0]).toMatchObject({
            gross: 24n,
            topUp: 76n,
            penaltyBasisPoints: 1_000,
            penalty: 10n,
            net: 90n,
            fee: 1n,
        });
        expect(lines[0]).toMatchObject({
            payouts: [62n, 22n, 4n, 0n, 0n, 0n, 0n, 0n],
            treasury: 2n,
            loggedBytes: 4_812_018n,
        });
        const contract = await world.contract();
        expect(payees.map(({ owed }) => owed)).toEqual([0, 1, 2, 8].map((place) => contract.owed[place]));
        expect(payees.reduce((sum, { earned }) => sum + earned, 0n)).toBe(contract.paidTotal);
        expect(vault).toBe(contract.depositedTotal - payees.reduce((sum, { paid }) => sum + paid, 0n));
        expect(states).toEqual(['active']);
    });

    it('is exported with amounts as texts, one row per commitment', async () => {
        const statement = createStatement(await verifyCopy(openMemory(files), all), null);
        expect(JSON.parse(toJson(statement))).toMatchObject({
            lines: [{ epoch: 0, net: '90' }, { epoch: 1 }, { epoch: 2 }],
        });
        const rows = toCsv(statement).trimEnd().split('\r\n');
        expect(rows).toHaveLength(4);
        expect(rows[1]?.split(',')).toHaveLength(rows[0]?.split(',').length ?? 0);
    });

    it('names the session that an operator has invented, and nothing else', async () => {
        const { findings } = await verifyCopy(openMemory(files), all);
        expect(new Set(findings.differences.map(({ file }) => file))).toEqual(
            new Set([`commitments/${forged}/manifest.json`]),
        );
        expect(findings.differences.map(({ problem }) => problem)).toEqual([
            "token is not signed by the contract's issuer of the epoch",
        ]);
    });

    it('of one epoch speaks of that epoch, and follows the money from the beginning', async () => {
        const { files: some } = await world.fetch({ epoch: 1 });
        expect([...some.keys()].filter((path) => path.endsWith('manifest.json'))).toHaveLength(1);
        const verification = await verifyCopy(openMemory(some), { contract: null, epoch: 1 });
        expect(verification.findings.differences).toEqual([]);
        expect(createStatement(verification, 1)).toMatchObject({ lines: [{ epoch: 1, sessions: 3 }] });
    });
});

describe('traffic without receipts', () => {
    it("is recomputed from its nodes and their bytes, and said to be the seller's own figure", async () => {
        const { address, manifest } = await world.commitUnsigned(3, 5_000_000n);
        const { files: some } = await world.fetch();
        const path = `commitments/${address}/manifest.json`;
        const copy = (bytes: string) => {
            const text = canonicalJson({ ...manifest, unsigned: [{ ...manifest.unsigned[0], bytes }] });
            return openMemory(new Map(some).set(path, new TextEncoder().encode(text)));
        };
        const right = await verifyCopy(copy('5000000'), all);
        expect(right.findings.differences.filter(({ file }) => file === path)).toEqual([]);
        expect([...right.findings.notes].join()).toContain(
            "5000000 bytes of unsigned viewers are the seller's own figure",
        );
        const wrong = await verifyCopy(copy('5000001'), all);
        expect(wrong.findings.differences.filter(({ file }) => file === path).length).toBeGreaterThan(1);
    });
});

describe('what is not in a copy', () => {
    it.each([
        ['manifests', /^commitments\//, 'none of its sessions was checked'],
        ['records', /\/records\//, 'their log roots were not checked'],
        ['the parameters', /^params/, 'taken from the account'],
        ['the accounts', /^accounts\//, 'only its transactions were checked'],
    ])('is said in words where it is %s', async (_, form, words) => {
        const { findings } = await verifyCopy(without(form), { contract: world.address, epoch: null });
        expect([...findings.notes].join('\n')).toContain(words);
        expect(findings.differences.filter(({ file }) => !file.includes(forged))).toEqual([]);
    });

    it('differs where it is a transaction: the accounts do not follow from the others', async () => {
        const { findings } = await verifyCopy(without(/^transactions\/000009/), all);
        expect(findings.differences.length).toBeGreaterThan(1);
    });

    it('differs where a log file is missing that records name', async () => {
        const { findings } = await verifyCopy(without(/^logs\//), all);
        expect(findings.differences.map(({ problem }) => problem).join('\n')).toContain('which is no record');
    });
});

describe('what is in a copy and does not belong there', () => {
    it.each(['notes.txt', 'accounts/11111111111111111111111111111111.json', '../copy.json', 'logs/x/y'])(
        '%s is named',
        async (path) => {
            const { findings } = await verifyCopy(openMemory(new Map(files).set(path, new Uint8Array(3))), all);
            expect(findings.differences.map(({ file }) => file)).toContain(path);
        },
    );
});
