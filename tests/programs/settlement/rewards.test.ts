import {
    fetchRewardPool,
    fetchRewardStatus,
    findRewardStatusAddress,
    getCancelRewardRootInstructions,
    getClaimRewardInstructions,
    getCloseRewardPoolInstructions,
    getCloseRewardStatusInstructions,
    getCreateRewardPoolInstructions,
    getFundRewardPoolInstructions,
    getProposeRewardRootInstructions,
    getProveRewardInstructions,
    getRetireRewardPoolInstructions,
    getSetRewardAggregatorInstructions,
    getVetoRewardRootInstructions,
    getWithdrawRewardExcessInstructions,
    MAX_TRANSACTION_BYTES,
    type RewardProof,
} from '@ocm/sdk';
import { ComputeBudgetProgram, type Keypair, PublicKey, Transaction } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    activateRoot,
    claimReward,
    corruptField,
    createMint,
    createRewardPool,
    expectRefusal,
    fundWallet,
    mintTokens,
    ownerBalance,
    proposeRoot,
    putInForce,
    REWARD_BOND,
    REWARD_DELAY_SECS,
    readPool,
    rewardMember,
    rewardTree,
    send,
    swapAccount,
    type TestPool,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    testKeypair,
    tokenBalance,
    travel,
} from '../../support/index.js';

const refusal = (sending: Promise<unknown>, name: string) => expectRefusal(sending, 'settlement', name);
const prove = async ({ market, pool }: TestPool, proof: RewardProof) =>
    send(market, await getProveRewardInstructions({ payer: market.deployer.publicKey, pool, proof }));
const watcher = testKeypair('watcher');
async function veto({ market, pool }: TestPool, proof: RewardProof) {
    await fundWallet(market, watcher);
    await mintTokens(market, { mint: market.mint, owner: watcher.publicKey, amount: 0n });
    return send(market, await getVetoRewardRootInstructions({ vetoer: watcher.publicKey, pool, proof }), [watcher]);
}
const cancel = async ({ market, pool }: TestPool, authority: Keypair) =>
    send(market, await getCancelRewardRootInstructions({ authority: authority.publicKey, pool }), [authority]);
const withdraw = async ({ market, pool, creator: { owner } }: TestPool, amount: bigint, by = owner) =>
    send(market, await getWithdrawRewardExcessInstructions({ owner: by.publicKey, pool, amount }), [by]);
const fund = async ({ market, pool, creator: { owner } }: TestPool, amount: bigint) =>
    send(market, await getFundRewardPoolInstructions({ funder: owner.publicKey, pool, amount }), [owner]);
const retire = async ({ market, pool, creator: { owner } }: TestPool, by = owner) =>
    send(market, await getRetireRewardPoolInstructions({ owner: by.publicKey, pool }), [by]);
const appoint = async ({ market, pool, creator: { owner } }: TestPool, aggregator: PublicKey, by = owner) =>
    send(market, await getSetRewardAggregatorInstructions({ owner: by.publicKey, pool, aggregator }), [by]);
const closePool = async ({ market, pool }: TestPool) => send(market, await getCloseRewardPoolInstructions({ pool }));
const statusOf = ({ market, pool }: TestPool, index: number) =>
    fetchRewardStatus(market.connection, findRewardStatusAddress({ pool: pool.address, index }));
