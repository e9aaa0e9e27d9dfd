import Fastify from 'fastify';

const app = Fastify({ logger: true });
const notes = [];

app.get('/', async () => ({ hello: 'world' }));
app.get('/notes', async () => notes);
app.post('/notes', async (request, reply) => {
  const note = { id: notes.length + 1, text: request.body?.text };
  notes.push(note);
  return reply.code(201).send(note);
});

await app.listen({ port: Number(process.env.PORT || 3000), host: '0.0.0.0' });
