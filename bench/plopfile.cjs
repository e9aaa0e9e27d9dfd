/** The same service through plop's own action: BENCH_TEMPLATES is a folder of Handlebars files. */
module.exports = (plop) => {
  plop.setGenerator('service', {
    description: 'every file of a service',
    prompts: [],
    actions: [
      {
        type: 'addMany',
        base: process.env.BENCH_TEMPLATES,
        templateFiles: `${process.env.BENCH_TEMPLATES}/**`,
        destination: process.env.BENCH_TARGET,
        globOptions: { dot: true },
      },
    ],
  });
};
