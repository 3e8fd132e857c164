import {
    fetchNodeLicence,
    findLicenceAccountAddress,
    findLicenceAddress,
    getCloseNodeInstructions,
    getDeactivateNodeInstructions,
    getMintLicenceInstructions,
    getRetireLicenceInstructions,
    type Node,
    type NodeLicence,
    type WithAddress,
} from '@ocm/sdk';
import { createBurnInstruction, TOKEN_2022_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { createTestMarket, type TestMarket } from './market.js';
import { registerNode, registerSeller, type TestParticipant } from './participants.js';
import { type Sent, send } from './send.js';

/** A seller's first node with its licence. */
export interface LicensedNode {
    readonly market: TestMarket;
    readonly seller: TestParticipant;
    readonly node: WithAddress<Node>;
    readonly mint: PublicKey;
    /** The owner's token account that holds the licence. */
    readonly account: PublicKey;
    /** What the SDK's actions on the node take. */
    readonly input: { readonly owner: PublicKey; readonly node: PublicKey };
}

/** A market with one seller, its node and the node's licence. */
export async function createLicensedNode(): Promise<LicensedNode> {
    const market = await createTestMarket();
    const seller = await registerSeller(market);
    const node = await registerNode(market, seller);
    const input = { owner: seller.owner.publicKey, node: node.address };
    await send(market, await getMintLicenceInstructions(input), [seller.owner]);
    const [mint, account] = [findLicenceAddress(input), findLicenceAccountAddress(input)];
    return { market, seller, node, mint, account, input };
}

export function readLicence({ market, input }: LicensedNode): Promise<NodeLicence | null> {
    return fetchNodeLicence(market.connection, input);
}

export function sendAsOwner({ market, seller }: LicensedNode, instructions: TransactionInstruction[]): Promise<Sent> {
    return send(market, instructions, [seller.owner]);
}

/** The holder burns the token itself. */
export function burnLicence(licensed: LicensedNode): Promise<Sent> {
    const { account, mint, input } = licensed;
    return sendAsOwner(licensed, [createBurnInstruction(account, mint, input.owner, 1, [], TOKEN_2022_PROGRAM_ID)]);
}

export async function closeLicensedNode(licensed: LicensedNode): Promise<void> {
    await sendAsOwner(licensed, await getDeactivateNodeInstructions(licensed.input));
    await sendAsOwner(licensed, await getCloseNodeInstructions(licensed.input));
}

export function getRetirement({ input, node }: LicensedNode): Promise<TransactionInstruction[]> {
    return getRetireLicenceInstructions({ owner: input.owner, nodeIndex: node.index });
}
