start();
listen();
log();
