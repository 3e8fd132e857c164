/** Runs once when the server starts; what needs Node is kept out of the edge bundle that is made of this file too. */
export async function register(): Promise<void> {
    if (process.env.NEXT_RUNTIME === 'nodejs') {
        const { prepareServer } = await import('./features/live/server/prepare-server');
        await prepareServer();
    }
}
