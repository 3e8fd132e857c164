import { publicKey, type RpcAccount, sol } from '@metaplex-foundation/umi';
import { findLicenceAccountAddress, findLicenceAddress } from '@ocm/sdk';
import { Connection, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { LicenceReader } from './server/read-licences';

const key = (fill: number) => new PublicKey(new Uint8Array(32).fill(fill));
const [node, owner] = [key(3), key(4)];
const TOKEN_2022 = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';
const CONNECTION = new Connection('http://127.0.0.1:1');

function text(value: string): number[] {
    return [...new Uint8Array(new Uint32Array([value.length]).buffer), ...new TextEncoder().encode(value)];
}

/** A Token-2022 mint that cannot be transferred, with its metadata. */
function mintData(): Uint8Array {
    const pairs = [
        ['node', node.toBase58()],
        ['asn', '7'],
    ].flatMap(([name = '', value = '']) => [...text(name), ...text(value)]);
    const metadata = [
        ...new Uint8Array(64),
        ...text('OCM RELAY licence'),
        ...text(''),
        ...text(''),
        2,
        0,
        0,
        0,
        ...pairs,
    ];
    const entries = [9, 0, 0, 0, 19, 0, metadata.length & 255, metadata.length >> 8, ...metadata];
    const data = Uint8Array.from([...new Uint8Array(166), ...entries]);
    data[36] = 1;
    data[165] = 1;
    return data;
}

function tokenData(): Uint8Array {
    const data = new Uint8Array(165);
    data.set(findLicenceAddress({ node }).toBytes());
    data.set(owner.toBytes(), 32);
    data[64] = 1;
    return data;
}

function readerOver(accounts: ReadonlyMap<string, Uint8Array>) {
    const asked: string[][] = [];
    const getAccounts = async (keys: readonly string[]) => {
        asked.push([...keys]);
        return keys.map((address) => {
            const data = accounts.get(address);
            if (!data) return { exists: false as const, publicKey: publicKey(address) };
            const fixed = { executable: false, owner: publicKey(TOKEN_2022), lamports: sol(1) };
            return { exists: true as const, publicKey: publicKey(address), data, ...fixed } satisfies RpcAccount & {
                exists: true;
            };
        });
    };
    const umi = { rpc: { getAccounts } } as unknown as ConstructorParameters<typeof LicenceReader>[1];
    return { reader: new LicenceReader(CONNECTION, umi), asked };
}

const mint = findLicenceAddress({ node }).toBase58();
const account = findLicenceAccountAddress({ node, owner }).toBase58();

describe('licences through umi', () => {
    it('come with their name and holder', async () => {
        const { reader } = readerOver(
            new Map([
                [mint, mintData()],
                [account, tokenData()],
            ]),
        );
        const licences = await reader.read([{ node, owner }]);
        expect(licences.get(node.toBase58())).toMatchObject({ name: 'OCM RELAY licence', holder: owner, asn: 7 });
    });

    it('are asked for together, and not at all where there is no node', async () => {
        const { reader, asked } = readerOver(new Map());
        await reader.read([
            { node, owner },
            { node: key(9), owner },
        ]);
        expect(asked.map((keys) => keys.length)).toEqual([4]);
        await reader.read([]);
        expect(asked).toHaveLength(1);
    });

    it('that are missing or damaged leave out one node and stop nothing', async () => {
        const damaged = findLicenceAddress({ node: key(9) }).toBase58();
        const { reader } = readerOver(
            new Map([
                [mint, mintData()],
                [damaged, new Uint8Array(500)],
            ]),
        );
        const nodes = [node, key(8), key(9)].map((each) => ({ node: each, owner }));
        const licences = await reader.read(nodes);
        expect([...licences.keys()]).toEqual([node.toBase58()]);
        expect(licences.get(node.toBase58())?.holder).toBeNull();
    });
});
