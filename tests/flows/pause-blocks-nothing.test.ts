import { readFileSync } from 'node:fs';
import {
    fetchClaims,
    fetchContract,
    fetchNodeLicence,
    findDeliveryCommitmentAddress,
    findParticipantAddress,
    findVaultAddress,
    getBeginClosingInstructions,
    getCloseCommitmentInstructions,
    getCloseContractInstructions,
    getFinishContractInstructions,
    getFundContractInstructions,
    getMintLicenceInstructions,
    getPauseInstructions,
    getRefundContentProviderInstructions,
    getRequestUnbondInstructions,
    getRetireCapacityClaimInstructions,
    getWithdrawExcessInstructions,
    getWithdrawOfferInstructions,
    getWithdrawUnbondedInstructions,
    IDLS,
    PAUSE_BITS,
    type PauseBit,
    TREASURY_INDEX,
} from '@ocm/sdk';
import type { TransactionInstruction } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    claimCapacity,
    createActiveContract,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
    nowSecs,
    ownerBalance,
    postOffer,
    readCommitment,
    readParticipant,
    registerNode,
    registerSeller,
    releaseBond,
    send,
    TEST_PARAMS,
    THOUSAND_TOKENS,
    tokenBalance,
    travel,
    travelTo,
    withdrawPayout,
} from '../support/index.js';

const WEEK_SECS = 7n * 86_400n;

/** All bits, by the guardian, for as long as it may. */
async function pauseEverything({ market }: FundedTrade): Promise<void> {
    const authority = market.guardian.publicKey;
    const bits = Object.keys(PAUSE_BITS) as PauseBit[];
    const until = nowSecs(market) + WEEK_SECS;
    await send(market, await getPauseInstructions({ authority, bits, until }), [market.deployer, market.guardian]);
}

describe('with everything paused that can be paused', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ funding: 10_000_000n });
        await pauseEverything(trade);
    });

    const asSeller = (instructions: TransactionInstruction[]) => send(trade.market, instructions, [trade.seller.owner]);

    it('only new contracts are refused', async () => {
        const { market, contentProvider, offer } = trade;
        await expectRefusal(acceptOffer(market, contentProvider, offer), 'market', 'NewContractsPaused');
    });

    it('a newcomer registers, stakes, registers a node with its licence, claims capacity, offers it and takes it all back', async () => {
        const { market } = trade;
        const newcomer = await registerSeller(market, { name: 'newcomer' });
        const node = await registerNode(market, newcomer);
        const licence = { owner: newcomer.owner.publicKey, node: node.address };
        await send(market, await getMintLicenceInstructions(licence), [newcomer.owner]);
        expect(await fetchNodeLicence(market.connection, licence)).toMatchObject({ holder: licence.owner });
        const claim = await claimCapacity(market, { seller: newcomer, node });
        const offer = await postOffer(market, newcomer, { claims: [claim.address] });
        const owner = newcomer.owner.publicKey;
        const withdrawal = await getWithdrawOfferInstructions({ owner, offer: offer.address });
        const retirement = await getRetireCapacityClaimInstructions({ owner, capacityClaim: claim.address });
        const unbonding = await getRequestUnbondInstructions({ owner, amount: THOUSAND_TOKENS });
        await send(market, [...withdrawal, ...retirement, ...unbonding], [newcomer.owner]);
        travel(market, TEST_PARAMS.unbondSecs);
        const { address: stakeMint, tokenProgram } = market.mint;
        const exit = await getWithdrawUnbondedInstructions({ owner, stakeMint, tokenProgram, slot: 0 });
        await send(market, exit, [newcomer.owner]);
        expect(await ownerBalance(market, market.mint, owner)).toBe(2n * THOUSAND_TOKENS);
        const address = findParticipantAddress({ owner });
        expect(await readParticipant(market, { address })).toMatchObject({ stakeFree: 0n, unbonding: [] });
    });

    it('a running contract is funded, delivered, committed, settled, paid, closed and refunded', async () => {
        const { market, seller, contentProvider, claim, offer } = trade;
        const buyer = contentProvider.owner;
        const contentProviderOwner = buyer.publicKey;
        const funding = { funder: buyer.publicKey, contract: trade.contract, amount: 5n };
        await send(market, await getFundContractInstructions(funding), [buyer]);
        const excess = { contentProviderOwner, contract: trade.contract, amount: 1_000n };
        await send(market, await getWithdrawExcessInstructions(excess), [buyer]);
        const contract = await deliverEpoch(trade);
        for (const place of [...contract.splits.keys(), TREASURY_INDEX]) await withdrawPayout(trade, place);
        const address = findDeliveryCommitmentAddress({ contract: contract.address, epoch: 0, kind: 0 });
        const commitment = await readCommitment(trade, { address });
        travelTo(market, commitment.closableAt + 1n);
        await send(market, await getCloseCommitmentInstructions({ commitment }));
        const claims = await fetchClaims(market.connection, contract.claims);
        await send(market, await getBeginClosingInstructions({ contract, claims }));
        travelTo(market, contract.genesisAt + 30n + BigInt(contract.settleWindowSecs));
        await send(market, await getFinishContractInstructions({ contract: contract.address }));
        const payer = market.deployer.publicKey;
        await send(market, await getRefundContentProviderInstructions({ payer, contentProviderOwner, contract }));
        await releaseBond(trade);
        await send(market, await getCloseContractInstructions({ contract }));
        const owner = seller.owner.publicKey;
        await asSeller(await getRetireCapacityClaimInstructions({ owner, capacityClaim: claim.address }));
        await asSeller(await getWithdrawOfferInstructions({ owner, offer: offer.address }));
        expect(await fetchContract(market.connection, contract.address)).toBeNull();
        expect(await tokenBalance(market, findVaultAddress({ contract: contract.address }))).toBe(0n);
        // Gross 500 was the price of what was delivered; the rest is back.
        expect(await ownerBalance(market, market.mint, buyer.publicKey)).toBe(THOUSAND_TOKENS - 500n);
    });
});

/** Signers that stand for a power over the whole marketplace; `authority` is one in the registry only. */
const POWERS = ['board', 'guardian', 'treasury', 'upgradeAuthority', 'vault'];

describe('docs/authorities.md', () => {
    const text = readFileSync(new URL('../../docs/authorities.md', import.meta.url), 'utf8');
    const signed = Object.entries(IDLS).flatMap(([program, { instructions }]) =>
        instructions
            .filter(({ accounts }) =>
                accounts.some(({ name, ...account }) => {
                    const isPower = POWERS.includes(name) || (program === 'registry' && name === 'authority');
                    return isPower && 'signer' in account && account.signer === true;
                }),
            )
            .map(({ name }) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
    );

    it.each(signed)('names %s, which only a power of the marketplace signs', (name) => {
        expect(text).toContain(`\`${name}\``);
    });

    it('leaves none out that this test knows of', () => {
        expect(signed).toEqual(expect.arrayContaining(['allow_mint', 'queue_params', 'pause', 'update_board']));
    });
});