async function closeStatus(pool: TestPool, index: number) {
    const status = await statusOf(pool, index);
    if (!status) throw new Error('no status');
    return send(pool.market, await getCloseRewardStatusInstructions({ status }));
}

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('a reward pool with %s', (name) => {
    it('pays members what they earned since their last claim, and ends', async () => {
        const test = await createRewardPool({ tokenProgram: TOKEN_PROGRAMS[name] });
        const { market, pool, aggregator } = test;
        const first = rewardTree([100n, 200n, 300n]);
        await proposeRoot(test, first);
        expect(await ownerBalance(market, market.mint, aggregator.publicKey)).toBe(100_000n - REWARD_BOND);
        travel(market, REWARD_DELAY_SECS - 1n);
        await refusal(activateRoot(test), 'RewardRootNotDue');
        travel(market, 1n);
        const { events } = await activateRoot(test);
        expect(events.at(-1)).toMatchObject({ name: 'RewardRootActivated', data: { bond: REWARD_BOND } });
        expect(await ownerBalance(market, market.mint, aggregator.publicKey)).toBe(100_000n);
        const claimed = await claimReward(test, first.prove(1));
        const data = { pool: pool.address, index: 1, owner: rewardMember(1), lifetime: 200n, amount: 200n };
        expect(claimed.events.at(-1)).toEqual({
            program: 'settlement',
            name: 'RewardClaimed',
            data: { ...data, paidTotal: 200n },
        });
        await refusal(claimReward(test, first.prove(1)), 'RewardNothingDue');
        const second = rewardTree([100n, 250n, 300n, 50n]);
        await putInForce(test, second);
        await refusal(claimReward(test, first.prove(1)), 'RewardProofInvalid');
        for (const index of [3, 1, 0, 2]) await claimReward(test, second.prove(index));
        const paid = await Promise.all([0, 1, 2, 3].map((i) => ownerBalance(market, market.mint, rewardMember(i))));
        expect(paid).toEqual([100n, 250n, 300n, 50n]);
        expect(await readPool(market, pool.address)).toMatchObject({ paidTotal: 700n, statusCount: 4 });
        await refusal(closeStatus(test, 0), 'RewardPoolLive');
        await refusal(closePool(test), 'RewardPoolLive');
        await refusal(withdraw(test, 9_301n), 'RewardExcessTooSmall');
        await retire(test);
        await refusal(closePool(test), 'RewardStatusesOpen');
        for (const index of [0, 1, 2, 3]) await closeStatus(test, index);
        await refusal(closePool(test), 'RewardVaultNotEmpty');
        await withdraw(test, 9_300n);
        await closePool(test);
        expect(await fetchRewardPool(market.connection, pool.address)).toBeNull();
    });
});

describe('create_reward_pool', () => {
    const broken = async (change: (data: Buffer) => void, name: string) => {
        const { market, creator, aggregator } = await createRewardPool({ funding: 0n });
        const { address: mint, tokenProgram } = market.mint;
        const [owner, id] = [creator.owner.publicKey, 8n];
        const input = { owner, id, mint, tokenProgram, aggregator: aggregator.publicKey, bond: 1n, delaySecs: 60n };
        const instructions = await getCreateRewardPoolInstructions(input);
        for (const { data } of instructions) change(data);
        await refusal(send(market, instructions, [creator.owner]), name);
    };
    it('refuses delays outside their bounds', async () => {
        await broken((data) => data.writeBigInt64LE(0n, 56), 'RewardDelayOutOfRange');
        await broken((data) => data.writeBigInt64LE(30n * 86_400n + 1n, 56), 'RewardDelayOutOfRange');
    });
    it('refuses no bond', () => broken((data) => data.writeBigInt64LE(0n, 48), 'RewardBondZero'));

    it('refuses a mint that is not allowed, a stranger and who is not active', async () => {
        const { market, creator, aggregator } = await createRewardPool({ funding: 0n });
        const mint = await createMint(market, { name: 'other mint' });
        const base = { owner: creator.owner.publicKey, id: 9n, aggregator: aggregator.publicKey };
        const input = { ...base, mint: mint.address, bond: 1n, delaySecs: 60n };
        const build = await getCreateRewardPoolInstructions(input);
        await refusal(send(market, build, [creator.owner]), 'RewardMintNotAllowed');
        const good = await getCreateRewardPoolInstructions({ ...input, mint: market.mint.address });
        const foreign = swapAccount(good, creator.owner.publicKey, aggregator.publicKey);
        await refusal(send(market, foreign, [aggregator]), 'NotRewardCreator');
        await corruptField(market, {
            program: 'registry',
            account: 'Participant',
            address: creator.address,
            field: 'status',
            bytes: Uint8Array.of(2),
        });
        await refusal(send(market, good, [creator.owner]), 'ParticipantNotActive');
    });
});

