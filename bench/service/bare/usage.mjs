// Loaded into each server that is measured: tells the processor time of its process when it is asked.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send({ seconds: (user + system) / 1e6 });
});
process.channel?.unref();
