import { computeSeed, getRearmSeedInstructions, getSeedCommitmentInstructions, parseSlotHashes } from '@ocm/sdk';
import { SYSVAR_SLOT_HASHES_PUBKEY } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    buildInclusion,
    commitDelivery,
    commitSessions,
    commitTree,
    corruptField,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    type ProvableCommitment,
    proveInclusion,
    readCommitment,
    readContract,
    sampleTarget,
    seedCommitment,
    send,
    u64Bytes,
} from '../../support/index.js';

const SEED_DELAY_SLOTS = 64;
/** Slots whose hash a cluster still knows. */
const KNOWN_SLOTS = 512;

describe('seed_commitment', () => {
    let provable: ProvableCommitment;
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
        provable = await commitSessions(trade);
    });

    const seed = async () =>
        send(trade.market, await getSeedCommitmentInstructions({ commitment: provable.commitment.address }));

    it('draws the samples once the hash of the target slot is known', async () => {
        const { cluster } = trade.market;
        const { seedTargetSlot } = provable.commitment;
        // Each transaction begins a slot.
        cluster.advanceSlots(Number(seedTargetSlot) - cluster.clock().slot - 1);
        await expectRefusal(seed(), 'settlement', 'SeedNotReached');
        const { events } = await seed();
        const commitment = await readCommitment(trade, provable.commitment);
        expect(commitment).toMatchObject({ state: 'seeded', samples: 2, seededAt: commitment.seededAt });
        expect(commitment.seed.some((byte) => byte !== 0)).toBe(true);
        expect(events[0]).toMatchObject({
            name: 'CommitmentSeeded',
            data: { commitment: commitment.address, slot: seedTargetSlot, seed: commitment.seed, samples: 2 },
        });
        await expectRefusal(seed(), 'settlement', 'CommitmentStateInvalid');
    });

    it('draws them from the first slot at or after the target, however late it is asked', async () => {
        const { cluster, connection } = trade.market;
        const { address, root, seedTargetSlot } = provable.commitment;
        // Four slots beyond: the newest hash is another one by now.
        cluster.advanceSlots(Number(seedTargetSlot) - cluster.clock().slot + 4);
        await seed();
        const account = await connection.getAccountInfo(SYSVAR_SLOT_HASHES_PUBKEY);
        const known = parseSlotHashes(account!.data).find(({ slot }) => slot === seedTargetSlot);
        expect(known).toBeDefined();
        const input = { slotHash: known!.hash, commitment: address.toBytes(), root };
        expect((await readCommitment(trade, provable.commitment)).seed).toEqual(computeSeed(input));
    });

    it('samples nothing that is only co-signed', async () => {
        const cosigned = await commitDelivery(trade, { kind: 1, ...commitTree([1_000n]) });
        const instructions = await getSeedCommitmentInstructions({ commitment: cosigned.address });
        await expectRefusal(send(trade.market, instructions), 'settlement', 'KindNotSampled');
    });

    it('refuses a seed whose slot is forgotten; rearming sets a later one for twice the samples, three times', async () => {
        const { cluster } = trade.market;
        const { contract, market } = trade;
        const { address } = provable.commitment;
        const rearm = async () => send(market, await getRearmSeedInstructions({ contract, commitment: address }));
        await expectRefusal(rearm(), 'settlement', 'SeedNotMissed');
        for (const samples of [4, 8, 8]) {
            cluster.advanceSlots(SEED_DELAY_SLOTS + KNOWN_SLOTS + 1);
            await expectRefusal(seed(), 'settlement', 'SeedMissed');
            const { events } = await rearm();
            expect(events[0]).toMatchObject({ name: 'SeedRearmed', data: { samples } });
            const { seedTargetSlot } = await readCommitment(trade, provable.commitment);
            expect(seedTargetSlot).toBe(BigInt(cluster.clock().slot + SEED_DELAY_SLOTS));
            await expectRefusal(rearm(), 'settlement', 'SeedNotMissed');
        }
        cluster.advanceSlots(SEED_DELAY_SLOTS + KNOWN_SLOTS + 1);
        await expectRefusal(rearm(), 'settlement', 'RearmsExhausted');
    });
});