describe('roots', () => {
    it('come from the aggregator alone, one at a time, and lose nothing', async () => {
        const test = await createRewardPool();
        const { market, pool, aggregator, creator } = test;
        const tree = rewardTree([10n, 20n]);
        const build = await getProposeRewardRootInstructions({ pool, tree });
        const stranger = swapAccount(build, aggregator.publicKey, creator.owner.publicKey);
        await refusal(send(market, stranger, [creator.owner]), 'NotRewardAggregator');
        for (const count of [0, (1 << 20) + 1]) {
            const [instruction] = await getProposeRewardRootInstructions({ pool, tree });
            instruction!.data.writeUInt32LE(count, 40);
            await refusal(send(market, [instruction!], [aggregator]), 'RewardCountOutOfRange');
        }
        await refusal(cancel(test, aggregator), 'RewardRootMissing');
        await refusal(activateRoot(test), 'RewardRootMissing');
        await proposeRoot(test, tree);
        await refusal(proposeRoot(test, tree), 'RewardRootPending');
        await refusal(appoint(test, creator.owner.publicKey), 'RewardRootPending');
        await refusal(cancel(test, market.deployer), 'NotRewardAggregator');
        await refusal(cancel(test, aggregator), 'RewardRootNotDue');
        travel(market, REWARD_DELAY_SECS);
        await activateRoot(test);
        const stale = (lifetimes: bigint[]) => getProposeRewardRootInstructions({ pool, tree: rewardTree(lifetimes) });
        await refusal(send(market, await stale([30n]), [aggregator]), 'RewardCountDecreased');
        await refusal(send(market, await stale([10n, 19n]), [aggregator]), 'RewardTotalDecreased');
    });

    it('come from the aggregator that the creator names', async () => {
        const test = await createRewardPool();
        const { market, pool, creator, aggregator } = test;
        const next = creator.hot.publicKey;
        await refusal(appoint(test, next, aggregator), 'NotRewardCreator');
        await appoint(test, next);
        expect(await fetchRewardPool(market.connection, pool.address)).toMatchObject({ aggregator: next });
    });

    it('can be cancelled by the creator at once and by the aggregator when due; the bond returns', async () => {
        const test = await createRewardPool();
        for (const [who, wait] of [
            [test.creator.owner, 0n],
            [test.aggregator, REWARD_DELAY_SECS],
        ] as const) {
            await proposeRoot(test, rewardTree([1n]));
            travel(test.market, wait);
            await cancel(test, who);
            expect(await ownerBalance(test.market, test.market.mint, test.aggregator.publicKey)).toBe(100_000n);
        }
    });

    it('need a vault that covers them beside the bond', async () => {
        const test = await createRewardPool({ funding: 29n });
        await proposeRoot(test, rewardTree([10n, 20n]));
        await refusal(withdraw(test, 30n), 'RewardExcessTooSmall');
        travel(test.market, REWARD_DELAY_SECS);
        await refusal(activateRoot(test), 'RewardVaultShort');
        await fund(test, 1n);
        await activateRoot(test);
        await refusal(withdraw(test, 1n), 'RewardExcessTooSmall');
    });
});

