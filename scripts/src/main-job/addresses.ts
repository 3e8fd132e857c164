import { createServer } from 'node:net';

/**
 * Where the run's viewers sit. Loopback is a whole /8 on Linux, which lets one machine hold viewers of three networks;
 * elsewhere only 127.0.0.1 exists and the run has one viewer.
 */
export const COVERED_BY_CIDR = { cidr: '127.0.0.0/16', viewer: '127.0.0.1' };
export const COVERED_BY_ASN = { asn: 64_496, prefixes: ['127.1.0.0/16'], viewer: '127.1.0.10' };
export const NOT_COVERED = { viewer: '127.2.0.10' };

/** Whether this machine lets a socket bind to `address`. */
export async function canBind(address: string): Promise<boolean> {
    const server = createServer();
    return new Promise((resolve) => {
        server.once('error', () => resolve(false));
        server.listen(0, address, () => server.close(() => resolve(true)));
    });
}
