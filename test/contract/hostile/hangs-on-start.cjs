// Never listens, and does not end.
setInterval(() => {}, 1000);
