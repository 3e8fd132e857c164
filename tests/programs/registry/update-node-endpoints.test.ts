import { buildInstruction, fetchNode, getUpdateNodeEndpointsInstructions, type Node, type WithAddress } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    registerNode,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    u64Bytes,
} from '../../support/index.js';

const tlsSpki = new Uint8Array(32).fill(9);
const UNUSED = { ip: new Uint8Array(16), port: 0 };
const mapped = (...quad: number[]) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...quad);

describe('update_node_endpoints', () => {
    let market: TestMarket;
    let seller: TestParticipant;
    let node: WithAddress<Node>;

    beforeEach(async () => {
        market = await createTestMarket();
        seller = await registerSeller(market);
        node = await registerNode(market, seller);
    });

    const update = async ({ owner }: TestParticipant) =>
        send(
            market,
            await getUpdateNodeEndpointsInstructions({
                owner: owner.publicKey,
                node: node.address,
                endpoints: [{ ip: '198.51.100.1', port: 8_080 }],
                tlsSpki,
            }),
            [owner],
        );

    it('moves the node and makes its endpoint unproven', async () => {
        const proved = { field: 'endpointProofAt', bytes: u64Bytes(1_700_000_000n) };
        await corruptField(market, { program: 'registry', account: 'Node', address: node.address, ...proved });
        const { events } = await update(seller);
        expect(await fetchNode(market.connection, node.address)).toEqual({
            ...node,
            endpoints: [{ ip: '198.51.100.1', port: 8_080 }],
            tlsSpki,
            endpointProofAt: 0n,
        });
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'NodeUpdated',
                data: {
                    node: node.address,
                    endpointsBefore: [{ ip: mapped(192, 0, 2, 7), port: 443 }, UNUSED],
                    endpointsAfter: [{ ip: mapped(198, 51, 100, 1), port: 8_080 }, UNUSED],
                    tlsSpki,
                },
            },
        ]);
    });

    it('refuses the node of another seller', async () => {
        const other = await registerSeller(market, { name: 'other seller' });
        await expectRefusal(update(other), 'registry', 'NodeOfAnotherParticipant');
    });

    it('refuses a signer that does not own the participant', async () => {
        const signer = seller.hot;
        const accounts = { owner: signer.publicKey, participant: seller.address, node: node.address };
        const args = { endpoints: [{ ip: mapped(192, 0, 2, 8), port: 1 }, UNUSED], tlsSpki };
        const instruction = buildInstruction('registry', 'updateNodeEndpoints', accounts, { args });
        await expectRefusal(send(market, [instruction], [signer]), 'registry', 'NotOwner');
    });

    it('refuses an endpoint without port', async () => {
        const accounts = { owner: seller.owner.publicKey, participant: seller.address, node: node.address };
        const args = { endpoints: [{ ip: mapped(192, 0, 2, 8), port: 0 }, UNUSED], tlsSpki };
        const instruction = buildInstruction('registry', 'updateNodeEndpoints', accounts, { args });
        await expectRefusal(send(market, [instruction], [seller.owner]), 'registry', 'EndpointInvalid');
    });
});
