start();
listen();
log();
stop();
