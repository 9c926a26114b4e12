/** Loaded into Wrangler's process before Wrangler: when the launcher ends in any way, the Worker ends too, instead of holding its port. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
