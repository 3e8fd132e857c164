import type { NodeConfig } from '../config.js';
import { readTls } from '../http/tls.js';
import { readEncryptionKeys } from '../log/encryption-keys.js';
import { redactConfig } from './effective-config.js';

/** The config as it would be used, as JSON without secrets. @throws if a file that it names cannot be used */
export async function checkConfig(config: NodeConfig): Promise<string> {
    const { tls, log } = config;
    await Promise.all((tls?.certificates ?? []).map((files) => readTls(files, 'tls.certificates')));
    if (log.listen !== undefined) await readTls(log.listen, 'log.listen');
    await readEncryptionKeys(log.encryptionKeys);
    return JSON.stringify(redactConfig(config), null, 4);
}
