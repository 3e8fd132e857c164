/** When an object of the disk tier was stored. */
export interface CachePolicy {
    toObject(): { v: 1; t: number };
}
export const restorePolicy = (stored: { v: 1; t: number }): CachePolicy => ({ toObject: () => stored });
