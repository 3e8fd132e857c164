import { createChainReader } from '@ocm/node';
import { createLogger } from '@ocm/runtime';
import {
    fetchBeacon,
    fetchBeaconRegistry,
    findBeaconAddress,
    findConfigAddress,
    getCreateBeaconPageInstructions,
    getCreateBeaconRegistryInstructions,
    getExitBeaconInstructions,
    getRegisterBeaconInstructions,
    getWithdrawBeaconBondInstructions,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    needTimeTravel,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    testKeypair,
    travel,
} from '../support/index.js';
import { listenInProcess } from './provider-world.js';

const log = createLogger({ name: 'test', level: 'silent' });
const device = testKeypair('device at home');
const address = findBeaconAddress({ beaconKey: device.publicKey });
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
    for (const close of closers.splice(0)) await close();
});

/** A market with one BEACON, and what a CAST reads of it over RPC. */
async function registeredBeacon(): Promise<{
    market: TestMarket;
    home: TestParticipant;
    find: ReturnType<typeof createChainReader>['findBeacon'];
}> {
    const market = await createTestMarket();
    needTimeTravel(market);
    const home = await registerSeller(market, { name: 'home', stake: 0n });
    const payer = market.deployer.publicKey;
    const create = await getCreateBeaconRegistryInstructions({ payer });
    const page = await getCreateBeaconPageInstructions({ payer, page: 0 });
    await send(market, [...create, ...page], [market.deployer]);
    const register = await getRegisterBeaconInstructions({
        owner: home.owner.publicKey,
        beaconKey: device.publicKey,
        count: 0,
        asn: 64_496,
        downKilobitsPerSecond: 100_000n,
        bond: 10_000_000n,
        bondMint: market.mint.address,
    });
    await send(market, register, [home.owner, device]);
    const { rpcUrl, close } = await listenInProcess(market);
    closers.push(close);
    const clock = { observe: async () => undefined };
    const node = PublicKey.default.toBase58();
    const { findBeacon: find } = createChainReader({ rpcUrl, node, role: 'cast', clock, now: Date.now, log });
    return { market, home, find };
}

describe('what a CAST reads of a BEACON', () => {
    it('is the key that registered, until it leaves; then that it has left, then nothing', async () => {
        const { market, home, find } = await registeredBeacon();
        const key = device.publicKey.toBase58();
        expect(await find(address.toBase58())).toEqual({ key, state: 'active' });
        const count = (await fetchBeaconRegistry(market.connection))?.count ?? 0;
        const beacon = await fetchBeacon(market.connection, address);
        const exit = { owner: home.owner.publicKey, beacon: beacon!, count };
        await send(market, await getExitBeaconInstructions(exit), [home.owner]);
        expect(await find(address.toBase58())).toEqual({ key, state: 'exiting' });
        travel(market, 30n * 86_400n);
        const owner = home.owner.publicKey;
        const withdraw = { owner, beaconKey: device.publicKey, bondMint: market.mint.address };
        await send(market, await getWithdrawBeaconBondInstructions(withdraw), [home.owner]);
        expect(await find(address.toBase58())).toBeNull();
    });

    it("is its owner's jail, where the owner is a participant", async () => {
        const { market, home, find } = await registeredBeacon();
        const at = { program: 'registry', account: 'Participant', address: home.address, field: 'status' } as const;
        await corruptField(market, { ...at, bytes: Uint8Array.of(1) });
        expect(await find(address.toBase58())).toMatchObject({ state: 'jailed' });
    });

    it('is nothing at the address of something else, or of nothing', async () => {
        const { market, home, find } = await registeredBeacon();
        const others = [findConfigAddress(), home.address, market.mint.address, device.publicKey];
        for (const other of others) expect(await find(other.toBase58())).toBeNull();
        expect(await find('1'.repeat(44))).toBeNull();
    });
});
