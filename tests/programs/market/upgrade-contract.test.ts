import { getUpgradeContractInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    bondContract,
    commitDelivery,
    corruptField,
    cosignDelivery,
    createActiveContract,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
    makeFirstCutContract,
    readContract,
    readParticipant,
    send,
    settleDelivery,
    TEST_PARAMS,
    THOUSAND_TOKENS,
    u64Bytes,
} from '../../support/index.js';

const upgrade = async ({ market, contract }: FundedTrade) => {
    const input = { payer: market.deployer.publicKey, contract: contract.address };
    return send(market, await getUpgradeContractInstructions(input));
};

describe('upgrade_contract', () => {
    it('brings a contract of the first cut to the present layout, and it delivers on', async () => {
        const trade = await createActiveContract({ bond: 0n });
        const { market, contract } = trade;
        await makeFirstCutContract(market, contract.address);
        await expect(readContract(market, contract)).rejects.toMatchObject({ code: 'MKT_SDK__ACCOUNT_TRUNCATED' });
        const { events } = await upgrade(trade);
        expect(events).toEqual([
            { program: 'market', name: 'ContractUpgraded', data: { contract: contract.address, version: 2 } },
        ]);
        // Nothing of the first cut is lost, and what it did not keep is that of now.
        expect(await readContract(market, contract)).toEqual(contract);
        expect(contract.proveWindowSecs).toBe(TEST_PARAMS.proveWindowSecs);
        const bonded = await bondContract(market, trade.seller, contract);
        const after = await deliverEpoch({ ...trade, contract: bonded });
        expect(after).toMatchObject({ settledCommitments: 1, openGross: 0n });
    });

    it('settles a commitment of the first cut, whose lock then is bond', async () => {
        const trade = await createActiveContract();
        const { market, seller, contract } = trade;
        const commitment = await commitDelivery(trade);
        // As the first cut left them: the lock with the registry, nothing in the contract.
        const field = (name: string, bytes: Uint8Array) =>
            corruptField(market, {
                program: 'market',
                account: 'Contract',
                address: contract.address,
                field: name,
                bytes,
            });
        await field('bondTotal', u64Bytes(0n));
        await field('bondFree', u64Bytes(0n));
        await corruptField(market, {
            program: 'settlement',
            account: 'DeliveryCommitment',
            address: commitment.address,
            field: 'version',
            bytes: Uint8Array.of(1),
        });
        const stake = (name: string, value: bigint) =>
            corruptField(market, {
                program: 'registry',
                account: 'Participant',
                address: seller.address,
                field: name,
                bytes: u64Bytes(value),
            });
        await stake('stakeLocked', commitment.lock);
        await stake('stakeFree', THOUSAND_TOKENS - commitment.lock);
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);
        const { bondTotal, bondFree } = await readContract(market, contract);
        expect([bondTotal, bondFree]).toEqual([commitment.lock, commitment.lock]);
        expect((await readParticipant(market, seller)).stakeLocked).toBe(commitment.lock);
    });

    it('refuses what is no contract of the first cut', async () => {
        const trade = await createActiveContract();
        await expectRefusal(upgrade(trade), 'market', 'ContractNotFirstCut');
    });
});
