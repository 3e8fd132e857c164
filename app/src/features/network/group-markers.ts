import type { NodeView } from '../live/snapshot';
import { createProjection, MAP_HEIGHT, MAP_WIDTH } from './projection';

export interface Marker {
    readonly x: number;
    readonly y: number;
    readonly nodes: readonly NodeView[];
}

export interface ViewBox {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
}

/** Nodes nearer to each other than this on the world map share one marker. */
const SAME_PLACE = 4;
/** Narrower than this, 1:110m outlines stop looking like places. */
const MIN_VIEW_WIDTH = 200;
const PADDING = 40;

const round = (value: number) => Math.round(value * 10) / 10;

/** Places of nodes in map units; nodes that declare no place are left out. */
export function groupMarkers(nodes: readonly NodeView[]): Marker[] {
    const project = createProjection();
    const markers: { x: number; y: number; nodes: NodeView[] }[] = [];
    for (const node of nodes) {
        const place = node.status?.location;
        const point = place ? project([place.longitude, place.latitude]) : null;
        if (!point) continue;
        const [x, y] = [round(point[0]), round(point[1])];
        const near = markers.find((marker) => Math.hypot(marker.x - x, marker.y - y) < SAME_PLACE);
        if (near) near.nodes.push(node);
        else markers.push({ x, y, nodes: [node] });
    }
    return markers;
}

export const WORLD: ViewBox = { x: 0, y: 0, width: MAP_WIDTH, height: MAP_HEIGHT };

/** The smallest view of the map's proportions that shows all markers with room for their labels. */
export function fitView(markers: readonly Marker[]): ViewBox {
    if (markers.length === 0) return WORLD;
    const xs = markers.map((marker) => marker.x);
    const ys = markers.map((marker) => marker.y);
    const wanted = Math.max(
        MIN_VIEW_WIDTH,
        Math.max(...xs) - Math.min(...xs) + 2 * PADDING,
        ((Math.max(...ys) - Math.min(...ys) + 2 * PADDING) * MAP_WIDTH) / MAP_HEIGHT,
    );
    const width = Math.min(MAP_WIDTH, wanted);
    const height = (width * MAP_HEIGHT) / MAP_WIDTH;
    const centre = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
    const clamp = (value: number, max: number) => Math.min(Math.max(0, value), max);
    return {
        x: round(clamp(centre(xs) - width / 2, MAP_WIDTH - width)),
        y: round(clamp(centre(ys) - height / 2, MAP_HEIGHT - height)),
        width: round(width),
        height: round(height),
    };
}
