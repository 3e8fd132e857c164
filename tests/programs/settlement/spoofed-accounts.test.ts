import {
    encodeLeaf,
    getProveEvidenceInstructions,
    getPublishOperatorTermsInstructions,
    getRearmSeedInstructions,
    getSeedCommitmentInstructions,
} from '@ocm/sdk';
import { type PublicKey, SYSVAR_SLOT_HASHES_PUBKEY, SystemProgram } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitSessions,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    proveInclusion,
    refusalOf,
    seedCommitment,
    send,
    swapAccount,
    testKeypair,
    testSession,
} from '../../support/index.js';

/** Puts bytes at an address, as only a test cluster lets one do. */
async function plant(
    { market }: FundedTrade,
    address: PublicKey,
    account: { data: Uint8Array; owner: PublicKey },
): Promise<void> {
    const lamports = await market.connection.getMinimumBalanceForRentExemption(account.data.length);
    const update = { data: Buffer.from(account.data).toString('hex'), owner: account.owner.toBase58(), lamports };
    const request = { jsonrpc: '2.0', id: 1, method: 'surfnet_setAccount', params: [address.toBase58(), update] };
    expect(await market.cluster.handle(request)).not.toHaveProperty('error');
}

describe('an account in the place of another', () => {
    let trade: FundedTrade;
    const { publicKey: fake } = testKeypair('fake account');

    beforeEach(async () => {
        trade = await createActiveContract();
    });

    /** Evidence for a node of that address, issuer and client agreeing. */
    async function evidenceFor(node: PublicKey) {
        const change = { token: { node: node.toBytes() } };
        const session = testSession(trade, { name: 'one', bytes: 50_000_000n }, change);
        const provable = await seedCommitment(await commitSessions(trade, { sessions: [session] }));
        await proveInclusion(provable, 0);
        const instructions = await getProveEvidenceInstructions({
            contract: trade.contract,
            commitment: provable.commitment.address,
            node,
            index: 0,
            leaf: encodeLeaf(session.leaf),
            evidence: session.evidence,
        });
        return send(trade.market, instructions);
    }

    it('is no node when another program owns it', async () => {
        const info = await trade.market.connection.getAccountInfo(trade.node.address);
        if (!info) throw new Error('no node');
        await plant(trade, fake, { data: info.data, owner: info.owner });
        await evidenceFor(fake);
        trade = await createActiveContract();
        await plant(trade, fake, { data: info.data, owner: SystemProgram.programId });
        expect(await refusalOf(evidenceFor(fake))).toMatchObject({ name: 'AccountOwnedByWrongProgram' });
    });

    it('is no node when it is of another type, though its bytes name the seller', async () => {
        const { market, seller } = trade;
        const terms = {
            termsHash: new Uint8Array(32).fill(7),
            minHostShareBasisPoints: 0,
            allowedClasses: ['unicast'],
            maxKilobitsPerSecondPerNode: 1n,
            requiresConsent: false,
        } as const;
        const input = { owner: seller.owner.publicKey, asn: 64_500, terms };
        const instructions = await getPublishOperatorTermsInstructions(input);
        await send(market, instructions, [seller.owner]);
        const address = instructions[0]?.keys.find(({ isSigner, isWritable }) => isWritable && !isSigner)?.pubkey;
        if (!address) throw new Error('no terms');
        expect(await refusalOf(evidenceFor(address))).toMatchObject({ name: 'AccountDiscriminatorMismatch' });
    });

    it('is not the slot hashes, whatever its bytes', async () => {
        const { market, contract } = trade;
        const { commitment } = await commitSessions(trade);
        market.cluster.advanceSlots(contract.seedDelaySlots + 1);
        const slotHashes = await market.connection.getAccountInfo(SYSVAR_SLOT_HASHES_PUBKEY);
        if (!slotHashes) throw new Error('no slot hashes');
        // One entry, for the target, with the hash that suits the seller.
        const data = new Uint8Array(8 + 40);
        const view = new DataView(data.buffer);
        view.setBigUint64(0, 1n, true);
        view.setBigUint64(8, commitment.seedTargetSlot, true);
        await plant(trade, fake, { data, owner: slotHashes.owner });
        const builds = [
            await getSeedCommitmentInstructions({ commitment: commitment.address }),
            await getRearmSeedInstructions({ contract, commitment: commitment.address }),
        ];
        for (const instructions of builds) {
            const swapped = swapAccount(instructions, SYSVAR_SLOT_HASHES_PUBKEY, fake);
            expect(await refusalOf(send(market, swapped))).toMatchObject({ name: 'ConstraintAddress' });
        }
        await expectRefusal(send(market, builds[1] ?? []), 'settlement', 'SeedNotMissed');
    });
});
