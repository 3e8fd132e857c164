import { expect, it } from 'vitest';
import {
    challengeLeaf,
    commitSessions,
    corruptField,
    createActiveContract,
    failCommitment,
    readParticipant,
    travel,
    u64Bytes,
} from '../../support/index.js';

/** What an unanswered challenge takes: twice the 500 that the commitment is worth. */
const LOCK = 1_000n;

it.each([
    [2n * LOCK, 'active'],
    [2n * LOCK - 1n, 'jailed'],
] as const)('a seller that loses 1,000 of %i is %s afterwards: more than half jails', async (stake, status) => {
    const trade = await createActiveContract();
    const { market, seller, contentProvider } = trade;
    const provable = await commitSessions(trade);
    const account = { program: 'registry', account: 'Participant', address: seller.address } as const;
    await corruptField(market, { ...account, field: 'stakeFree', bytes: u64Bytes(0n) });
    await corruptField(market, { ...account, field: 'stakeLocked', bytes: u64Bytes(stake) });
    const challenge = await challengeLeaf(provable, contentProvider.hot, 5n, true);
    travel(market, 31);
    await failCommitment(provable, challenge);
    expect(await readParticipant(market, seller)).toMatchObject({ status, slashedTotal: LOCK });
});
