import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
const notes = [];

app.get('/', (context) => context.json({ hello: 'world' }));
app.get('/notes', (context) => context.json(notes));
app.post('/notes', async (context) => {
  const { text } = await context.req.json();
  const note = { id: notes.length + 1, text };
  notes.push(note);
  return context.json(note, 201);
});

serve({ fetch: app.fetch, port: Number(process.env.PORT || 3000) }, ({ port }) => console.log(`listening on ${port}`));
