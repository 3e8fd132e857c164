import { drawLand } from '../../features/network/server/draw-land';

/** Drawn once at build; the page refers to it with `<use>`, so that 50 kB of outline are cached and take the theme's colours. */
export const dynamic = 'force-static';

export function GET(): Response {
    return new Response(drawLand(), {
        headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' },
    });
}
