import type { NodeStatus } from '@ocm/sdk/http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeView } from '../../test-support/views';
import { formatFootprint, formatFootprintText } from './footprint';
import { fitView, groupMarkers, WORLD } from './group-markers';
import { placeLabels } from './place-labels';
import { drawLand } from './server/draw-land';
import { addStatus } from './server/node-status';

function at(label: string, latitude: number, longitude: number) {
    const { status } = nodeView();
    return nodeView({ address: label, status: status && { ...status, location: { label, latitude, longitude } } });
}

describe('the map', () => {
    it('draws land and borders without a network', () => {
        const svg = drawLand();
        expect(svg).toMatch(/<path id="land" d="M[^"]{10000,}"/);
        expect(svg).toMatch(/<path id="borders" d="M[^"]{10000,}"/);
    });

    it('shares one mark among nodes of one place and leaves out nodes without one', () => {
        const markers = groupMarkers([
            at('a', 50.11, 8.68),
            at('b', 50.12, 8.69),
            at('c', -33.87, 151.2),
            nodeView({ status: null }),
        ]);
        expect(markers.map(({ nodes }) => nodes.length)).toEqual([2, 1]);
    });

    it('keeps every mark in view, and the view on the world', () => {
        const place = fc.tuple(
            fc.double({ min: -80, max: 80, noNaN: true }),
            fc.double({ min: -179, max: 179, noNaN: true }),
        );
        fc.assert(
            fc.property(fc.array(place, { minLength: 1, maxLength: 6 }), (places) => {
                const markers = groupMarkers(places.map(([lat, lon], index) => at(String(index), lat, lon)));
                const view = fitView(markers);
                const inWorld = view.x >= 0 && view.y >= 0 && view.x + view.width <= WORLD.width + 0.2;
                return (
                    inWorld &&
                    markers.every(({ x, y }) => x >= view.x && x <= view.x + view.width + 0.2 && y >= view.y - 0.2)
                );
            }),
        );
    });

    it('shows the world when no node has a place', () => {
        expect(fitView([])).toEqual(WORLD);
    });

    it('places labels of near marks apart from each other', () => {
        const requests = [0, 8, 16].map((offset) => ({ x: 480 + offset, y: 240 + offset, width: 80, height: 24 }));
        const places = placeLabels(requests, WORLD, 10);
        const boxes = places.map(({ x, y }) => ({ left: x, right: x + 80, top: y - 12, bottom: y + 12 }));
        for (const [index, a] of boxes.entries())
            for (const b of boxes.slice(index + 1))
                expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false);
    });
});

describe('the status of a node', () => {
    const answer: NodeStatus = {
        node: nodeView().address,
        role: 'relay',
        startedAtMs: 1,
        requests: 10,
        servedBytes: '1000',
        receiptedBytes: '900',
        cache: { hits: 8, misses: 2, collapsed: 0, objects: 2, bytes: 500 },
        parentFetches: 2,
        openSessions: 1,
    };

    it('adds what the node says of itself', async () => {
        const node = await addStatus(nodeView({ status: null }), true, async () => answer);
        expect(node.health).toBe('up');
        expect(node.status?.servedBytes).toBe('1000');
        expect(node.status?.location).toBeNull();
    });

    it('believes no other node that answers at its endpoint', async () => {
        const other = { ...answer, node: 'So11111111111111111111111111111111111111112' };
        const node = await addStatus(nodeView({ status: null }), true, async () => other);
        expect(node.health).toBe('down');
        expect(node.status).toBeNull();
    });

    it('says why a node is down instead of failing', async () => {
        const node = await addStatus(nodeView({ status: null }), true, async () => {
            throw new Error('http://127.0.0.1:1 did not answer.');
        });
        expect(node).toMatchObject({ health: 'down', healthReason: 'http://127.0.0.1:1 did not answer.' });
    });

    it('asks no private address on behalf of a public chain', async () => {
        let asked = false;
        const node = await addStatus(nodeView({ endpoint: '169.254.169.254:80' }), false, async () => {
            asked = true;
            return answer;
        });
        expect(asked).toBe(false);
        expect(node.health).toBe('unknown');
    });
});

describe('formatFootprint', () => {
    it('writes footprints as people do', () => {
        expect(formatFootprint({ kind: 'ipv4cidr', value: '203.0.113.0/24' })).toBe('203.0.113.0/24');
        expect(formatFootprint({ kind: 'asn', value: 'as64496' })).toBe('AS64496');
        expect(formatFootprint({ kind: 'asn', value: '64496' })).toBe('AS64496');
    });

    it('reads the router’s notation and leaves what it does not know', () => {
        expect(formatFootprintText('ipv4cidr:127.0.0.0/16')).toBe('127.0.0.0/16');
        expect(formatFootprintText('ipv6cidr:2001:db8::/32')).toBe('2001:db8::/32');
        expect(formatFootprintText('asn:as64496')).toBe('AS64496');
        expect(formatFootprintText('something else')).toBe('something else');
    });
});
