import {
    type Beacon,
    buildInstruction,
    fetchBeacon,
    fetchBeaconPage,
    fetchBeaconRegistry,
    findBeaconAddress,
    findBeaconRegistryAddress,
    findConfigAddress,
    getAdmitAuditorInstructions,
    getCreateBeaconPageInstructions,
    getCreateBeaconRegistryInstructions,
    getExitBeaconInstructions,
    getRegisterBeaconInstructions,
    getTagPrefixInstructions,
    getWithdrawBeaconBondInstructions,
    type WithAddress,
} from '@ocm/sdk';
import { type Keypair, PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    nowSecs,
    ownerBalance,
    registerParticipant,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
    testKeypair,
    travel,
    u32Bytes,
} from '../../support/index.js';

const BOND = 10_000_000n;

describe('the list of BEACONs', () => {
    let market: TestMarket;
    let home: TestParticipant;

    beforeEach(async () => {
        market = await createTestMarket();
        home = await registerSeller(market, { name: 'home', stake: 0n });
        const payer = market.deployer.publicKey;
        await send(
            market,
            [
                ...(await getCreateBeaconRegistryInstructions({ payer })),
                ...(await getCreateBeaconPageInstructions({ payer, page: 0 })),
            ],
            [market.deployer],
        );
    });

    const count = async () => (await fetchBeaconRegistry(market.connection))?.count ?? 0;
    const key = (name: string) => testKeypair(`beacon ${name}`);
    const address = (name: string) => findBeaconAddress({ beaconKey: key(name).publicKey });
    const readBeacon = async (name: string) =>
        (await fetchBeacon(market.connection, address(name))) as WithAddress<Beacon>;
    const listed = async (page = 0) =>
        ((await fetchBeaconPage(market.connection, page))?.keys ?? [])
            .map((bytes) => new PublicKey(bytes))
            .filter((candidate) => !candidate.equals(PublicKey.default));
    const register = async (name: string, overrides: { bond?: bigint; bondMint?: PublicKey } = {}) => {
        const input = {
            owner: home.owner.publicKey,
            beaconKey: key(name).publicKey,
            count: await count(),
            asn: 64_496,
            downKilobitsPerSecond: 100_000n,
            bond: BOND,
            bondMint: market.mint.address,
            ...overrides,
        };
        return send(market, await getRegisterBeaconInstructions(input), [home.owner, key(name)]);
    };
    const exit = async (name: string, lastKey?: string, by: Keypair = home.owner) => {
        const input = { owner: by.publicKey, beacon: await readBeacon(name), count: await count() };
        const last = lastKey === undefined ? {} : { lastKey: key(lastKey).publicKey };
        return send(market, await getExitBeaconInstructions({ ...input, ...last }), [by]);
    };
    const withdraw = async (name: string, by: Keypair = home.owner) =>
        send(
            market,
            await getWithdrawBeaconBondInstructions({
                owner: by.publicKey,
                beaconKey: key(name).publicKey,
                bondMint: market.mint.address,
                ownerTokenAccount: (
                    await market.connection.getTokenAccountsByOwner(home.owner.publicKey, {
                        mint: market.mint.address,
                    })
                ).value[0]!.pubkey,
            }),
            [by],
        );
    const corruptBeacon = (name: string, field: string, bytes: Uint8Array) =>
        corruptField(market, { program: 'registry', account: 'Beacon', address: address(name), field, bytes });

    it('takes a BEACON against its bond', async () => {
        const before = await ownerBalance(market, market.mint, home.owner.publicKey);
        const { events } = await register('a');
        expect(await ownerBalance(market, market.mint, home.owner.publicKey)).toBe(before - BOND);
        expect(await readBeacon('a')).toMatchObject({ index: 0, bond: BOND, status: 'active', asn: 64_496 });
        expect(await listed()).toEqual([key('a').publicKey]);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'BeaconRegistered',
                data: {
                    beacon: address('a'),
                    beaconKey: key('a').publicKey,
                    owner: home.owner.publicKey,
                    index: 0,
                    asn: 64_496,
                    downKilobitsPerSecond: 100_000n,
                    bondMint: market.mint.address,
                    bond: BOND,
                    countAfter: 1,
                },
            },
        ]);
    });

    it('takes a key once', async () => {
        await register('a');
        await expectRefusal(register('a'), 'system', 'AccountAlreadyInUse');
    });

    it('refuses a bond below the minimum', () =>
        expectRefusal(register('a', { bond: BOND - 1n }), 'registry', 'BondTooSmall'));

    it('refuses a mint that is not allowed', async () => {
        const config = { program: 'registry', account: 'Config', address: findConfigAddress() } as const;
        await corruptField(market, { ...config, field: 'mints', bytes: new Uint8Array(32) });
        await expectRefusal(register('a'), 'registry', 'MintNotAllowed');
    });

    it('refuses a BEACON without downlink', async () => {
        const [instruction] = await getRegisterBeaconInstructions({
            owner: home.owner.publicKey,
            beaconKey: key('a').publicKey,
            count: 0,
            asn: 1,
            downKilobitsPerSecond: 1n,
            bond: BOND,
            bondMint: market.mint.address,
        });
        instruction!.data.writeBigUInt64LE(0n, 12);
        await expectRefusal(send(market, [instruction!], [home.owner, key('a')]), 'registry', 'BeaconRateZero');
    });

    it('moves the last BEACON to the place that becomes free', async () => {
        for (const name of ['a', 'b', 'c']) await register(name);
        const { events } = await exit('a', 'c');
        expect(await listed()).toEqual([key('c').publicKey, key('b').publicKey]);
        expect((await readBeacon('c')).index).toBe(0);
        expect(await count()).toBe(2);
        expect(events).toEqual([
            {
                program: 'registry',
                name: 'BeaconExited',
                data: {
                    beacon: address('a'),
                    index: 0,
                    movedKey: key('c').publicKey,
                    movedIndexBefore: 2,
                    bondReadyAt: nowSecs(market) + 600n,
                    countAfter: 2,
                },
            },
        ]);
    });

    it('gives up its last place without moving anything', async () => {
        for (const name of ['a', 'b']) await register(name);
        await exit('b');
        expect(await listed()).toEqual([key('a').publicKey]);
        await exit('a');
        expect([await listed(), await count()]).toEqual([[], 0]);
    });

    it('goes on to the next page at 256 and comes back from it', async () => {
        await register('a');
        const set = { program: 'registry', account: 'BeaconRegistry', address: findBeaconRegistryAddress() } as const;
        await corruptField(market, { ...set, field: 'count', bytes: u32Bytes(255) });
        await register('b');
        expect((await readBeacon('b')).index).toBe(255);
        await expect(register('c')).rejects.toThrow();
        expect(await count()).toBe(256);
        const payer = market.deployer.publicKey;
        await send(market, await getCreateBeaconPageInstructions({ payer, page: 1 }), [market.deployer]);
        await register('c');
        expect((await readBeacon('c')).index).toBe(256);
        expect(await listed(1)).toEqual([key('c').publicKey]);
        await exit('a', 'c');
        expect([await listed(1), await count()]).toEqual([[], 256]);
        expect(await listed()).toEqual([key('c').publicKey, key('b').publicKey]);
    });

    it('has no page beyond 65 536', async () => {
        const payer = market.deployer.publicKey;
        const page = 65_536;
        const accounts = {
            payer,
            beaconPage: PublicKey.findProgramAddressSync(
                [Buffer.from('bpage'), u32Bytes(page)],
                (await getCreateBeaconRegistryInstructions({ payer }))[0]!.programId,
            )[0],
        };
        const sending = send(
            market,
            [buildInstruction('registry', 'createBeaconPage', accounts, { page })],
            [market.deployer],
        );
        await expectRefusal(sending, 'registry', 'CounterOutOfRange');
    });

    it.each([
        ['no last BEACON', undefined],
        ['another BEACON', 'b'],
    ])('refuses an exit with %s at the last place', async (_name, lastKey) => {
        for (const name of ['a', 'b', 'c']) await register(name);
        const [instruction] = await getExitBeaconInstructions({
            owner: home.owner.publicKey,
            beacon: await readBeacon('a'),
            count: 3,
            lastKey: key('b').publicKey,
        });
        const place = instruction!.keys.findIndex(({ pubkey }) => pubkey.equals(address('b')));
        if (lastKey === undefined) {
            instruction!.keys[place] = { pubkey: instruction!.programId, isSigner: false, isWritable: false };
        }
        await expectRefusal(send(market, [instruction!], [home.owner]), 'registry', 'MovedBeaconWrong');
    });

    it('refuses an exit by somebody else and a second exit', async () => {
        await register('a');
        await register('b');
        await expectRefusal(exit('a', 'b', market.deployer), 'registry', 'NotBeaconOwner');
        await exit('a', 'b');
        await expectRefusal(exit('a', 'b'), 'registry', 'BeaconNotActive');
    });

    it('pays the bond back once, after the unbonding period', async () => {
        const before = await ownerBalance(market, market.mint, home.owner.publicKey);
        await register('a');
        await expectRefusal(withdraw('a'), 'registry', 'BeaconNotExiting');
        await exit('a');
        travel(market, 599n);
        await expectRefusal(withdraw('a'), 'registry', 'BondNotReady');
        travel(market, 1n);
        await expectRefusal(withdraw('a', market.deployer), 'registry', 'NotBeaconOwner');
        const { events } = await withdraw('a');
        expect(events[0]).toMatchObject({ name: 'BeaconBondWithdrawn', data: { amount: BOND } });
        expect(await ownerBalance(market, market.mint, home.owner.publicKey)).toBe(before);
        expect(await fetchBeacon(market.connection, address('a'))).toBeNull();
        await register('a');
    });

    it('refuses the mint of another bond', async () => {
        await register('a');
        await exit('a');
        travel(market, 600n);
        await corruptBeacon('a', 'bondMint', testKeypair('other mint').publicKey.toBytes());
        await expectRefusal(withdraw('a'), 'registry', 'WrongBondMint');
    });

    describe('tags of auditors', () => {
        let auditor: TestParticipant;
        const tag = async (by: Keypair = auditor.hot, auditorAddress = auditor.address) => {
            const input = { authority: by.publicKey, auditor: auditorAddress, beacon: address('a'), prefixTag: 7 };
            return send(market, await getTagPrefixInstructions(input), [by]);
        };
        const admit = async () => {
            const input = { board: market.board.publicKey, participant: auditor.address };
            return send(market, await getAdmitAuditorInstructions(input), [market.deployer, market.board]);
        };
        const corruptAuditor = (field: string, bytes: Uint8Array) =>
            corruptField(market, {
                program: 'registry',
                account: 'Participant',
                address: auditor.address,
                field,
                bytes,
            });

        beforeEach(async () => {
            auditor = await registerParticipant(market, { name: 'auditor', kind: 'auditor', stake: 1_000_000_000n });
            await register('a');
        });

        it('last 30 days and say who gave them', async () => {
            await admit();
            const { events } = await tag();
            const tagExpiresAt = nowSecs(market) + 30n * 86_400n;
            expect(await readBeacon('a')).toMatchObject({ prefixTag: 7, tagExpiresAt, taggedBy: auditor.address });
            expect(events[0]).toEqual({
                program: 'registry',
                name: 'BeaconTagged',
                data: {
                    beacon: address('a'),
                    auditor: auditor.address,
                    prefixTagBefore: 0,
                    prefixTagAfter: 7,
                    expiresAt: tagExpiresAt,
                },
            });
        });

        it('need an admitted auditor', () => expectRefusal(tag(), 'registry', 'AuditorNotAdmitted'));
        it('need an auditor', () => expectRefusal(tag(home.owner, home.address), 'registry', 'NotAuditor'));
        it('need a key of the auditor', async () => {
            await admit();
            await expectRefusal(tag(market.deployer), 'registry', 'NotAuthorized');
        });
        it('need the whole stake of an auditor', async () => {
            await admit();
            await corruptAuditor('stakeFree', new Uint8Array(8).fill(1, 0, 2));
            await expectRefusal(tag(), 'registry', 'AuditorStakeTooSmall');
        });
        it('are not for an auditor to give itself', async () => {
            await admit();
            await corruptBeacon('a', 'owner', auditor.owner.publicKey.toBytes());
            await expectRefusal(tag(), 'registry', 'OwnBeacon');
        });
    });
});
