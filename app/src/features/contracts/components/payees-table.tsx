'use client';

import { formatBasisPoints } from '../../../lib/format';
import { Card } from '../../../ui/card';
import { Copyable } from '../../../ui/copyable';
import { ExportButtons } from '../../../ui/export-buttons';
import { type Column, Table } from '../../../ui/table';
import type { ContractView, PayeeView } from '../../live/snapshot';
import { Money, unitOf } from './money';

function columnsFor(contract: ContractView): Column<PayeeView>[] {
    const { mint } = contract;
    const note = unitOf(mint);
    const money = (amount: string | null) => <Money amount={amount} mint={mint} unit={false} />;
    return [
        {
            key: 'payee',
            header: 'Payee',
            cell: (payee) => (
                <>
                    <span className="block font-medium">
                        {payee.label ?? (payee.slot === 8 ? 'Treasury' : `Split ${payee.slot + 1}`)}
                    </span>
                    <Copyable value={payee.address} what="payee address" />
                </>
            ),
        },
        {
            key: 'share',
            header: 'Share',
            note: 'after the fee',
            numeric: true,
            cell: (payee) =>
                payee.basisPoints === null
                    ? `${formatBasisPoints(contract.feeBasisPoints)} fee`
                    : formatBasisPoints(payee.basisPoints),
        },
        { key: 'owed', header: 'Owed', note, numeric: true, cell: (payee) => money(payee.owed) },
        { key: 'paid', header: 'Paid', note, numeric: true, cell: (payee) => money(payee.paid) },
        {
            key: 'balance',
            header: 'Balance',
            note: 'token account',
            numeric: true,
            cell: (payee) => money(payee.balance),
        },
    ];
}

export function PayeesTable({ contract }: { contract: ContractView }) {
    return (
        <Card
            id="payees"
            title="Revenue split"
            lead="Settlement credits what is owed; a withdrawal pays it to the payee's own token account."
            flush
            actions={<ExportButtons name="payees" rows={() => contract.payees.map((payee) => ({ ...payee }))} />}
        >
            <Table
                caption="Payees of the contract"
                columns={columnsFor(contract)}
                rows={contract.payees}
                keyOf={(payee) => String(payee.slot)}
            />
        </Card>
    );
}
