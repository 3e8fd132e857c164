import { getProveInclusionInstructions, proveTarget } from '@ocm/sdk';
import { TransactionInstruction } from '@solana/web3.js';
import { beforeEach, it } from 'vitest';
import {
    buildInclusion,
    commitSessions,
    createActiveContract,
    expectRefusal,
    type ProvableCommitment,
    proveInclusion,
    sampleTarget,
    seedCommitment,
    send,
    sessionAt,
} from '../../support/index.js';

let provable: ProvableCommitment;

beforeEach(async () => {
    provable = await seedCommitment(await commitSessions(await createActiveContract()));
});

it('a sibling of another hash is in no tree, though the sums agree', async () => {
    const [instruction] = await buildInclusion(provable, 0);
    if (!instruction) throw new Error('no instruction');
    const data = Buffer.from(instruction.data);
    // The topmost sibling ends the path: 32 bytes of hash, 8 of sum.
    const at = data.length - 40;
    data[at] = (data[at] ?? 0) ^ 1;
    const { programId, keys } = instruction;
    const tampered = new TransactionInstruction({ programId, keys, data });
    await expectRefusal(send(provable.trade.market, [tampered]), 'settlement', 'InclusionInvalid');
});

it('a leaf of the tree that covers another byte answers no sample', async () => {
    const sampled = sessionAt(provable, sampleTarget(provable, 0));
    const last = provable.commitment.totalBytes - 1n;
    const other = [0n, last].find((target) => sessionAt(provable, target) !== sampled);
    if (other === undefined) throw new Error('no other leaf');
    const commitment = provable.commitment.address;
    const proof = proveTarget(provable.tree, other);
    const instructions = await getProveInclusionInstructions({ commitment, index: 0, proof });
    await expectRefusal(send(provable.trade.market, instructions), 'settlement', 'InclusionInvalid');
    await proveInclusion(provable, 0);
});
