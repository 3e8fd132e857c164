import { failure, type Logger } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import type { Commitment, ContractTerms } from '../ports.js';
import { findRunningEpoch } from './check-issuers.js';
import type { Keyring } from './keyring.js';

/** What rotating needs of the chain. Only the content provider's owner may name issuers, no hot key. */
export type RotationChain = {
    clusterTimeSecs(): Promise<number>;
    /** As it stands now, not as it was seconds ago. */
    readContract(contract: PublicKey): Promise<ContractTerms | null>;
    listCommitments(contract: PublicKey): Promise<Commitment[]>;
    rotateIssuer(
        input: { contract: PublicKey; slot: number; issuer: PublicKey; fromEpoch: number },
        signal: AbortSignal,
    ): Promise<{ signature: string }>;
};
export type RotationDeps = { chain: RotationChain; keys: Keyring; log: Logger };
export type RotationOutcome =
    | { outcome: 'rotated'; contract: string; issuer: string; fromEpoch: number; signature: string }
    | { outcome: 'pending' | 'over'; contract: string; issuer: string | null; fromEpoch: number };

/**
 * Names a new issuer of a contract from `leadEpochs` after the running one. Asked again while that rotation is still to
 * come it changes nothing, so that a crash in between or a second scheduler does no harm.
 *
 * Of the two places on chain the older one is overwritten: that is refused while an epoch whose tokens that older key
 * signed can still be committed or disputed, because nobody could check them any more.
 * @throws MKT_PROVIDER__CONTRACT_UNKNOWN, MKT_PROVIDER__ROTATION_TOO_EARLY, MKT_RUNTIME__* of the transaction
 */
export async function rotateIssuer(
    { chain, keys, log }: RotationDeps,
    { contract: address, leadEpochs }: { contract: PublicKey; leadEpochs: number },
    signal: AbortSignal,
): Promise<RotationOutcome> {
    const [contract, nowSecs] = await Promise.all([chain.readContract(address), chain.clusterTimeSecs()]);
    const name = address.toBase58();
    if (contract === null)
        throw failure('MKT_PROVIDER__CONTRACT_UNKNOWN', `contract ${name} is not on this cluster; check rpcUrl`);
    const epoch = Math.max(0, findRunningEpoch(contract, nowSecs));
    const pending = contract.issuerFromEpoch.findIndex(
        (from, slot) => from > epoch && contract.issuer[slot]?.equals(PublicKey.default) === false,
    );
    if (pending >= 0) {
        const issuer = contract.issuer[pending]?.toBase58() ?? null;
        return { outcome: 'pending', contract: name, issuer, fromEpoch: contract.issuerFromEpoch[pending] ?? 0 };
    }
    const fromEpoch = epoch + leadEpochs;
    if (fromEpoch >= contract.epochCount) return { outcome: 'over', contract: name, issuer: null, fromEpoch };
    await assertOldEpochsClosed(chain, contract, epoch, nowSecs);
    // On disk before the chain names it; a crash in between leaves a spare file and nothing else.
    const issuer = await keys.create();
    const inForce = findIssuerInForce(contract, epoch);
    const slot = inForce !== null && contract.issuer[0]?.equals(inForce) ? 1 : 0;
    const named = { contract: address, slot, issuer: issuer.publicKey, fromEpoch };
    const { signature } = await chain.rotateIssuer(named, signal);
    const outcome = { contract: name, issuer: issuer.publicKey.toBase58(), fromEpoch, signature };
    log.info({ ...outcome, slot }, 'issuer rotated');
    return { outcome: 'rotated', ...outcome };
}

async function assertOldEpochsClosed(
    chain: RotationChain,
    contract: ContractTerms,
    epoch: number,
    nowSecs: number,
): Promise<void> {
    const inForce = findIssuerInForce(contract, epoch);
    const slot = contract.issuer.findIndex((issuer) => inForce?.equals(issuer));
    const begun = contract.issuerFromEpoch[slot] ?? 0;
    // Epochs before it were signed by the key that would go.
    if (slot < 0 || begun === 0) return;
    const lastOldEpochEndsAt = Number(contract.genesisAt) + begun * contract.epochLengthSecs;
    const committableUntil = lastOldEpochEndsAt + contract.commitDelaySecs + contract.commitWindowSecs;
    const tooEarly = (why: string) =>
        failure(
            'MKT_PROVIDER__ROTATION_TOO_EARLY',
            `contract ${contract.address.toBase58()} still needs its former issuer for epochs before ${begun}: ${why}; rotate again later`,
        );
    if (nowSecs <= committableUntil) throw tooEarly(`they can be committed until ${committableUntil} (unix seconds)`);
    const open = (await chain.listCommitments(contract.address)).find(
        (commitment) => commitment.epoch < begun && commitment.awaitsCosignature,
    );
    if (open !== undefined) throw tooEarly(`the commitment of epoch ${open.epoch} is still open`);
}
