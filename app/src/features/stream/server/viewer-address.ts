/** IPv4 or IPv6 text of plausible length. */
const ADDRESS = /^[0-9a-fA-F.:]{2,45}$/;

/**
 * The address from which a request came, as this server or the proxy before it saw it. It goes back to the one who asked and
 * decides nothing, so that a forged header deceives only its sender.
 */
export function readViewerAddress(headers: Headers): string | null {
    const first = headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? '';
    const plain = first.replace(/^::ffff:(?=\d+\.)/i, '');
    return ADDRESS.test(plain) ? plain : null;
}
