import type { ChainGateway } from '@ocm/runtime';
import {
    computeTreeHead,
    fetchNode,
    fetchParticipant,
    findNodeAddress,
    findParticipantAddress,
    getDepositStakeInstructions,
    getRegisterNodeInstructions,
    getRegisterParticipantInstructions,
    getSetHotKeyInstructions,
} from '@ocm/sdk';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { CLAIMED_KILOBITS_PER_SECOND, NODE_NAMES, NODES, type NodeAddresses, type NodeName } from './nodes.js';
import type { Progress } from './progress.js';
import type { StateFolder } from './state-folder.js';
import { ONE_TOKEN } from './tokens.js';

export const STAKE = 1_000n * ONE_TOKEN;
const HOST = '127.0.0.1';
const DAY_SECS = 86_400n;

export type Deps = { gateway: ChainGateway; state: StateFolder; progress: Progress; mint: PublicKey };

/** Registers a participant with a hot key for daily work, unless it stands. The owner's key is then needed no more. */
export async function ensureParticipant(
    { gateway, progress, mint }: Deps,
    input: {
        title: string;
        kind: 'seller' | 'contentProvider';
        owner: Keypair;
        hot: Keypair;
        scope: 'commit' | 'cosign';
    },
): Promise<PublicKey> {
    const participant = findParticipantAddress({ owner: input.owner.publicKey });
    const existing = await fetchParticipant(gateway.connection, participant);
    const now = BigInt(await gateway.clusterTimeSecs());
    const isHotKeySet = existing?.hot.equals(input.hot.publicKey) === true && existing.hotExpiresAt > now + DAY_SECS;
    if (existing && isHotKeySet) return participant;
    const { signature } = await gateway.sendInstructions({
        label: `register the ${input.title}`,
        payer: input.owner,
        instructions: [
            ...(existing
                ? []
                : await getRegisterParticipantInstructions({
                      owner: input.owner.publicKey,
                      kind: input.kind,
                      stakeMint: mint,
                  })),
            ...(await getSetHotKeyInstructions({
                owner: input.owner.publicKey,
                hotKey: { address: input.hot.publicKey, scopes: [input.scope], expiresAt: now + 29n * DAY_SECS },
            })),
        ],
    });
    progress.step(`${input.title} registered, with a hot key that may only ${input.scope}`, signature);
    return participant;
}

/** Deposits what the operator's stake lacks. */
export async function ensureStake({ gateway, progress, mint }: Deps, owner: Keypair): Promise<void> {
    const participant = await fetchParticipant(gateway.connection, findParticipantAddress({ owner: owner.publicKey }));
    if (!participant) throw new Error('the operator is not registered');
    const missing = STAKE - participant.stakeFree - participant.stakeLocked;
    if (missing <= 0n) return;
    const { signature } = await gateway.sendInstructions({
        label: 'deposit stake',
        payer: owner,
        instructions: await getDepositStakeInstructions({ owner: owner.publicKey, stakeMint: mint, amount: missing }),
    });
    progress.step(`operator stakes ${missing / ONE_TOKEN} tokens from its wallet`, signature);
}

/** Registers one CAST and two RELAY nodes, each with the endpoint it will serve at. */
export async function ensureNodes({ gateway, state, progress }: Deps, owner: Keypair): Promise<NodeAddresses> {
    const participant = findParticipantAddress({ owner: owner.publicKey });
    const addresses = {} as Record<NodeName, PublicKey>;
    const instructions = [];
    for (const name of NODE_NAMES) {
        const { index, role, asn } = NODES[name];
        addresses[name] = findNodeAddress({ participant, index });
        if (await fetchNode(gateway.connection, addresses[name])) continue;
        const ports = [await state.port(name), ...(role === 'cast' ? [await state.port('cast-cache')] : [])];
        instructions.push(
            ...(await getRegisterNodeInstructions({
                owner: owner.publicKey,
                index,
                role,
                asn,
                endpoints: ports.map((port) => ({ ip: HOST, port })),
                footprintRoot: computeTreeHead([]),
                // Plain HTTP on loopback: there is no TLS key to pin.
                tlsSpki: new Uint8Array(32),
                claimEgressKilobitsPerSecond: CLAIMED_KILOBITS_PER_SECOND,
                claimIngressKilobitsPerSecond: 0n,
            })),
        );
    }
    if (instructions.length > 0) {
        const { signature } = await gateway.sendInstructions({ label: 'register nodes', payer: owner, instructions });
        progress.step('operator registers CAST, RELAY A and RELAY B', signature);
    }
    return addresses;
}
