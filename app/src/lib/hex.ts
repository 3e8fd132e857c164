export function hexOf(bytes: ArrayLike<number>): string {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