describe('prove_inclusion', () => {
    let provable: ProvableCommitment;

    beforeEach(async () => {
        provable = await commitSessions(await createActiveContract());
    });

    it('accepts the leaf that covers each target and remembers it', async () => {
        await expectRefusal(
            proveInclusion({ ...provable, commitment: { ...provable.commitment, seed: new Uint8Array(32) } }, 0),
            'settlement',
            'CommitmentStateInvalid',
        );
        provable = await seedCommitment(provable);
        const { computeUnits } = await proveInclusion(provable, 0);
        await proveInclusion(provable, 1);
        const commitment = await readCommitment(provable.trade, provable.commitment);
        expect([commitment.inclusionBits, commitment.evidenceBits]).toEqual([3, 0]);
        console.info(`prove_inclusion at depth ${commitment.depth}: ${computeUnits} compute units`);
    });

    it('refuses a sample that there is not, and the leaf of another target', async () => {
        provable = await seedCommitment(provable);
        const { market } = provable.trade;
        const [instruction] = await buildInclusion(provable, 0);
        if (!instruction) throw new Error('no instruction');
        const withByte = (place: number, byte: number) => {
            const data = Buffer.from(instruction.data);
            data[place] = byte;
            return send(market, [
                Object.assign(Object.create(Object.getPrototypeOf(instruction)), instruction, { data }),
            ]);
        };
        await expectRefusal(withByte(8, 2), 'settlement', 'SampleIndexInvalid');
        // The last byte belongs to the topmost sibling's sum.
        const last = instruction.data.length - 1;
        await expectRefusal(withByte(last, (instruction.data[last] ?? 0) ^ 1), 'settlement', 'InclusionInvalid');
        // The leaf's own byte count.
        await expectRefusal(withByte(9 + 32, (instruction.data[9 + 32] ?? 0) ^ 1), 'settlement', 'InclusionInvalid');
    });

    it('fails for every target below a sum that was inflated', async () => {
        const inflated = await commitSessions(await createActiveContract(), {
            overrides: { totalBytes: provable.commitment.totalBytes + 1n },
        });
        const seeded = await seedCommitment(inflated);
        const instructions = await buildInclusion(
            { ...seeded, commitment: { ...seeded.commitment, totalBytes: provable.commitment.totalBytes } },
            0,
        );
        await expectRefusal(send(seeded.trade.market, instructions), 'settlement', 'InclusionInvalid');
    });

    it('fails for every target when more was committed than the tree adds up to', async () => {
        const { totalBytes } = provable.commitment;
        const inflated = await commitSessions(await createActiveContract(), {
            overrides: { totalBytes: totalBytes + 1n },
        });
        const seeded = await seedCommitment(inflated);
        // The very leaf that covers the target, with all of its siblings: right but for the sum.
        for (let index = 0; index < seeded.commitment.samples; index += 1) {
            const target = sampleTarget(seeded, index);
            expect(target < totalBytes).toBe(true);
            await expectRefusal(proveInclusion(seeded, index), 'settlement', 'InclusionInvalid');
        }
    });
});

describe('samples', () => {
    it('are four from one token and eight from one hundred on', async () => {
        const trade = await createActiveContract({ funding: 900_000_000n, bond: 900_000_000n });
        for (const [epoch, price, samples] of [
            [0, 10_000_000n, 4],
            [1, 1_000_000_000n, 8],
        ] as const) {
            await corruptField(trade.market, {
                program: 'market',
                account: 'Contract',
                address: trade.contract.address,
                field: 'pricePerGigabyte',
                bytes: u64Bytes(price),
            });
            const contract = await readContract(trade.market, trade.contract);
            const { commitment } = await commitSessions({ ...trade, contract }, { overrides: { epoch } });
            expect(commitment.samples).toBe(samples);
        }
    });
});
