import { LOG_FEED_NAMESPACE, LOG_FEEDS_PATH, LOG_FILE_TYPE, LOGS_PATH } from '@ocm/sdk/http';
import { XMLBuilder } from 'fast-xml-parser';
import { deriveUuid } from './log-file.js';
import type { EpochSummary } from './summary.js';

/** Entries of one page: some 25 kB. */
const PAGE_ENTRIES = 50;

export interface FeedInput {
    /** Base58 address of this node. */
    node: string;
    contract: string;
    /** Sealed epochs of the contract that have their files, oldest first. */
    epochs: readonly EpochSummary[];
    /** From one. */
    page: number;
}

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true, format: true });

/**
 * Atom feed (RFC 4287) of the log files of a contract at this node, newest first, paged (RFC 5005 3): what RFC 7937 4.1
 * discovers files with. References are relative to the feed, because no name of this node is certain here. Null for a page
 * that there is not.
 */
export function formatFeed({ node, contract, epochs, page }: FeedInput): string | null {
    const entries = epochs
        .flatMap(({ epoch, sealedAtMs, logFiles }) => logFiles.map((file) => ({ ...file, epoch, sealedAtMs })))
        .reverse();
    const pages = Math.max(1, Math.ceil(entries.length / PAGE_ENTRIES));
    if (page < 1 || page > pages) return null;
    const updatedAtMs = Math.max(0, ...entries.map(({ sealedAtMs }) => sealedAtMs));
    const pageLink = (rel: string, number: number) => ({
        '@_rel': rel,
        '@_type': 'application/atom+xml',
        '@_href': `${LOG_FEEDS_PATH}/${contract}?page=${number}`,
    });
    const feed = {
        '@_xmlns': 'http://www.w3.org/2005/Atom',
        '@_xmlns:ocm': LOG_FEED_NAMESPACE,
        id: `urn:uuid:${deriveUuid(`${node}/${contract}/feed`)}`,
        title: `CDNI logging files of contract ${contract}`,
        updated: timeOf(updatedAtMs),
        author: { name: `${node.toLowerCase()}.ocm.invalid` },
        link: [
            pageLink('self', page),
            pageLink('first', 1),
            ...(page > 1 ? [pageLink('previous', page - 1)] : []),
            ...(page < pages ? [pageLink('next', page + 1)] : []),
            pageLink('last', pages),
        ],
        entry: entries.slice((page - 1) * PAGE_ENTRIES, page * PAGE_ENTRIES).map((file) => ({
            id: `urn:uuid:${file.uuid}`,
            title: file.name,
            updated: timeOf(file.sealedAtMs),
            content: { '@_type': LOG_FILE_TYPE, '@_src': `${LOGS_PATH}/${file.name}` },
            'ocm:epoch': file.epoch,
            'ocm:records': file.records,
            'ocm:bytes': file.bytes,
            'ocm:sha256': file.sha256,
        })),
    };
    return `<?xml version="1.0" encoding="utf-8"?>\n${builder.build({ feed })}`;
}

const timeOf = (unixMs: number): string => new Date(unixMs).toISOString();
