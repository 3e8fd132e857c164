import { geoNaturalEarth1 } from 'd3-geo';

export const MAP_WIDTH = 960;
export const MAP_HEIGHT = 480;
/** Natural Earth: legible at world scale, no pretence of exact areas. */
export function createProjection() {
    return geoNaturalEarth1().fitExtent(
        [
            [4, 4],
            [MAP_WIDTH - 4, MAP_HEIGHT - 4],
        ],
        { type: 'Sphere' },
    );
}
