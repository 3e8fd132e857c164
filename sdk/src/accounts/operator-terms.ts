import type { PublicKey } from '@solana/web3.js';
import { CAPACITY_CLASSES, type CapacityClass } from '../core/capacity.js';
import type { Node } from './node.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';

/** What an operator asks of nodes in its network. */
export interface NetworkTerms {
    /** SHA-256 of the text. */
    readonly termsHash: Uint8Array;
    /** Least share of a contract's revenue for the host of a node. */
    readonly minHostShareBasisPoints: number;
    readonly allowedClasses: readonly CapacityClass[];
    readonly maxKilobitsPerSecondPerNode: bigint;
    /** Whether the operator wants to be asked before a node stands in its network. */
    readonly requiresConsent: boolean;
}

/** An operator's terms for one network. That the network is the operator's is not proved here. */
export interface OperatorTerms {
    readonly participant: PublicKey;
    readonly asn: number;
    readonly terms: NetworkTerms;
    /** Unix seconds. */
    readonly publishedAt: bigint;
}

/** An operator's consent to one node. */
export interface NodeConsent {
    readonly node: PublicKey;
    readonly participant: PublicKey;
    readonly asn: number;
    /** Of the terms under which consent was given. */
    readonly termsHash: Uint8Array;
    /** Unix seconds. */
    readonly grantedAt: bigint;
}

/** The number in which the chain keeps a set of classes: bit n is class n. */
export function encodeClasses(classes: readonly CapacityClass[]): number {
    return classes.reduce((set, name) => set | (1 << CAPACITY_CLASSES.indexOf(name)), 0);
}

const termsReader = createReader(
    'registry',
    'OperatorTerms',
    ({ version, bump, reserved, terms, ...rest }): OperatorTerms => ({
        ...rest,
        terms: {
            ...terms,
            allowedClasses: CAPACITY_CLASSES.filter((_, bit) => (terms.allowedClasses & (1 << bit)) !== 0),
        },
    }),
);
const consentReader = createReader(
    'registry',
    'NodeConsent',
    ({ version, bump, reserved, ...consent }): NodeConsent => consent,
);

/** Reads terms from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeOperatorTerms = termsReader.decode;

/** Reads a consent from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeNodeConsent = consentReader.decode;

/**
 * An operator's terms, or null when it published none (`findOperatorTermsAddress`).
 *
 * @throws MarketplaceError as `decodeOperatorTerms`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const terms = await fetchOperatorTerms(connection, findOperatorTermsAddress({ participant, asn: 64_496 }));
 */
export function fetchOperatorTerms(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<OperatorTerms> | null> {
    return termsReader.fetch(connection, address);
}

/**
 * All consents, or those to one node.
 *
 * @throws MarketplaceError as `decodeNodeConsent`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const consents = await listNodeConsents(connection, { node });
 */
export function listNodeConsents(
    connection: AccountListSource,
    filter: { node?: PublicKey } = {},
): Promise<WithAddress<NodeConsent>[]> {
    return consentReader.list(connection, { node: filter.node });
}

/**
 * An operator's consent to a node, or null (`findNodeConsentAddress`).
 *
 * @throws MarketplaceError as `decodeNodeConsent`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const consent = await fetchNodeConsent(connection, findNodeConsentAddress({ node, participant }));
 */
export function fetchNodeConsent(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<NodeConsent> | null> {
    return consentReader.fetch(connection, address);
}

/** Whether a consent still speaks of the node as it is, under the terms as they are. */
export function isConsentCurrent(consent: NodeConsent, node: Node, operatorTerms: OperatorTerms): boolean {
    const { terms, asn } = operatorTerms;
    const rates = [node.claimEgressKilobitsPerSecond, node.claimIngressKilobitsPerSecond];
    return (
        consent.participant.equals(operatorTerms.participant) &&
        consent.asn === asn &&
        node.asn === asn &&
        terms.allowedClasses.includes(node.class) &&
        rates.every((rate) => rate <= terms.maxKilobitsPerSecondPerNode) &&
        consent.termsHash.every((byte, place) => byte === terms.termsHash[place])
    );
}
