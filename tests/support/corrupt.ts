import { IDLS, PROGRAM_IDS, type ProgramName } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import { fieldOffset } from '../../sdk/src/programs/layout.js';
import { accountFixture } from '../../sdk/test/borsh-fixture.js';
import type { TestCluster } from './cluster.js';

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

async function setAccount({ cluster }: TestCluster, address: PublicKey, update: object): Promise<void> {
    const request = { jsonrpc: '2.0', id: 1, method: 'surfnet_setAccount', params: [address.toBase58(), update] };
    const response = (await cluster.handle(request)) as { error?: unknown };
    if (response.error !== undefined) throw new Error(JSON.stringify(response.error));
}

/**
 * Overwrites bytes of a field in an account, which no transaction could: states that the programs never reach, to see
 * that the last guards hold.
 */
export async function corruptField(
    market: TestCluster,
    input: { program: ProgramName; account: string; address: PublicKey; field: string; bytes: Uint8Array },
): Promise<void> {
    const info = await market.connection.getAccountInfo(input.address);
    if (info === null) throw new Error(`no account at ${input.address.toBase58()}`);
    const data = Uint8Array.from(info.data);
    data.set(input.bytes, fieldOffset(IDLS[input.program], input.account, input.field));
    await setAccount(market, input.address, { data: toHex(data) });
}

/** Bytes of a contract as the first release wrote it: 64 reserved bytes, all zero, ended it. */
const FIRST_CONTRACT_BYTES = 1_716;

/** Turns a contract back into what the first release would have written: shorter, and of version 1. */
export async function makeFirstCutContract(market: TestCluster, address: PublicKey): Promise<void> {
    const info = await market.connection.getAccountInfo(address);
    if (info === null) throw new Error(`no account at ${address.toBase58()}`);
    const data = Uint8Array.from(info.data.subarray(0, FIRST_CONTRACT_BYTES));
    data.fill(0, FIRST_CONTRACT_BYTES - 64);
    data[8] = 1;
    const lamports = await market.connection.getMinimumBalanceForRentExemption(data.length);
    await setAccount(market, address, { data: toHex(data), lamports });
}

/** Puts an account of a program at an address, fields zero unless given. */
export async function plantAccount(
    market: TestCluster,
    input: { program: ProgramName; account: string; address: PublicKey; fields: object },
): Promise<void> {
    const data = accountFixture(IDLS[input.program], input.account, input.fields);
    const lamports = await market.connection.getMinimumBalanceForRentExemption(data.length);
    await setAccount(market, input.address, {
        data: toHex(data),
        owner: PROGRAM_IDS[input.program].toBase58(),
        lamports,
    });
}

/** A u64 as it stands in an account. */
export function u64Bytes(value: bigint): Uint8Array {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, true);
    return bytes;
}

/** A u32 as it stands in an account. */
export function u32Bytes(value: number): Uint8Array {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return bytes;
}
