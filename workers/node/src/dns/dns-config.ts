import { z } from 'zod';

/** Letters, digits, hyphens and underscores in labels of up to 63 octets (RFC 1035 2.3.1), without the final dot. */
const DOMAIN = /^(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(\.(?!-)[a-z0-9_-]{1,63})+$/;
const domain = z.string().toLowerCase().regex(DOMAIN, 'must be a domain name without the final dot');

export const dnsConfig = z
    .object({
        listen: z.object({ host: z.string().min(1).default('127.0.0.1'), port: z.number().int().min(0).max(65_535) }),
        /** The zone that is delegated to this router. */
        zone: domain,
        /** Names in the zone that viewers ask for; each is answered with the addresses of their node. */
        names: z.array(domain).min(1).max(10_000),
        nameServers: z.array(domain).min(1).max(13),
        /** Mail address as a domain name (RFC 1035 3.3.13). */
        hostmaster: domain,
        /** How long a resolver may keep an answer: a node that falls keeps viewers for that long. */
        ttlSecs: z.number().int().min(0).max(3_600).default(20),
        /** Answers per second to one /24 or /56, before they are cut short and dropped. */
        answersPerSecond: z.number().int().min(1).max(1_000_000).default(50),
    })
    .superRefine(({ zone, names }, context) => {
        for (const [index, name] of names.entries()) {
            if (name === zone || name.endsWith(`.${zone}`)) continue;
            context.addIssue({ code: 'custom', path: ['names', index], message: `does not lie in the zone ${zone}` });
        }
    });
export type DnsConfig = z.infer<typeof dnsConfig>;
