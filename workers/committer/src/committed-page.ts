import { decodeLeaf, encodeRecord, fromBase64, fromHex, logFieldId, verifyRange } from '@ocm/sdk/core';
import type { RecordPage } from '@ocm/sdk/http';
import { logRootWrong } from './check-evidence.js';
import type { RecordsRequest } from './ports.js';

/** That a node answered with the records that were asked for, and that `leaf` commits to them. @throws MKT_COMMITTER__LOG_ROOT_WRONG */
export function assertCommitted(page: RecordPage, request: RecordsRequest, leaf: string): void {
    const { records, recordCount, from, next } = page;
    const to = from + records.length;
    const isAnswer =
        page.node === request.node &&
        page.contract === request.contract &&
        page.epoch === request.epoch &&
        page.session === request.session &&
        page.leaf === leaf &&
        from === request.from &&
        records.length <= request.limit &&
        (records.length > 0 || recordCount === 0) &&
        next === (to < recordCount ? to : null);
    if (!isAnswer || !isProved(page)) throw logRootWrong(request.session);
}

function isProved({ leaf, recordCount, from, records, path }: RecordPage): boolean {
    try {
        return verifyRange({
            root: decodeLeaf(fromBase64(leaf)).logRoot,
            from,
            size: recordCount,
            entries: records.map(({ fields }) =>
                encodeRecord(
                    fields.map(({ name, value, salt }) => ({ salt: fromHex(salt), fieldId: logFieldId(name), value })),
                ),
            ),
            path: path.map(fromHex),
        });
    } catch {
        // A field that no registry has, or text that is too long, is no committed record.
        return false;
    }
}
