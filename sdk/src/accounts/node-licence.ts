import { TOKEN_2022_PROGRAM_ID } from '@solana/spl-token';
import { PublicKey } from '@solana/web3.js';
import { findLicenceAddress } from '../addresses/registry.js';
import { findTokenAccountAddress } from '../addresses/tokens.js';
import { equalBytes } from '../core/bytes.js';
import { sdkError } from '../errors/sdk-error.js';
import type { AccountSource } from './reader.js';
import {
    NON_TRANSFERABLE,
    parseMint,
    parseTokenAccount,
    parseTokenMetadata,
    TOKEN_METADATA,
    type TokenMetadata,
} from './token-2022.js';

/**
 * The licence of a node: a token that cannot be transferred. It shows who registered the node, as of the moment at which
 * it was minted; authority is the Node account, and nothing reads this token for it.
 */
export interface NodeLicence {
    /** The token's mint (`findLicenceAddress`). */
    readonly mint: PublicKey;
    readonly node: PublicKey;
    readonly name: string;
    readonly symbol: string;
    /** What the operator wrote, printable ASCII, possibly empty. Nothing vouches for what stands there. */
    readonly uri: string;
    /** `CAST`, `RELAY` or `CDN`. */
    readonly role: string;
    /** As `CAPACITY_CLASSES` spells it. */
    readonly class: string;
    /** Autonomous system in which the node stood when the licence was minted. */
    readonly asn: number;
    /** What the token is worth, in words. */
    readonly meaning: string;
    /** The wallet that holds it; null when it has burned the token. */
    readonly holder: PublicKey | null;
}

/** An account as any client reads it. */
export interface LicenceAccountInput {
    readonly address: PublicKey;
    /** Program that owns the account. */
    readonly owner: PublicKey;
    readonly data: Uint8Array;
}

/** What `readNodeLicence` needs: the node, the mint at its `findLicenceAddress`, and the holder's token account. */
export interface ReadNodeLicenceInput {
    readonly node: PublicKey;
    readonly mint: LicenceAccountInput;
    /** Associated token account of the participant's owner; null when there is none (any more). */
    readonly tokenAccount: LicenceAccountInput | null;
}

const MAX_DECIMAL_ASN = 4_294_967_295;

/**
 * Reads a licence from the data of its accounts, whichever client fetched them.
 *
 * @throws MarketplaceError MKT_SDK__ACCOUNT_OWNER when the mint is none of Token-2022, and MKT_SDK__ACCOUNT_DATA_INVALID
 * when it is not the licence of this node.
 * @example const licence = readNodeLicence({ node, mint: { address, owner, data }, tokenAccount: null });
 */
export function readNodeLicence({ node, mint, tokenAccount }: ReadNodeLicenceInput): NodeLicence {
    if (!mint.owner.equals(TOKEN_2022_PROGRAM_ID)) {
        throw sdkError('MKT_SDK__ACCOUNT_OWNER', {
            account: 'NodeLicence',
            address: mint.address.toBase58(),
            owner: mint.owner.toBase58(),
            expected: TOKEN_2022_PROGRAM_ID.toBase58(),
        });
    }
    if (!mint.address.equals(findLicenceAddress({ node })))
        throw invalid('the address is not that of the node’s licence');
    const parsed = parseMint(mint.data);
    if (!parsed?.extensions.has(NON_TRANSFERABLE)) throw invalid('it is no mint of a token that cannot be transferred');
    const written = readMetadata(parsed.extensions.get(TOKEN_METADATA));
    const field = (key: string) => written.fields.get(key) ?? '';
    if (field('node') !== node.toBase58()) throw invalid('the metadata names another node');
    return {
        mint: mint.address,
        node,
        name: written.name,
        symbol: written.symbol,
        uri: written.uri,
        role: field('role'),
        class: field('class'),
        asn: parseAsn(field('asn')),
        meaning: field('meaning'),
        holder: parsed.supply === 1n && tokenAccount ? readHolder(mint.address, tokenAccount) : null,
    };
}

function readMetadata(data: Uint8Array | undefined): TokenMetadata {
    let metadata: TokenMetadata | null;
    try {
        metadata = data ? parseTokenMetadata(data) : null;
    } catch (cause) {
        throw invalid('the metadata is no text', cause);
    }
    if (!metadata) throw invalid('the metadata is missing or out of bounds');
    return metadata;
}

/** Only what Token-2022 wrote and only where it holds the token. */
function readHolder(mint: PublicKey, account: LicenceAccountInput): PublicKey | null {
    const held = account.owner.equals(TOKEN_2022_PROGRAM_ID) ? parseTokenAccount(account.data) : null;
    return held?.amount === 1n && equalBytes(held.mint, mint.toBytes()) ? new PublicKey(held.owner) : null;
}

function parseAsn(text: string): number {
    const asn = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(asn <= MAX_DECIMAL_ASN)) throw invalid('the network’s number is none');
    return asn;
}

function invalid(reason: string, cause?: unknown) {
    return sdkError('MKT_SDK__ACCOUNT_DATA_INVALID', { account: 'NodeLicence', reason }, cause ? { cause } : {});
}

/** The token account in which a participant's owner holds the licence of one of its nodes. */
export function findLicenceAccountAddress({ node, owner }: { node: PublicKey; owner: PublicKey }): PublicKey {
    const mint = findLicenceAddress({ node });
    return findTokenAccountAddress({ mint, owner, tokenProgram: TOKEN_2022_PROGRAM_ID });
}

/**
 * The licence of a node, or null when none was minted or it is retired. `owner` is that of the node's participant.
 *
 * @throws MarketplaceError as `readNodeLicence`.
 * @example const licence = await fetchNodeLicence(connection, { node, owner });
 */
export async function fetchNodeLicence(
    connection: AccountSource,
    { node, owner }: { node: PublicKey; owner: PublicKey },
): Promise<NodeLicence | null> {
    const read = async (address: PublicKey) => {
        const account = await connection.getAccountInfo(address);
        // A retired mint leaves nothing; lamports that somebody sends to its address make no licence of it.
        return account === null || account.data.length === 0 ? null : { ...account, address };
    };
    const mint = await read(findLicenceAddress({ node }));
    if (mint === null) return null;
    return readNodeLicence({ node, mint, tokenAccount: await read(findLicenceAccountAddress({ node, owner })) });
}
