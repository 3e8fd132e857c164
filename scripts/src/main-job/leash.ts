// Preloaded into programs that are not ours: their supervisor's IPC channel closes however it dies, and nobody else
// would stop them then.
process.on('disconnect', () => process.exit(0));