describe('veto_reward_root', () => {
    it('drops a root that takes from a member, for half of the bond', async () => {
        const test = await createRewardPool();
        const { market, pool } = test;
        const active = rewardTree([10n, 20n, 30n]);
        await putInForce(test, active);
        await prove(test, active.prove(1));
        await refusal(veto(test, active.prove(1)), 'RewardRootMissing');
        const bad = rewardTree([10n, 19n, 31n]);
        await proposeRoot(test, bad);
        await refusal(veto(test, active.prove(1)), 'RewardProofInvalid');
        const { events } = await veto(test, bad.prove(1));
        expect(events.at(-1)).toMatchObject({
            name: 'RewardRootVetoed',
            data: { index: 1, lifetimeBefore: 20n, lifetimeAfter: 19n, bounty: 500n, kept: 501n },
        });
        expect(await ownerBalance(market, market.mint, watcher.publicKey)).toBe(500n);
        expect(await readPool(market, pool.address)).toMatchObject({ pending: null, bondHeld: 0n });
        expect(await tokenBalance(market, pool.vault)).toBe(10_501n);
    });

    it('drops a root that gives an index away, and no root that only grows', async () => {
        const test = await createRewardPool();
        const active = rewardTree([10n, 20n]);
        await putInForce(test, active);
        await prove(test, active.prove(1));
        const good = rewardTree([10n, 21n]);
        await proposeRoot(test, good);
        await refusal(veto(test, good.prove(1)), 'RewardNotDecreased');
        await cancel(test, test.creator.owner);
        const stolen = rewardTree([10n, 20n], [rewardMember(0), rewardMember(9)]);
        await proposeRoot(test, stolen);
        await veto(test, stolen.prove(1));
        await putInForce(test, stolen);
        await refusal(claimReward(test, stolen.prove(1)), 'RewardOwnerWrong');
    });

    it('refuses the status of another pool', async () => {
        const test = await createRewardPool();
        const { market, pool, aggregator, creator } = test;
        const tree = rewardTree([10n]);
        await putInForce(test, tree);
        await prove(test, tree.prove(0));
        const { address: mint, tokenProgram } = market.mint;
        const owner = creator.owner.publicKey;
        const input = { owner, id: 1n, mint, tokenProgram, aggregator: aggregator.publicKey, bond: 1n, delaySecs: 60n };
        const build = await getCreateRewardPoolInstructions(input);
        await send(market, build, [creator.owner]);
        const other = await readPool(market, build[0]!.keys[4]!.pubkey);
        const otherTest = { ...test, pool: other };
        await proposeRoot(otherTest, tree);
        await mintTokens(market, { mint: market.mint, owner: watcher.publicKey, amount: 0n });
        const vetoing = { vetoer: watcher.publicKey, pool: other, proof: tree.prove(0) };
        const [from, to] = [other, pool].map(({ address }) => findRewardStatusAddress({ pool: address, index: 0 }));
        const swapped = swapAccount(await getVetoRewardRootInstructions(vetoing), from!, to!);
        await fundWallet(market, watcher);
        await refusal(send(market, swapped, [watcher]), 'WrongRewardPool');
    });
});

describe('claim_reward', () => {
    it('pays no more than the total of the root', async () => {
        const test = await createRewardPool();
        const tree = rewardTree([10n, 20n]);
        await putInForce(test, { ...tree, totalLifetime: 29n });
        await claimReward(test, tree.prove(0));
        await refusal(claimReward(test, tree.prove(1)), 'RewardTotalExceeded');
    });

    it('refuses another mint, vault, owner and amount', async () => {
        const test = await createRewardPool();
        const { market, pool } = test;
        const tree = rewardTree([10n, 20n]);
        await putInForce(test, tree);
        const entry = { ...tree.prove(0).entry, lifetime: 11n };
        await refusal(claimReward(test, { ...tree.prove(0), entry }), 'RewardProofInvalid');
        const payer = market.deployer.publicKey;
        const build = await getClaimRewardInstructions({ payer, pool, proof: tree.prove(0) });
        const own = await mintTokens(market, { mint: market.mint, owner: payer, amount: 1n });
        await refusal(send(market, swapAccount(build, pool.vault, own)), 'WrongVault');
        const mint = (await createMint(market, { name: 'other mint' })).address;
        const wrong = await getClaimRewardInstructions({ payer, pool: { ...pool, mint }, proof: tree.prove(0) });
        await refusal(send(market, wrong), 'WrongMint');
    });

    it('fits one transaction with the proof of 2^20 members', async () => {
        const { market, pool } = await createRewardPool();
        const path = Array.from({ length: 20 }, () => new Uint8Array(32));
        const proof = { entry: { index: 5, owner: rewardMember(0).toBytes(), lifetime: 1n }, path };
        const payer = market.deployer.publicKey;
        const transaction = new Transaction({ feePayer: payer, recentBlockhash: PublicKey.default.toBase58() }).add(
            ComputeBudgetProgram.setComputeUnitLimit({ units: 1 }),
            ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1 }),
            ...(await getClaimRewardInstructions({ payer, pool, proof })),
        );
        transaction.sign(market.deployer);
        expect(transaction.serialize().length).toBeLessThanOrEqual(MAX_TRANSACTION_BYTES);
    });
});

