import { getCommitDeliveryInstructions } from '@ocm/sdk';
import { it } from 'vitest';
import {
    commitDelivery,
    commitInput,
    cosignDelivery,
    createActiveContract,
    send,
    settleDelivery,
    travelToCommit,
} from '../../support/index.js';

it('profile', async () => {
    const trade = await createActiveContract();
    travelToCommit(trade);
    const a = await send(trade.market, await getCommitDeliveryInstructions(commitInput(trade)), [trade.seller.hot]);
    const t = await trade.market.connection.getTransaction(a.signature, { maxSupportedTransactionVersion: 0 });
    console.log(t?.meta?.logMessages?.map((l) => l.slice(0, 120)).join('\n'));
    const c = await commitDelivery(trade, { epoch: 1 });
    await cosignDelivery(trade, c);
    const s = await settleDelivery(trade, c);
    const u = await trade.market.connection.getTransaction(s.signature, { maxSupportedTransactionVersion: 0 });
    console.log(u?.meta?.logMessages?.map((l) => l.slice(0, 120)).join('\n'));
});
