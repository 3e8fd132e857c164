import {
    getCloseReportInstructions,
    getReportSlaInstructions,
    getResolveSlaInstructions,
    getRotateIssuerInstructions,
    getTerminateContractInstructions,
    getWithdrawExcessInstructions,
    listSlaReports,
} from '@ocm/sdk';
import { createTransferCheckedInstruction, getAssociatedTokenAddressSync } from '@solana/spl-token';
import { describe, expect, it } from 'vitest';
import {
    awardBid,
    bondContract,
    cancelContract,
    closeOut,
    commitSessions,
    createActiveContract,
    createProposedContract,
    createTestLot,
    deliverEpoch,
    fundContract,
    GOOD_SERVICE,
    joinAuction,
    proveAll,
    readBid,
    readContract,
    registerAuditor,
    releaseBond,
    runAuction,
    seedCommitment,
    send,
    settleDelivery,
    testKeypair,
    travelTo,
} from '../support/index.js';
import { recompute } from './copies.js';

describe('a contract recomputed from its transactions', () => {
    it('agrees where three auditors found a severe breach', async () => {
        const trade = await createActiveContract();
        const provable = await seedCommitment(await commitSessions(trade));
        await proveAll(provable);
        const commitment = provable.commitment.address;
        for (const [place, availabilityPpm] of [940_000, 945_000, 999_000].entries()) {
            const auditor = await registerAuditor(trade.market, `auditor ${place}`);
            const input = {
                authority: auditor.hot.publicKey,
                auditor: auditor.address,
                contract: trade.contract,
                commitment,
            };
            const summary = { ...GOOD_SERVICE, availabilityPpm };
            const evidenceRoot = new Uint8Array(32).fill(7);
            await send(trade.market, await getReportSlaInstructions({ ...input, summary, evidenceRoot }), [
                auditor.hot,
            ]);
        }
        travelTo(trade.market, provable.commitment.committedAt + 60n);
        const reports = await listSlaReports(trade.market.connection, { commitment });
        const addresses = reports.map(({ address }) => address);
        await send(
            trade.market,
            await getResolveSlaInstructions({ contract: trade.contract, commitment, reports: addresses }),
        );
        await settleDelivery(trade, provable.commitment);
        const { statement } = await recompute(trade);
        expect(statement.lines).toMatchObject([{ penaltyBasisPoints: 6_000, penalty: 300n, net: 200n }]);
        for (const report of reports) await send(trade.market, await getCloseReportInstructions({ report }));
        await closeOut(trade, [provable.commitment]);
        await recompute(trade);
    });

    it('agrees where the issuer changed, excess went back, and the seller ended it early', async () => {
        const trade = await createActiveContract({ contract: { epochCount: 60 } });
        const { market, contract, contentProvider, seller } = trade;
        await deliverEpoch(trade);
        const rotation = {
            contract: contract.address,
            slot: 1,
            issuer: testKeypair('next issuer').publicKey,
            fromEpoch: 9,
        } as const;
        const { owner } = contentProvider;
        const by = { contentProviderOwner: owner.publicKey };
        await send(market, await getRotateIssuerInstructions({ ...by, ...rotation }), [owner]);
        await send(market, await getWithdrawExcessInstructions({ ...by, contract, amount: 1_000n }), [owner]);
        await releaseBond(trade, 5n);
        travelTo(market, contract.genesisAt + 51n);
        const notice = { authority: seller.owner.publicKey, contract, noticeEpochs: 24 };
        await send(market, await getTerminateContractInstructions(notice), [seller.owner]);
        expect((await recompute(trade)).statement).toMatchObject({ refunded: 1_000n });
    });

    it('agrees where it was cancelled, and where it was won in an auction', async () => {
        const proposed = await createProposedContract();
        const funded = await fundContract(proposed.market, proposed.contentProvider, proposed.contract, 5_549n);
        const trade = { ...proposed, contract: await bondContract(proposed.market, proposed.seller, funded) };
        expect((await recompute(trade)).statement.states).toEqual(['proposed']);
        await cancelContract(trade);
        await recompute(trade);

        const auction = await createTestLot({ lot: { kilobitsPerSecond: 150_000n } });
        const bidder = await joinAuction(auction, {
            name: 'cheap',
            pricePerGigabyte: 5_000n,
            kilobitsPerSecond: 50_000n,
        });
        await runAuction(auction, [bidder]);
        await awardBid(auction, bidder);
        const bid = await readBid(auction, bidder);
        const contract = await readContract(auction.market, { address: bid.contract });
        const awarded = { ...trade, market: auction.market, contract };
        const { statement } = await recompute(awarded);
        expect(statement.notChecked.join()).toContain('copied from a lot');
    });

    it('agrees where a stranger sent tokens straight to the vault', async () => {
        const trade = await createActiveContract();
        const { market, contract, contentProvider } = trade;
        const { owner } = contentProvider;
        const from = getAssociatedTokenAddressSync(market.mint.address, owner.publicKey);
        const transfer = createTransferCheckedInstruction(
            from,
            market.mint.address,
            contract.vault,
            owner.publicKey,
            77n,
            6,
        );
        await send(market, [transfer], [owner]);
        expect((await recompute(trade)).statement.vault).toBe(10_000_077n);
    });
});