describe('the end of a pool', () => {
    it('waits for members, and takes nothing afterwards', async () => {
        const test = await createRewardPool();
        const { market, creator, aggregator } = test;
        const tree = rewardTree([10n]);
        await putInForce(test, tree);
        await refusal(retire(test), 'RewardUnpaid');
        await refusal(retire(test, aggregator), 'NotRewardCreator');
        await refusal(withdraw(test, 1n, aggregator), 'NotRewardCreator');
        await claimReward(test, tree.prove(0));
        await retire(test);
        await refusal(fund(test, 1n), 'RewardPoolOver');
        await refusal(prove(test, tree.prove(0)), 'RewardPoolOver');
        await refusal(appoint(test, creator.owner.publicKey), 'RewardPoolOver');
        const build = await getFundRewardPoolInstructions({
            funder: creator.owner.publicKey,
            pool: test.pool,
            amount: 1n,
        });
        for (const { data } of build) data.fill(0, 8);
        await refusal(send(market, build, [creator.owner]), 'RewardAmountZero');
    });

    it('gives rents back only to who paid them', async () => {
        const test = await createRewardPool({ funding: 10n });
        const tree = rewardTree([10n]);
        await putInForce(test, tree);
        await claimReward(test, tree.prove(0));
        await retire(test);
        const { market, pool } = test;
        const rentPayer = watcher.publicKey;
        const status = (await statusOf(test, 0))!;
        const wrongStatus = await getCloseRewardStatusInstructions({ status: { ...status, rentPayer } });
        await refusal(send(market, wrongStatus), 'WrongRentPayer');
        await closeStatus(test, 0);
        const wrongPool = await getCloseRewardPoolInstructions({ pool: { ...pool, rentPayer } });
        await refusal(send(market, wrongPool), 'WrongRentPayer');
        await closePool(test);
    });
});

describe('random sequences of roots and claims', () => {
    it('pay each member its lifetime amount and never more than the total', async () => {
        const step = fc.record({
            grow: fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }),
            claims: fc.array(fc.nat(3)),
        });
        await fc.assert(
            fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
                const test = await createRewardPool();
                const { market, pool } = test;
                const lifetimes = [0, 0, 0, 0];
                const paid = [0, 0, 0, 0];
                for (const { grow, claims } of steps) {
                    grow.forEach((more, i) => {
                        lifetimes[i]! += more;
                    });
                    const tree = rewardTree(lifetimes.map(BigInt));
                    await putInForce(test, tree);
                    for (const index of claims) {
                        if (paid[index] === lifetimes[index]) {
                            await refusal(claimReward(test, tree.prove(index)), 'RewardNothingDue');
                        } else await claimReward(test, tree.prove(index));
                        paid[index] = lifetimes[index]!;
                    }
                    const sum = BigInt(paid.reduce((a, b) => a + b, 0));
                    expect((await readPool(market, pool.address)).paidTotal).toBe(sum);
                    expect(await tokenBalance(market, pool.vault)).toBe(10_000n - sum);
                }
                const tokens = await Promise.all(
                    paid.map((_, i) => ownerBalance(market, market.mint, rewardMember(i))),
                );
                expect(tokens).toEqual(paid.map(BigInt));
            }),
            { numRuns: 8 },
        );
    });
});
