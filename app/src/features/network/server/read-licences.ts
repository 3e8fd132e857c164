import { publicKey, type RpcAccount, type Umi } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import { findLicenceAccountAddress, findLicenceAddress, type NodeLicence, readNodeLicence } from '@ocm/sdk';
import { type Connection, PublicKey } from '@solana/web3.js';

/** A node and the wallet whose participant registered it. */
export interface LicensedNode {
    readonly node: PublicKey;
    readonly owner: PublicKey;
}

interface Addresses {
    readonly mint: string;
    readonly tokenAccount: string;
}

/** Reads nodes' licences as a wallet of the Metaplex world does: through umi. */
export class LicenceReader {
    readonly #umi: Pick<Umi, 'rpc'>;
    /** Deriving an address costs a millisecond, and nodes are read every second. */
    readonly #addresses = new Map<string, Addresses>();

    constructor(connection: Connection, umi: Pick<Umi, 'rpc'> = createUmi(connection)) {
        this.#umi = umi;
    }

    /** By node address. A node without a licence, or with one that cannot be read, is left out: nothing depends on it. */
    async read(nodes: readonly LicensedNode[]): Promise<Map<string, NodeLicence>> {
        const wanted = nodes.map((licensed) => ({ ...licensed, ...this.#find(licensed) }));
        const keys = wanted.flatMap(({ mint, tokenAccount }) => [publicKey(mint), publicKey(tokenAccount)]);
        const found = keys.length > 0 ? await this.#umi.rpc.getAccounts(keys, { commitment: 'confirmed' }) : [];
        const accounts = new Map(
            found.flatMap((account) => (account.exists ? [[String(account.publicKey), account] as const] : [])),
        );
        const licences = new Map<string, NodeLicence>();
        for (const { node, mint, tokenAccount } of wanted) {
            const licence = toLicence(node, accounts.get(mint), accounts.get(tokenAccount));
            if (licence) licences.set(node.toBase58(), licence);
        }
        return licences;
    }

    #find({ node, owner }: LicensedNode): Addresses {
        const key = node.toBase58();
        const known = this.#addresses.get(key);
        if (known) return known;
        const addresses = {
            mint: findLicenceAddress({ node }).toBase58(),
            tokenAccount: findLicenceAccountAddress({ node, owner }).toBase58(),
        };
        this.#addresses.set(key, addresses);
        return addresses;
    }
}

function toLicence(
    node: PublicKey,
    mint: RpcAccount | undefined,
    tokenAccount: RpcAccount | undefined,
): NodeLicence | null {
    if (!mint) return null;
    try {
        return readNodeLicence({
            node,
            mint: toInput(mint),
            tokenAccount: tokenAccount ? toInput(tokenAccount) : null,
        });
    } catch {
        // An account that only lamports were sent to, or of another kind, is no licence.
        return null;
    }
}

function toInput(account: RpcAccount) {
    return {
        address: new PublicKey(account.publicKey),
        owner: new PublicKey(account.owner),
        data: account.data,
    };
}
