// Takes connections and says nothing.
require('node:net')
  .createServer(() => {})
  .listen(Number(process.env.PORT), '127.0.0.1');
