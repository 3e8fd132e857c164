import {
    buildInstruction,
    type CommitDeliveryInput,
    computeEpochBounds,
    findDeliveryCommitmentAddress,
    findMarketAuthorityAddress,
    findSettlementAuthorityAddress,
    getCommitDeliveryInstructions,
    PROGRAM_IDS,
} from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitDelivery,
    commitInput,
    commitTree,
    corruptField,
    createActiveContract,
    createProposedContract,
    expectRefusal,
    type FundedTrade,
    mintTokens,
    readCommitment,
    readContract,
    readParticipant,
    registerSeller,
    send,
    swapAccount,
    TEST_BOND,
    THOUSAND_TOKENS,
    testKeypair,
    travelTo,
    travelToCommit,
    u64Bytes,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 200_000;
/** 200,000 kbit/s x 125 x 10 s. */
const CAP_BYTES = 250_000_000n;

describe('commit_delivery', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract();
        travelToCommit(trade);
    });

    const build = (overrides: Partial<CommitDeliveryInput> = {}) =>
        getCommitDeliveryInstructions(commitInput(trade, overrides));
    const commit = async (overrides: Partial<CommitDeliveryInput> = {}) =>
        send(trade.market, await build(overrides), [trade.seller.hot]);
    const addressOf = (kind: number, epoch = 0) =>
        findDeliveryCommitmentAddress({ contract: trade.contract.address, epoch, kind });
    /** Past the SDK's own checks. */
    const commitUnchecked = (overrides: object) => {
        const { authority, contract: _contract, ...terms } = commitInput(trade);
        const args = { ...terms, ...overrides };
        const accounts = {
            payer: authority,
            authority,
            seller: trade.seller.address,
            contract: trade.contract.address,
            commitment: addressOf(args.kind, args.epoch),
            vault: trade.contract.vault,
            settlementAuthority: findSettlementAuthorityAddress(),
            marketProgram: PROGRAM_IDS.market,
        };
        const instruction = buildInstruction('settlement', 'commitDelivery', accounts, { args });
        return send(trade.market, [instruction], [trade.seller.hot]);
    };

    it('fixes the gross, locks stake and counts the commitment as open', async () => {
        const input = commitInput(trade);
        const { events, computeUnits } = await commit();
        const commitment = await readCommitment(trade, { address: addressOf(0) });
        const { authority: _authority, contract: _contract, ...committed } = input;
        expect(commitment).toMatchObject({
            ...committed,
            contract: trade.contract.address,
            gross: 500n,
            lock: 1_000n,
            state: 'committed',
            rentPayer: trade.seller.hot.publicKey,
            deadline: commitment.committedAt + 120n,
            closableAt: trade.contract.genesisAt + 10n + 62n,
            seedTargetSlot: commitment.committedSlot + 64n,
        });
        expect(await readContract(trade.market, trade.contract)).toMatchObject({ openGross: 500n, openCommitments: 1 });
        const { stakeFree, stakeLocked } = await readParticipant(trade.market, trade.seller);
        expect([stakeFree, stakeLocked]).toEqual([THOUSAND_TOKENS - TEST_BOND, TEST_BOND]);
        const { bondTotal, bondFree } = await readContract(trade.market, trade.contract);
        expect([bondTotal, bondFree]).toEqual([TEST_BOND, TEST_BOND - 1_000n]);
        expect(events).toHaveLength(1);
        expect(events[0]).toMatchObject({ program: 'settlement', data: { ...committed, gross: 500n, lock: 1_000n } });
        console.info(`commit_delivery: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('locks no stake for what is only co-signed, and prices each kind by itself', async () => {
        const cosigned = await commitDelivery(trade, { kind: 1, ...commitTree([50_000_000n]) });
        expect(cosigned).toMatchObject({ gross: 300n, lock: 0n });
        const multicast = await commitDelivery(trade, { kind: 2, ...commitTree([10_000_000n]) });
        expect(multicast).toMatchObject({ gross: 70n, lock: 140n });
    });

    it('takes nothing delivered as proven, under the empty root only', async () => {
        await expectRefusal(commitUnchecked({ totalBytes: 0n }), 'settlement', 'EmptyTreeInvalid');
        const empty = await commitDelivery(trade, commitTree([]));
        expect(empty).toMatchObject({ gross: 0n, lock: 0n, state: 'proven' });
    });

    it('counts all kinds of an epoch against the cap, to the byte', async () => {
        await commit({ kind: 1, ...commitTree([CAP_BYTES - 100n]) });
        await expectRefusal(commit(commitTree([101n])), 'market', 'BytesAboveCap');
        await commit(commitTree([99n]));
        await expectRefusal(commit({ kind: 2, ...commitTree([2n]) }), 'market', 'BytesAboveCap');
        await commit({ kind: 2, ...commitTree([1n]) });
    });

    it('happens once per epoch and kind', async () => {
        await commit();
        await expectRefusal(commit(), 'system', 'AccountAlreadyInUse');
    });

    it('is open from the delay after the epoch until the end of the window, both included', async () => {
        const { endsAt } = computeEpochBounds(trade.contract, 1);
        travelTo(trade.market, endsAt + 1n);
        await expectRefusal(commit({ epoch: 1 }), 'settlement', 'CommitTooEarly');
        travelTo(trade.market, endsAt + 2n);
        await commit({ epoch: 1 });
        const second = computeEpochBounds(trade.contract, 2).endsAt;
        travelTo(trade.market, second + 62n);
        await commit({ epoch: 2 });
        await expectRefusal(commit({ epoch: 1, kind: 1 }), 'settlement', 'CommitTooLate');
    });

    const cases: [string, string, () => object][] = [
        ['an unknown kind', 'KindUnknown', () => ({ kind: 3 })],
        ['an epoch the contract does not have', 'EpochOutOfRange', () => ({ epoch: 3 })],
        ['a depth of 21', 'DepthOutOfRange', () => ({ depth: 21 })],
        ['more leaves than fit', 'TooManyLeaves', () => ({ depth: 1, leafCount: 9 })],
        ['bytes without leaves', 'EmptyTreeInvalid', () => ({ leafCount: 0 })],
        [
            'more than all errors',
            'SummaryInvalid',
            () => ({ slaSummary: { ...commitInput(trade).slaSummary, errorPpm: 1_000_001 } }),
        ],
    ];
    it.each(cases)('refuses %s', async (_what, error, overrides) => {
        await expectRefusal(commitUnchecked(overrides()), 'settlement', error);
    });

    it('refuses a stranger and a hot key without the permission', async () => {
        const stranger = testKeypair('stranger');
        await trade.market.cluster.airdrop(stranger.publicKey.toBase58(), 1_000_000_000n);
        const foreign = await build({ authority: stranger.publicKey });
        await expectRefusal(send(trade.market, foreign, [stranger]), 'settlement', 'NotAuthorized');
        const hotScope = { field: 'hotScope', bytes: Uint8Array.of(14, 0) };
        const { address } = trade.seller;
        await corruptField(trade.market, { program: 'registry', account: 'Participant', address, ...hotScope });
        await expectRefusal(commit(), 'settlement', 'NotAuthorized');
        const owner = await build({ authority: trade.seller.owner.publicKey });
        await send(trade.market, owner, [trade.seller.owner]);
    });

    it('refuses a jailed seller', async () => {
        const { address } = trade.seller;
        const jailed = { field: 'status', bytes: Uint8Array.of(1) };
        await corruptField(trade.market, { program: 'registry', account: 'Participant', address, ...jailed });
        await expectRefusal(commit(), 'settlement', 'ParticipantNotActive');
    });

    it('refuses another seller and another vault', async () => {
        const other = await registerSeller(trade.market, { name: 'other seller' });
        const wrongSeller = swapAccount(await build(), trade.seller.address, other.address);
        await expectRefusal(send(trade.market, wrongSeller, [trade.seller.hot]), 'settlement', 'NotContractSeller');
        const own = await mintTokens(trade.market, {
            mint: trade.market.mint,
            owner: findMarketAuthorityAddress(),
            amount: 1n,
        });
        const wrongVault = swapAccount(await build(), trade.contract.vault, own);
        await expectRefusal(send(trade.market, wrongVault, [trade.seller.hot]), 'market', 'WrongVault');
    });

    it('refuses a contract that was never funded', async () => {
        const proposed = await createProposedContract();
        await expectRefusal(commitDelivery(proposed), 'market', 'ContractStateInvalid');
    });

    it('refuses times beyond what can be counted', async () => {
        const { address } = trade.contract;
        const genesisAt = { field: 'genesisAt', bytes: u64Bytes((1n << 63n) - 5n) };
        await corruptField(trade.market, { program: 'market', account: 'Contract', address, ...genesisAt });
        await expectRefusal(commit(), 'settlement', 'AmountOverflow');
    });
});
