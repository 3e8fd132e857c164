import { fetchNodeLicence, getMintLicenceInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { NODE_NAMES, type NodeAddresses } from './nodes.js';
import type { Deps } from './operator.js';

/** Mints the licence of each node that has none: a badge for wallets and the page, which nothing else waits for. */
export async function ensureLicences(
    { gateway, progress }: Pick<Deps, 'gateway' | 'progress'>,
    owner: Keypair,
    nodes: NodeAddresses,
): Promise<void> {
    const missing = await Promise.all(
        NODE_NAMES.map(async (name) => {
            const input = { node: nodes[name], owner: owner.publicKey };
            return (await fetchNodeLicence(gateway.connection, input)) ? [] : [name];
        }),
    );
    const sent = await Promise.all(
        missing.flat().map(async (name) =>
            gateway.sendInstructions({
                label: `mint the licence of ${name}`,
                payer: owner,
                instructions: await getMintLicenceInstructions({ owner: owner.publicKey, node: nodes[name] }),
            }),
        ),
    );
    const last = sent.at(-1);
    if (last) progress.step(`operator's nodes get their licences, which cannot be transferred`, last.signature);
}
