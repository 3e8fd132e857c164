import { type PublicConfig, readRuntimeConfig, toPublicConfig } from '../../../lib/config';
import type { Snapshot } from '../snapshot';
import { getHub } from './get-hub';

export interface PageData {
    readonly snapshot: Snapshot;
    readonly config: PublicConfig;
}

/** What every page starts from; live events go on from there. */
export async function loadPage(): Promise<PageData> {
    return { snapshot: await getHub().current(), config: toPublicConfig(readRuntimeConfig(process.env)) };
}
