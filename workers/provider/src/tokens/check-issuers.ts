import { failure } from '@ocm/runtime';
import { findIssuerInForce } from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import type { ContractTerms } from '../ports.js';
import type { IssuerKeys } from './keyring.js';

type Terms = Pick<
    ContractTerms,
    'address' | 'issuer' | 'issuerFromEpoch' | 'genesisAt' | 'epochLengthSecs' | 'epochCount' | 'state'
>;
type NeededIssuer = { contract: string; issuer: PublicKey; fromEpoch: number };

/** The epoch that runs at a time; negative before the contract begins. */
export function findRunningEpoch({ genesisAt, epochLengthSecs }: Terms, nowSecs: number): number {
    return Math.floor((nowSecs - Number(genesisAt)) / epochLengthSecs);
}

/** The issuers whose tokens the present and the coming epochs of a contract take. */
export function listNeededIssuers(contract: Terms, nowSecs: number): NeededIssuer[] {
    const isOver = !['proposed', 'active', 'underfunded'].includes(contract.state);
    const epoch = Math.max(0, findRunningEpoch(contract, nowSecs));
    if (isOver || epoch >= contract.epochCount) return [];
    const name = contract.address.toBase58();
    const present = findIssuerInForce(contract, epoch);
    const coming = contract.issuer.flatMap((issuer, slot) => {
        const fromEpoch = contract.issuerFromEpoch[slot] ?? 0;
        const isNamed = !issuer.equals(PublicKey.default) && fromEpoch > epoch && fromEpoch < contract.epochCount;
        return isNamed ? [{ contract: name, issuer, fromEpoch }] : [];
    });
    return [...(present === null ? [] : [{ contract: name, issuer: present, fromEpoch: epoch }]), ...coming];
}

/** Those of them whose keys this worker does not hold. */
export function listMissingIssuers(contract: Terms, nowSecs: number, keys: Pick<IssuerKeys, 'find'>): NeededIssuer[] {
    return listNeededIssuers(contract, nowSecs).filter(({ issuer }) => keys.find(issuer) === undefined);
}

/**
 * A worker without the key of a coming epoch would stop issuing in the middle of the night.
 * @throws MKT_PROVIDER__ISSUER_KEY_MISSING naming contract, key and epoch
 */
export function assertIssuersHeld(contracts: readonly Terms[], nowSecs: number, keys: IssuerKeys): void {
    const missing = contracts.flatMap((contract) => listMissingIssuers(contract, nowSecs, keys))[0];
    if (missing === undefined) return;
    const held = keys.list().map(({ publicKey }) => publicKey.toBase58());
    throw failure(
        'MKT_PROVIDER__ISSUER_KEY_MISSING',
        `from epoch ${missing.fromEpoch} contract ${missing.contract} takes tokens of issuer ${missing.issuer.toBase58()} only, whose key is not held here (held: ${held.join(', ') || 'none'}); name its file in issuerKeypairPaths, or have the command rotate name a new key and start again when that is in force`,
    );
}
