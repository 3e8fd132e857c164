import {
    buildInstruction,
    computePoolSplits,
    fetchPool,
    findPoolAddress,
    getAcceptPoolSharesInstructions,
    getClosePoolInstructions,
    getCreatePoolInstructions,
    getLeavePoolInstructions,
    getProposePoolSharesInstructions,
    type Pool,
    type WithAddress,
} from '@ocm/sdk';
import { PublicKey } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createTestMarket,
    expectRefusal,
    readParticipant,
    registerContentProvider,
    registerSeller,
    send,
    type TestMarket,
    type TestParticipant,
} from '../../support/index.js';

describe('a pool of operators', () => {
    let market: TestMarket;
    let creator: TestParticipant;
    let member: TestParticipant;
    let pool: PublicKey;

    beforeEach(async () => {
        market = await createTestMarket();
        creator = await registerSeller(market, { stake: 0n });
        member = await registerSeller(market, { name: 'member', stake: 0n });
        pool = findPoolAddress({ creator: creator.address, index: 3 });
    });

    const share = ({ address }: { address: PublicKey }, basisPoints: number) => ({ participant: address, basisPoints });
    const read = async () => (await fetchPool(market.connection, pool)) as WithAddress<Pool>;
    const create = async () => {
        const shares = [share(creator, 6_000), share(member, 4_000)];
        const input = { owner: creator.owner.publicKey, index: 3, shares };
        return send(market, await getCreatePoolInstructions(input), [creator.owner]);
    };
    /** Past the SDK's own checks. */
    const createRaw = (shares: ReturnType<typeof share>[], by = creator) => {
        const address = findPoolAddress({ creator: by.address, index: 3 });
        const accounts = { owner: by.owner.publicKey, participant: by.address, pool: address };
        return send(market, [buildInstruction('registry', 'createPool', accounts, { index: 3, shares })], [by.owner]);
    };
    const propose = async (shares: ReturnType<typeof share>[], by = creator) =>
        send(market, await getProposePoolSharesInstructions({ owner: by.owner.publicKey, pool, shares }), [by.owner]);
    const accept = async (revision = 1, by = member) =>
        send(market, await getAcceptPoolSharesInstructions({ owner: by.owner.publicKey, pool, revision }), [by.owner]);
    const leave = async (by = member) =>
        send(market, await getLeavePoolInstructions({ owner: by.owner.publicKey, pool }), [by.owner]);
    const close = async (by = creator) =>
        send(market, await getClosePoolInstructions({ owner: by.owner.publicKey, pool }), [by.owner]);
    const splits = async () =>
        computePoolSplits(await read(), [
            await readParticipant(market, creator),
            await readParticipant(market, member),
        ]);

    it('makes splits once every member has agreed', async () => {
        await create();
        expect(await read()).toEqual({
            address: pool,
            creator: creator.address,
            index: 3,
            revision: 1,
            members: [
                { participant: creator.address, basisPoints: 6_000, status: 'accepted' },
                { participant: member.address, basisPoints: 4_000, status: 'invited' },
            ],
        });
        await expect(splits()).rejects.toThrow('every member agrees');
        expect((await accept()).events).toEqual([
            {
                program: 'registry',
                name: 'PoolSharesAccepted',
                data: { pool, participant: member.address, revision: 1, complete: true },
            },
        ]);
        expect(await splits()).toEqual([
            { payee: creator.owner.publicKey, basisPoints: 6_000 },
            { payee: member.owner.publicKey, basisPoints: 4_000 },
        ]);
    });

    it('is complete with the last consent, not before', async () => {
        const third = await registerSeller(market, { name: 'third', stake: 0n });
        await createRaw([share(creator, 5_000), share(member, 4_000), share(third, 1_000)]);
        expect((await accept()).events[0]).toMatchObject({ data: { complete: false } });
        expect((await accept(1, third)).events[0]).toMatchObject({ data: { complete: true } });
    });

    it('makes none after a member has left, until shares are agreed on anew', async () => {
        await create();
        await accept();
        expect((await leave()).events[0]).toMatchObject({ name: 'PoolMemberLeft', data: { revision: 1 } });
        await expect(splits()).rejects.toThrow('every member agrees');
        await expectRefusal(leave(), 'registry', 'NotPoolMember');
        const { events } = await propose([share(creator, 9_000), share(member, 1_000)]);
        expect(events[0]).toMatchObject({ name: 'PoolSharesProposed', data: { revision: 2 } });
        for (const revision of [1, 3]) await expectRefusal(accept(revision), 'registry', 'PoolRevisionWrong');
        await accept(2);
        await expectRefusal(accept(2), 'registry', 'PoolConsentGiven');
        expect((await splits()).map(({ basisPoints }) => basisPoints)).toEqual([9_000, 1_000]);
    });

    it('makes none for a member that is not active', async () => {
        await create();
        await accept();
        const jailed = { field: 'status', bytes: Uint8Array.of(1), address: member.address };
        await corruptField(market, { program: 'registry', account: 'Participant', ...jailed });
        await expect(splits()).rejects.toThrow('the active account of the member');
    });

    it('closes at any time and returns its rent', async () => {
        await create();
        await expectRefusal(close(member), 'registry', 'NotPoolCreator');
        expect((await close()).events).toEqual([
            { program: 'registry', name: 'PoolClosed', data: { pool, creator: creator.address } },
        ]);
        expect(await fetchPool(market.connection, pool)).toBeNull();
    });

    it.each([9_999, 10_001])('refuses shares of %i basis points in all', (sum) =>
        expectRefusal(createRaw([share(creator, 5_000), share(member, sum - 5_000)]), 'registry', 'PoolSharesSumWrong'),
    );

    it('refuses one member, nine, the same one twice, nobody and an empty share', async () => {
        const nine = Array.from({ length: 9 }, (_, n) => share({ address: new PublicKey(n + 1) }, 1));
        const twice = [share(member, 5_000), share(member, 5_000)];
        const nobody = [share(creator, 5_000), share({ address: PublicKey.default }, 5_000)];
        const empty = [share(creator, 10_000), share(member, 0)];
        for (const shares of [[share(creator, 10_000)], nine, twice, nobody, empty]) {
            await expectRefusal(createRaw(shares), 'registry', 'PoolMemberInvalid');
        }
    });

    it('takes eight members', async () => {
        await createRaw(Array.from({ length: 8 }, (_, n) => share({ address: new PublicKey(n + 1) }, 1_250)));
        expect((await read()).members.length).toBe(8);
    });

    it('is proposed by its creator and agreed to by its members', async () => {
        await create();
        await expectRefusal(propose([share(creator, 1), share(member, 9_999)], member), 'registry', 'NotPoolCreator');
        const stranger = await registerSeller(market, { name: 'stranger', stake: 0n });
        await expectRefusal(accept(1, stranger), 'registry', 'NotPoolMember');
        await expectRefusal(leave(stranger), 'registry', 'NotPoolMember');
    });

    it('is of sellers', async () => {
        const buyer = await registerContentProvider(market);
        await expectRefusal(createRaw([share(buyer, 5_000), share(member, 5_000)], buyer), 'registry', 'NotSeller');
    });
});
