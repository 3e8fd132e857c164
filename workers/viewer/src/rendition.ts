import type { RenditionChoice } from './config.js';
import type { Variant } from './playlist.js';

/** Share of the measured throughput that a rendition may need: the rest absorbs its variation. */
const SAFE_SHARE = 0.8;
/** Weight of the newest segment in the moving average. */
const NEWEST_WEIGHT = 0.4;

/** Moving average of what segments arrived at. */
export class ThroughputEstimate {
    #bitsPerSecond: number | undefined;

    get bitsPerSecond(): number | undefined {
        return this.#bitsPerSecond;
    }

    add(bytes: number, durationMs: number): void {
        const sample = (bytes * 8 * 1000) / Math.max(1, durationMs);
        this.#bitsPerSecond =
            this.#bitsPerSecond === undefined
                ? sample
                : NEWEST_WEIGHT * sample + (1 - NEWEST_WEIGHT) * this.#bitsPerSecond;
    }
}

/** Index of the variant to fetch next; `variants` by rising bandwidth. `auto` starts low and takes what fits. */
export function chooseVariant(
    variants: readonly Variant[],
    choice: RenditionChoice,
    bitsPerSecond: number | undefined,
): number {
    if (choice === 'highest') return variants.length - 1;
    if (choice === 'lowest' || bitsPerSecond === undefined) return 0;
    const fitting = variants.findLastIndex(({ bandwidth }) => bandwidth <= bitsPerSecond * SAFE_SHARE);
    return Math.max(0, fitting);
}
